"""mod_auth_openidc in Chromium: what it asks is posted to us, and what we answer is posted to it, by scripts alone."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from accounts.models import User
from tests.browser.conftest import PATIENCE
from tests.browser.visitor import Visitor, follow
from tests.clients import SECRET, make_client
from tests.interop.apache import CALLBACK, SIGNED_OUT, Apache, apache, pick_origin
from tests.interop.chromium import browser, browser_arguments
from tests.live_site import LiveSite
from tests.people import PASSWORD

__all__ = ["browser", "browser_arguments"]

pytestmark = [pytest.mark.apache, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def garden(site: LiveSite) -> Iterator[Apache]:
    """A website that asks by POST, and wants its answer by POST."""
    url = pick_origin()
    make_client("garden", name="Garden", redirect_uris=url + CALLBACK, post_logout_redirect_uris=url + SIGNED_OUT)
    directives = {
        "OIDCProviderMetadataURL": f"{site.url}/.well-known/openid-configuration",
        "OIDCClientID": "garden",
        "OIDCClientSecret": f'"{SECRET}"',
        "OIDCProviderAuthRequestMethod": "POST",
        "OIDCResponseMode": "form_post",
    }
    with apache(site, url, directives, {}) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, site: LiveSite, alice: User, garden: Apache) -> Iterator[Visitor]:
    """Alice before the website; at the end nothing may have gone wrong on any page of ours."""
    context = browser.new_context(base_url=garden.url, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    visitor = Visitor(context)
    yield visitor
    context.close()
    assert [fault for fault in visitor.faults if site.url in fault] == []


def test_signs_in_and_out_and_is_then_a_stranger(visitor: Visitor, garden: Apache) -> None:
    posted = _posts(visitor)
    visitor.go("/protected/plan.html")
    visitor.page.locator("main [name=login]").fill("alice")
    visitor.page.locator("main [name=password]").fill(PASSWORD)
    follow(visitor.page.locator("main button[type=submit]"))
    follow(visitor.page.locator("main button[value=allow]"))
    visitor.page.wait_for_url(f"{garden.url}/protected/plan.html")
    assert visitor.page.locator("body").inner_text() == "The garden plan"
    assert posted == ["/oauth/authorize", "/accounts/login/", "/oauth/authorize", CALLBACK]

    visitor.go(f"{CALLBACK}?logout={garden.url}{SIGNED_OUT}")
    assert visitor.page.locator("body").inner_text() == "Signed out"
    visitor.go("/protected/plan.html")
    visitor.page.locator("main [name=login]").wait_for()


def _posts(visitor: Visitor) -> list[str]:
    """Return the paths that are posted to, as they come."""
    paths: list[str] = []
    visitor.page.on("request", lambda sent: paths.append(urlsplit(sent.url).path) if sent.method == "POST" else None)
    return paths
