"""Every page that people can come to, from the sign-up to the deletion: for everybody, on a phone and in the dark too."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.core.mail import EmailMessage
from django.test.signals import template_rendered
from django.urls import get_resolver

from tests.browser.conftest import Visit
from tests.browser.walk import Walk, pages
from tests.browser.ways import account, applications, devices, entrance, factors, impersonation, providers, refusals
from tests.people import MakePerson

WAYS: Final[tuple[Callable[[Walk], None], ...]] = (
    entrance.as_a_stranger,
    entrance.by_signing_up,
    entrance.by_invitation,
    entrance.by_mail,
    account.in_ones_rooms,
    account.without_a_password,
    account.that_was_not_me,
    factors.with_an_app,
    factors.with_a_passkey,
    applications.to_an_application,
    applications.to_others,
    devices.by_a_code,
    providers.by_a_provider,
    impersonation.by_an_administrator,
    refusals.where_nothing_is,
    refusals.when_something_is_wrong,
    account.to_the_end,
)
# What is no page of people, by why: a pattern of the address's name, or of the address where it has no name.
NO_PAGE: Final = {
    "answers programs, in JSON": r"api_(?!docs).*|(\.well-known|api/account|api/sessions)/.*|health_.*|metrics"
    r"|forward_auth|token|device_authorization|introspection|revocation|userinfo|jwks|registration(_management)?"
    r"|global_token_revocation|pushed_authorization_request",
    "takes what a form or a script sends, and shows nothing": r"account_(app_revoke|session_end|sessions_end_others)"
    r"|account_token(_end|s_end_all)|account_impersonation_stop|set_language|passkey_options_.*",
    "hands out a file": r"account_data_download|mfa_download_recovery_codes|client_logo|brand_logo|brand_stylesheet",
    "leads on to another": r"account_prove_again|mfa_login_webauthn|accounts/social/.*",
    "is Swagger UI's own: tests/browser/test_api_docs.py": r"api_docs",
}
# Templates to which no address leads.
NOT_SHOWN: Final = {
    "account/verified_email_required.html",  # of a decorator of allauth that nothing of ours has
    "authproject/api_docs.html",  # Swagger UI
}


@pytest.fixture
def walk(
    live_server: Any,
    visit: Visit,
    make_person: MakePerson,
    deliver_mail: Callable[[], list[EmailMessage]],
    settings: Any,
) -> Iterator[Walk]:
    begun = Walk(visit, make_person, deliver_mail, settings, live_server.url)
    begun.hear(template_rendered)
    yield begun
    template_rendered.disconnect(dispatch_uid="walk")


@pytest.mark.browser
@pytest.mark.node
def test_every_page_is_for_everybody(walk: Walk) -> None:
    for way in WAYS:
        way(walk)
    assert walk.wrong == []
    assert {address for address in _addresses() if _why_no_page(address) is None} - walk.seen == set()
    assert pages() - walk.templates == NOT_SHOWN


@pytest.mark.browser
@pytest.mark.node
def test_what_is_not_for_everybody_is_noticed(walk: Walk) -> None:
    somebody = walk.visit()
    somebody.go("/accounts/login/")
    for harm in (
        "document.documentElement.removeAttribute('lang')",
        "document.querySelector('main label').remove()",
        "document.querySelectorAll('main label')[0].style.color = '#8a8a8a'",  # which can be read by night alone
        "document.querySelector('main .card').style.minWidth = '400px'",
    ):
        somebody.page.evaluate(harm)
    walk.look(somebody, "Sign in")
    assert {what.partition("”: ")[2].partition(" (")[0] for what in walk.wrong} == {
        "wide, light: html-has-lang: html",
        "narrow, dark: html-has-lang: html",
        "a field without a label: login",
        "wide, light: color-contrast: label",
        "narrow, light: color-contrast: label",
        "narrow: scrolls sideways",
    }


def test_what_is_left_out_is_there_and_left_out_once() -> None:
    reasons = [_why_no_page(address) for address in _addresses()]
    assert set(reasons) == {None, *NO_PAGE}


def _why_no_page(address: str) -> str | None:
    (*why,) = (reason for reason, named in NO_PAGE.items() if re.fullmatch(named, address))
    assert len(why) <= 1, address
    return next(iter(why), None)


def _addresses() -> set[str]:
    """Return every address of the site by its name, but those of the administration, which has walks of its own."""
    return {address for address in _named(get_resolver().url_patterns, "") if not address.startswith("admin/")}


def _named(patterns: list[Any], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if hasattr(pattern, "url_patterns"):
            yield from _named(pattern.url_patterns, route)
        else:
            yield route if route.startswith("admin/") else pattern.name or route.replace("\\", "")
