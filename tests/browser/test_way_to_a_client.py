"""Whole ways to an application in Chromium: from its own form, past another account, a logo, a second factor, a mail."""

import re
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest

from accounts.models import User
from oauth.models import Client
from tests.browser.conftest import OpenMail, Visit
from tests.browser.test_oauth_pages import applications as applications
from tests.browser.test_oauth_pages import arrived, request_of
from tests.browser.test_oauth_pages import browser_arguments as browser_arguments
from tests.browser.visitor import Visitor, follow
from tests.clients import Application, make_client
from tests.loopback import Server, saying
from tests.people import PASSWORD, MakePerson
from tests.proofs import SECOND_FACTOR_PAGE, next_code

pytestmark = pytest.mark.browser

CALLBACK = "https://app.example/callback"
# A white picture of one pixel.
GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90400000000002c00000000010001000002024401003b")
SEND = """([address, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def planner(live_server: object, person: User) -> Client:
    return make_client("app", name="Garden Planner")


@pytest.fixture
def logos(settings: Any) -> Iterator[Server]:
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with Server(saying(GIF, content_type="image/gif")) as server:
        yield server


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("padding", [0, 5], ids=["short", "of 20 KB"])
def test_a_form_on_the_applications_own_page_leads_all_the_way(
    visit: Visit, planner: Client, live_server: Any, signed_in: bool, padding: int
) -> None:
    alice = visit()
    if signed_in:
        alice.sign_in("alice", PASSWORD)
    alice.go("https://app.example/start")
    fields = Application(planner).parameters(**{f"x_{number}": "x" * 4000 for number in range(padding)})
    alice.page.evaluate(SEND, [f"{live_server.url}/oauth/authorize", fields])
    if not signed_in:
        alice.page.wait_for_url("**/accounts/login/**")
        alice.send(login="alice", password=PASSWORD)
    follow(alice.page.get_by_role("button", name="Allow"))
    assert arrived(alice, CALLBACK)["state"] == "the state"


@pytest.mark.parametrize("words", ["Continue as alice", "Use another account"])
def test_an_account_is_chosen(visit: Visit, planner: Client, make_person: MakePerson, words: str) -> None:
    make_person("bob")
    alice = visit()
    alice.sign_in("alice", PASSWORD)
    alice.go(request_of(planner, prompt="select_account"))
    assert alice.heading == "Choose an account"
    follow(alice.page.get_by_role("main").get_by_text(words))
    if words == "Use another account":
        alice.send()
        alice.send(login="bob", password=PASSWORD)
        assert "bob" in alice.page.locator("dl").inner_text()
    follow(alice.page.get_by_role("button", name="Allow"))
    assert "code" in arrived(alice, CALLBACK)


def test_a_newcomer_ends_at_the_application(visit: Visit, planner: Client, open_mail: OpenMail) -> None:
    carol = visit()
    carol.go(request_of(planner, prompt="create"))
    assert carol.path == "/accounts/signup/"
    assert "Garden Planner" in carol.page.get_by_role("main").inner_text()
    carol.send(email="carol@example.com", username="carol", password1=PASSWORD, password2=PASSWORD)
    carol.go(open_mail("carol@example.com"))
    carol.send()
    carol.send(login="carol", password=PASSWORD)
    follow(carol.page.get_by_role("button", name="Allow"))
    assert "code" in arrived(carol, CALLBACK)


def test_a_second_factor_that_the_application_wants_is_asked_for(visit: Visit, planner: Client) -> None:
    alice = visit()
    alice.sign_in("alice", PASSWORD)
    totp = _set_up_authenticator(alice)
    alice.go(request_of(planner, acr_values="aal2"))
    assert alice.path == SECOND_FACTOR_PAGE
    alice.send(code=next_code(totp))
    follow(alice.page.get_by_role("button", name="Allow"))
    assert "code" in arrived(alice, CALLBACK)


def test_a_logo_is_shown_and_asked_of_nobody_but_us(visit: Visit, planner: Client, logos: Server) -> None:
    planner.logo_uri = f"http://127.0.0.1:{logos.port}/logo.gif"
    planner.save()
    alice = visit()
    alice.sign_in("alice", PASSWORD)
    asked: list[str] = []
    alice.page.on("request", lambda request: asked.append(request.url))
    alice.go(request_of(planner))
    assert alice.page.locator(".client-logo").evaluate("picture => picture.naturalWidth") == 1
    assert not [url for url in asked if str(logos.port) in url]


def test_initials_stand_where_a_logo_cannot_be_shown(visit: Visit, planner: Client) -> None:
    planner.logo_uri = "https://127.0.0.1/logo.gif"
    planner.save()
    alice = visit()
    alice.sign_in("alice", PASSWORD)
    alice.go(request_of(planner))
    shown = "picture => getComputedStyle(picture, '::after').content"
    assert "GP" in alice.page.locator(".client-logo").evaluate("picture => picture.dataset.initials")
    assert "GP" in alice.page.locator(".client-logo").evaluate(shown)
    box = alice.page.locator(".client-logo").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (64, 64)
    _take_off(alice, "404")


@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_the_pages_fit_a_narrow_screen(visit: Visit, planner: Client, language: str) -> None:
    links = {name: f"https://app.example/{name}" for name in ("client_uri", "policy_uri", "tos_uri")}
    claims = {"a_claim_with_a_name_as_long_as_programs_sometimes_have": "groups"}
    long = make_client("long", name="L" * 60, reviewed=False, claims=claims, **links)
    narrow = visit(language, width=360, java_script_enabled=False)
    narrow.sign_in("alice", PASSWORD)
    by_form = request_of(long, response_mode="form_post", prompt="none")
    for path in (request_of(long), request_of(long, prompt="select_account"), by_form):
        narrow.go(path)
        assert not narrow.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert narrow.page.locator("h1").count() == 1, path


def _set_up_authenticator(visitor: Visitor) -> pyotp.TOTP:
    visitor.go("/accounts/2fa/totp/activate/")
    visitor.send(password=PASSWORD)
    secret = re.search(r"[A-Z2-7]{32}", visitor.page.get_by_role("main").inner_text())
    assert secret
    visitor.send(code=pyotp.TOTP(secret[0]).now())
    return pyotp.TOTP(secret[0])


def _take_off(visitor: Visitor, status: str) -> None:
    visitor.faults[:] = [fault for fault in visitor.faults if status not in fault]
