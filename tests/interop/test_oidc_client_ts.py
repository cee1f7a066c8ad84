"""npm oidc-client-ts in Chromium: a single-page application on an origin of its own, a public client."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import User
from oauth.models import Client
from tests.browser.conftest import PATIENCE
from tests.browser.visitor import Visitor, follow
from tests.clients import make_client
from tests.interop.chromium import browser, browser_arguments
from tests.interop.spa_server import spa_server
from tests.live_site import LiveSite
from tests.people import PASSWORD

__all__ = ["browser", "browser_arguments"]

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.django_db(transaction=True)]

SCOPE = "openid profile email"


@pytest.fixture(scope="module")
def origin(site: LiveSite) -> Iterator[str]:
    with spa_server(site.authority, authority=site.url, client_id="spa", scope=SCOPE) as running:
        yield running


@pytest.fixture
def spa(db: None, origin: str) -> Client:
    """The application, which refreshes."""
    callback = f"{origin}/"
    return make_client(
        "spa", public=True, name="Garden Planner", redirect_uris=callback, post_logout_redirect_uris=callback
    )


@pytest.fixture
def visitor(browser: Browser, alice: User, spa: Client, origin: str) -> Iterator[Visitor]:
    """Alice before the application; at the end nothing may have gone wrong on any page of it or of ours."""
    context = browser.new_context(base_url=origin, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    visitor = Visitor(context)
    yield visitor
    context.close()
    assert visitor.faults == []


def test_signs_in_by_redirect_and_reads_userinfo(visitor: Visitor, alice: User) -> None:
    user = _signed_in_by_redirect(visitor)
    assert (user["sub"], user["email"]) == (str(alice.pk), "alice@example.com")


def test_signs_in_in_a_popup_which_finds_its_opener(visitor: Visitor, alice: User) -> None:
    visitor.go("/")
    _wait_for(visitor.page, "ready")
    with visitor.page.expect_popup() as opened:
        visitor.page.locator("#popup").click()
    _sign_in(opened.value)
    with opened.value.expect_event("close"):
        opened.value.locator("main button[value=allow]").click()
    assert _user(visitor.page)["sub"] == str(alice.pk)


def test_renews_silently_by_its_refresh_token(visitor: Visitor) -> None:
    before = _signed_in_by_redirect(visitor)
    assert _renewed(visitor.page)["access_token"] != before["access_token"]


def test_renews_silently_in_an_iframe(visitor: Visitor, spa: Client) -> None:
    spa.grant_types = "authorization_code"
    spa.save()
    before = _signed_in_by_redirect(visitor)
    renewed = _renewed(visitor.page)
    assert renewed["access_token"] != before["access_token"]
    assert (renewed["sub"], renewed["sid"]) == (before["sub"], before["sid"])


def test_signs_out_by_redirect_without_being_asked_and_is_then_a_stranger(visitor: Visitor, spa: Client) -> None:
    spa.grant_types = "authorization_code"
    spa.save()
    _signed_in_by_redirect(visitor)
    follow(visitor.page.locator("#sign-out"))
    _wait_for(visitor.page, "signed out")
    visitor.page.locator("#silent").click()
    _wait_for(visitor.page, "failed: login_required")


def test_signs_out_in_a_popup_which_finds_its_opener(visitor: Visitor) -> None:
    _signed_in_by_redirect(visitor)
    with visitor.page.expect_popup():
        visitor.page.locator("#sign-out-popup").click()
    _wait_for(visitor.page, "done")


def test_revokes_its_tokens(visitor: Visitor) -> None:
    _signed_in_by_redirect(visitor)
    visitor.page.locator("#revoke").click()
    _wait_for(visitor.page, "done")
    assert _renewed(visitor.page)["sub"]


def test_works_while_it_is_developed_on_loopback_where_its_person_is_always_asked(
    visitor: Visitor, site: LiveSite
) -> None:
    with spa_server(authority=site.url, client_id="dev", scope=SCOPE) as origin:
        make_client("dev", public=True, redirect_uris=f"{origin}/")
        visitor.page.goto(f"{origin}/")
        _wait_for(visitor.page, "ready")
        _sign_in_by_redirect(visitor.page)
        before = _user(visitor.page)
        assert _renewed(visitor.page)["access_token"] != before["access_token"]
        follow(visitor.page.locator("#redirect"))
        follow(visitor.page.locator("main button[value=allow]"))
        assert _user(visitor.page)["sub"] == before["sub"]


def _signed_in_by_redirect(visitor: Visitor) -> dict[str, Any]:
    visitor.go("/")
    _wait_for(visitor.page, "ready")
    _sign_in_by_redirect(visitor.page)
    return _user(visitor.page)


def _sign_in_by_redirect(page: Page) -> None:
    follow(page.locator("#redirect"))
    _sign_in(page)
    follow(page.locator("main button[value=allow]"))


def _sign_in(page: Page) -> None:
    page.locator("main [name=login]").fill("alice")
    page.locator("main [name=password]").fill(PASSWORD)
    follow(page.locator("main button[type=submit]"))


def _renewed(page: Page) -> dict[str, Any]:
    """Renew, and return the user that is shown then: not the one of before, who is taken away first."""
    page.locator("output").evaluate("output => { output.value = '' }")
    page.locator("#silent").click()
    page.locator("output:not(:empty)").wait_for()
    return _user(page)


def _user(page: Page) -> dict[str, Any]:
    """Wait for the user that the application shows."""
    page.wait_for_function("document.querySelector('output')?.value.match(/^({|failed)/)")
    return json.loads(_output(page))


def _wait_for(page: Page, said: str) -> None:
    page.wait_for_function("said => document.querySelector('output')?.value === said", arg=said)


def _output(page: Page) -> str:
    return page.locator("output").evaluate("output => output.value")
