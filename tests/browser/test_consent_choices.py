"""The consent page in Chromium: unticking by pointer, by keyboard and without scripts, and details that one can read."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from accounts.models import User
from oauth.models import AuthorizationCode, Client
from oauth.scope_description import ResourceDescription, ScopeDescription
from oauth.services import scope_registration, scopes
from tests.authorization_details import EVERY_TYPE, LOOK, RENT, put_types, said
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, follow
from tests.clients import Application, make_client
from tests.loopback import Server, saying
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
EVERYTHING = "openid profile email offline_access orders:read orders:write"
Come = Callable[..., Visitor]


@pytest.fixture
def planner(live_server: object, person: User) -> Any:
    """An application that people come back to, which asks for much."""
    put_types()
    scope_registration.put_scope(
        ScopeDescription(
            name="orders:read",
            title_en="See your orders",
            title_ko="주문을 봅니다",
            description_en="Of the last two years.",
        )
    )
    scope_registration.put_resource(
        ResourceDescription(
            identifier="urn:shop", name_en="The Shop", name_ko="가게", scopes=("orders:read", "orders:write")
        )
    )
    scopes.memory.forget()
    page = saying(b"<!DOCTYPE html><title>App</title><link rel=icon href='data:,'>", content_type="text/html")
    with Server(page) as application:
        yield make_client(
            name="Garden Planner",
            redirect_uris=f"http://127.0.0.1:{application.port}/callback",
            scopes=EVERYTHING,
            authorization_details_types=EVERY_TYPE,
        )


@pytest.fixture
def come(visit: Visit) -> Come:
    """Let Alice come, signed in."""

    def somebody(*arguments: str, **context: object) -> Visitor:
        visitor = visit(*arguments, **context)
        visitor.sign_in("alice", PASSWORD)
        return visitor

    return somebody


def request_of(client: Client, **changed: str) -> str:
    return f"/oauth/authorize?{urlencode(Application(client).parameters(**{'scope': EVERYTHING} | changed))}"


def granted(visitor: Visitor, client: Client) -> str:
    visitor.page.wait_for_url(lambda url: url.startswith(client.redirect_uris))
    assert "code" in dict(parse_qsl(urlsplit(visitor.page.url).query))
    return AuthorizationCode.objects.get().scope


def test_what_is_unticked_by_its_words_is_not_granted(come: Come, planner: Client) -> None:
    alice = come()
    alice.go(request_of(planner))
    asked = alice.page.get_by_role("list", name="This application asks to:")
    assert asked.get_by_role("checkbox").count() == 3
    asked.get_by_role("checkbox", name="See your e-mail address").uncheck()
    alice.page.get_by_role("list", name="The Shop").get_by_role("checkbox", name="See your orders").uncheck()
    follow(alice.page.get_by_role("button", name="Allow"))
    assert granted(alice, planner) == "openid profile offline_access orders:write"


def test_by_keyboard_without_scripts(come: Come, planner: Client) -> None:
    alice = come(java_script_enabled=False)
    alice.go(request_of(planner, scope="openid profile email", authorization_details=said(RENT)))
    alice.page.get_by_role("checkbox", name="See your name").focus()
    alice.page.keyboard.press("Tab")
    alice.page.keyboard.press("Space")
    alice.page.keyboard.press("Tab")
    assert alice.page.get_by_role("checkbox", name="Pay once").is_checked()
    alice.page.keyboard.press("Tab")  # another account
    alice.page.keyboard.press("Tab")
    alice.page.keyboard.press("Enter")
    assert granted(alice, planner) == "openid profile"
    assert "450.00" in AuthorizationCode.objects.get().authorization_details


@pytest.mark.parametrize(("language", "scheme"), [("en-GB", "light"), ("ko-KR", "dark")])
def test_it_is_for_everybody_at_every_width(come: Come, planner: Client, language: str, scheme: str) -> None:
    alice = come(language, width=360, color_scheme=scheme)
    long = {**RENT, "creditor": "Donaudampfschifffahrtsgesellschaftskapitänsmützenhersteller" * 3}
    for details in (said(long, LOOK), said({**RENT, "creditor": "Аpple"})):
        alice.go(request_of(planner, authorization_details=details))
        assert not alice.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert violations(alice.page) == []
        for label in alice.page.locator("main label:has(input[type=checkbox])").all():
            box = label.bounding_box()
            assert box
            assert box["height"] >= 44
