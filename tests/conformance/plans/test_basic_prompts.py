"""The plans `oidcc-basic` and `oidcc-formpost-basic`: what a request says of pages and of who signs in, and when."""

import time

import pytest

from tests.conformance.plans.browser import Browser, Person, next_second
from tests.conformance.plans.conftest import NewBrowser
from tests.conformance.plans.pages import Landing
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("response_mode", ["query", "form_post"]),
]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("display", ["page", "popup", "touch", "wap"])
def test_no_display_causes_an_error(rp: RelyingParty, browser: Browser, display: str) -> None:
    assert rp.sign_in(browser, display=display).claims["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize(
    "hint",
    [{"ui_locales": "se"}, {"claims_locales": "se"}, {"acr_values": "1 2"}, {"login_hint": "somebody@example.com"}],
    ids=lambda hint: next(iter(hint)),
)
def test_no_hint_causes_an_error(rp: RelyingParty, browser: Browser, hint: dict[str, str]) -> None:
    assert rp.sign_in(browser, **hint).claims["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_the_login_hint_is_filled_in(rp: RelyingParty, browser: Browser) -> None:
    page = rp.page(browser, until="sign in", login_hint="alice@example.com")
    assert page.form
    assert page.form.fields["login"] == "alice@example.com"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_ui_locales_pick_the_language_of_the_pages(rp: RelyingParty, open_browser: NewBrowser, bob: Person) -> None:
    browser = open_browser(bob)  # whose account has no language of its own
    request = rp.request(ui_locales="fr-CA ko en")
    page = browser.go(rp.url(request), until="sign in")
    while not isinstance(page, Landing):
        assert page.language == "ko"
        page = browser.answer(page)
    assert rp.answer(page, request)["code"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_an_acr_that_was_asked_for_and_met_is_told(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    asked = provider.metadata["acr_values_supported"][0]
    assert rp.sign_in(browser, acr_values=f"{asked} nonsense").claims["acr"] == asked


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}], ids=["prompt", "max_age"])
def test_who_is_asked_to_sign_in_again_does_and_auth_time_moves_on(
    rp: RelyingParty, browser: Browser, asked: dict[str, str]
) -> None:
    first = rp.sign_in(browser).claims
    next_second()
    again = rp.sign_in(browser, **asked).claims
    assert browser.seen == ["sign in", "consent", "prove"]
    assert again["sub"] == first["sub"]
    assert again["auth_time"] > first["auth_time"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.6")
def test_prompt_none_signed_out_is_login_required(rp: RelyingParty, open_browser: NewBrowser) -> None:
    assert rp.ask(open_browser(), prompt="none")["error"] in {"login_required", "interaction_required"}


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_none_signed_in_shows_nothing_and_says_the_same(rp: RelyingParty, browser: Browser) -> None:
    first = rp.sign_in(browser).claims
    browser.seen.clear()
    silent = rp.sign_in(browser, prompt="none").claims
    assert browser.seen == []
    assert (silent["sub"], silent["auth_time"]) == (first["sub"], first["auth_time"])


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_consent_shows_the_page(rp: RelyingParty, browser: Browser) -> None:
    rp.sign_in(browser)
    rp.sign_in(browser)
    assert browser.seen.count("consent") == 1
    rp.sign_in(browser, prompt="consent")
    assert browser.seen.count("consent") == 2


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_none_with_a_hint_works_for_the_same_person_alone(
    rp: RelyingParty, browser: Browser, open_browser: NewBrowser, bob: Person
) -> None:
    hint = rp.sign_in(browser).id_token
    assert rp.sign_in(browser, prompt="none", id_token_hint=hint).claims["sub"]
    of_bob = open_browser(bob)
    rp.sign_in(of_bob)
    assert rp.ask(of_bob, prompt="none", id_token_hint=hint)["error"] == "login_required"
    assert rp.ask(open_browser(), prompt="none", id_token_hint=hint)["error"] == "login_required"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_max_age_of_a_second_asks_again_two_seconds_later(rp: RelyingParty, browser: Browser) -> None:
    first = rp.sign_in(browser).claims
    time.sleep(2.1)
    again = rp.sign_in(browser, max_age="1").claims
    assert browser.seen[-1] == "prove"
    assert again["auth_time"] > first["auth_time"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_long_max_age_does_not_ask_and_auth_time_stays(rp: RelyingParty, browser: Browser) -> None:
    first = rp.sign_in(browser, max_age="15000").claims
    again = rp.sign_in(browser, max_age="10000").claims
    assert browser.seen == ["sign in", "consent"]
    assert again["auth_time"] == first["auth_time"]
