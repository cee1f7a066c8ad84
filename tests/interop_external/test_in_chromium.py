"""The buttons in Chromium: over the provider to the application that asked, each form under our strict CSP."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.accounts.external.conftest import Configure, configure
from tests.accounts.external.issuer import Issuer
from tests.browser.conftest import PATIENCE, browser, browser_arguments
from tests.browser.visitor import Visitor, follow
from tests.clients import Application, make_client
from tests.interop_external.oidc_provider import entry, free_port, oidc_provider
from tests.loopback import Server, saying
from tests.people import PASSWORD

__all__ = ["browser", "browser_arguments", "configure"]

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: Any, settings: Any, configure: Configure) -> Iterator[str]:
    """The site under its own address, with the provider corp."""
    settings.ISSUER = live_server.url
    port = free_port()
    configure(entry(port))
    with oidc_provider(port, f"{live_server.url}/accounts/oidc/corp/login/callback/"):
        yield live_server.url


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    """Carol; at the end nothing may have gone wrong on any page of ours."""
    context = browser.new_context(base_url=site, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    visitor = Visitor(context)
    yield visitor
    context.close()
    assert [fault for fault in visitor.faults if site in fault] == []


def sign_in_at_the_provider(visitor: Visitor, button: str = "Continue with Corp") -> None:
    leave_for_the_provider(visitor.page, button, "**/interaction/**")
    visitor.page.locator("[name=login]").fill("carol")
    visitor.page.locator("[name=password]").fill("any")
    follow(visitor.page.get_by_role("button", name="Sign-in"))
    follow(visitor.page.get_by_role("button", name="Continue"))


def leave_for_the_provider(page: Page, button: str, where: str) -> None:
    """Go there over the page of ours between the two, which leads on by itself."""
    follow(page.get_by_role("button", name=button))
    page.wait_for_url(where)


def test_signs_up_and_in_and_out_and_in_again(visitor: Visitor, site: str) -> None:
    visitor.go("/accounts/login/")
    sign_in_at_the_provider(visitor)
    visitor.page.wait_for_url(f"{site}/accounts/")
    assert visitor.is_signed_in
    visitor.sign_out()
    visitor.go("/accounts/signup/")
    follow(visitor.page.get_by_role("button", name="Continue with Corp"))  # who is known at the provider goes through
    visitor.page.wait_for_url(f"{site}/accounts/")
    assert User.objects.count() == 1


def test_goes_on_to_an_application_on_an_origin_of_its_own(visitor: Visitor, site: str) -> None:
    page = saying(b"<!DOCTYPE html><title>App</title><link rel=icon href='data:,'>", content_type="text/html")
    with Server(page) as application:
        callback = f"http://127.0.0.1:{application.port}/callback"
        app = Application(make_client("native", public=True, redirect_uris=callback))
        location = app.authorize()["Location"]
        visitor.go(location)
        sign_in_at_the_provider(visitor)
        follow(visitor.page.get_by_role("button", name="Allow"))
        visitor.page.wait_for_url(f"{callback}?**")
        assert "code=" in visitor.page.url


def test_the_providers_own_policy_lets_its_form_come_to_us_and_we_go_on_from_there(
    visitor: Visitor, site: str, configure: Configure
) -> None:
    page = saying(b"<!DOCTYPE html><title>App</title><link rel=icon href='data:,'>", content_type="text/html")
    with Server(page) as application, Issuer() as strict:
        configure(strict.app(trusted_domains=["corp.example"]))
        callback = f"http://127.0.0.1:{application.port}/callback"
        app = Application(make_client("app", redirect_uris=callback, skip_authorization=True))
        visitor.go(app.authorize()["Location"])
        leave_for_the_provider(visitor.page, "Continue with Corp", f"{strict.url}/**")
        follow(visitor.page.get_by_role("button", name="Allow us"))
        visitor.page.wait_for_url(f"{callback}?**")


def test_connects_and_disconnects(visitor: Visitor, site: str, person: User) -> None:
    visitor.sign_in("alice", PASSWORD)
    visitor.go("/accounts/3rdparty/")
    sign_in_at_the_provider(visitor, "Connect Corp")
    visitor.page.wait_for_url(f"{site}/accounts/reauthenticate/**")
    visitor.send(password=PASSWORD)
    visitor.page.wait_for_url(f"{site}/accounts/3rdparty/")
    assert visitor.page.get_by_text("carol@corp.example").count() == 1
    follow(visitor.page.get_by_role("button", name="Disconnect Corp"))
    assert visitor.page.get_by_text("None is connected.").count() == 1


def test_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    leave_for_the_provider(page, "Continue with Corp", "**/interaction/**")
    assert page.locator("[name=login]").count() == 1
    context.close()
