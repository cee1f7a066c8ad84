"""The pages between a person and an application, in Chromium: sign-in, consent, refusals, connected apps, sign-out."""

import socket
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pyotp
import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from oauth.models import Client
from tests.browser.conftest import ARGUMENTS, Visit
from tests.browser.visitor import Visitor, follow
from tests.clients import Application, make_client
from tests.loopback import Authority, Server, saying
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser

BYE = "https://app.example/bye"
LONG_NAME = "The Application With A Long Name Of The Ministry For Agriculture And Forests"
LONG_CALLBACK = "https://a-rather-long-subdomain.of-an-application.example.com/callback"
Come = Callable[..., Visitor]


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, str]]:
    """Every application there is, with TLS and without: two ports, and by what hash to trust the first."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    shown = saying(b"<!DOCTYPE html><title>App</title><link rel=icon href='data:,'>", content_type="text/html")
    sent_on = saying(b"", status="302 Found", location="https://www.elsewhere.example/landed")

    def page(connection: socket.socket, request: bytes) -> None:
        (sent_on if request.startswith(b"GET /sends-on") else shown)(connection, request)

    with Server(page, authority.serving("app.example")) as on_the_web, Server(page) as on_the_device:
        yield on_the_web.port, on_the_device.port, authority.spki_hash


@pytest.fixture(scope="module")
def browser_arguments(applications: tuple[int, int, str]) -> list[str]:
    """Find the applications at their names."""
    web, _, spki_hash = applications
    rules = f"MAP *.example 127.0.0.1:{web}, MAP *.example.com 127.0.0.1:{web}"
    return [*ARGUMENTS, f"--ignore-certificate-errors-spki-list={spki_hash}", f"--host-resolver-rules={rules}"]


@pytest.fixture
def planner(live_server: object, person: User) -> Client:
    return make_client("app", name="Garden Planner", post_logout_redirect_uris=BYE)


@pytest.fixture
def come(visit: Visit, person: User) -> Come:
    """Let Alice come, and sign in if told so."""

    def somebody(*arguments: str, signed_in: bool = False, **context: object) -> Visitor:
        visitor = visit(*arguments, **context)
        if signed_in:
            visitor.sign_in("alice", PASSWORD)
            assert visitor.is_signed_in
        return visitor

    return somebody


def test_a_stranger_signs_in_allows_and_arrives(come: Come, planner: Client) -> None:
    alice = come()
    alice.go(request_of(planner, login_hint="alice@example.com"))
    assert alice.path == "/accounts/login/"
    assert "Garden Planner" in alice.page.get_by_role("main").inner_text()
    assert alice.page.locator("[name=login]").input_value() == "alice@example.com"
    alice.send(password=PASSWORD)

    assert alice.heading == "Continue to Garden Planner?"
    asked = alice.page.get_by_role("list", name="This application asks to:").get_by_role("listitem")
    assert asked.all_inner_texts() == ["Know who you are", "See your e-mail address", "Use the permission “read”"]
    facts = alice.page.locator("dl").inner_text()
    assert "alice" in facts
    assert "app.example" in facts
    follow(alice.page.get_by_role("button", name="Allow"))
    assert set(arrived(alice, "https://app.example/callback")) == {"code", "state", "iss"}


def test_who_denies_arrives_without_a_code(come: Come, planner: Client) -> None:
    alice = come(signed_in=True)
    alice.go(request_of(planner))
    follow(alice.page.get_by_role("button", name="Deny"))
    assert arrived(alice, "https://app.example/callback")["error"] == "access_denied"


def test_who_allowed_before_arrives_from_the_sign_in_itself(come: Come, planner: Client) -> None:
    _allow(come(signed_in=True), planner)
    again = come()
    again.go(request_of(planner))
    again.send(login="alice", password="not the password")
    again.send(login="alice", password=PASSWORD)
    assert "code" in arrived(again, "https://app.example/callback")


def test_who_has_a_second_factor_arrives_from_its_page(come: Come, planner: Client, totp: pyotp.TOTP) -> None:
    planner.skip_authorization = True
    planner.save()
    alice = come()
    alice.go(request_of(planner))
    alice.send(login="alice", password=PASSWORD)
    alice.send(code=totp.now())
    assert "code" in arrived(alice, "https://app.example/callback")


def test_who_is_asked_for_the_password_again_arrives_from_that_page(come: Come, planner: Client) -> None:
    alice = come(signed_in=True)
    _allow(alice, planner)
    alice.go(request_of(planner, prompt="login"))
    assert alice.path == "/accounts/reauthenticate/"
    assert "Garden Planner" in alice.page.get_by_role("main").inner_text()
    alice.send(password=PASSWORD)
    assert "code" in arrived(alice, "https://app.example/callback")


def test_two_requests_in_two_tabs_both_arrive(come: Come, planner: Client) -> None:
    other = make_client("other", name="Other", redirect_uris="https://other.example/callback", skip_authorization=True)
    _allow(come(signed_in=True), planner)
    alice = come()
    alice.go(request_of(planner))
    second = alice.context.new_page()
    second.goto(request_of(other))
    alice.send(login="alice", password="not the password")
    alice.send(login="alice", password=PASSWORD)
    assert "code" in arrived(alice, "https://app.example/callback")
    second.reload()
    assert second.url.startswith("https://other.example/callback?code=")


def test_a_native_application_gets_its_code_by_its_private_scheme(come: Come) -> None:
    mobile = make_client("mobile", public=True, name="Garden Mobile", redirect_uris="com.example.app:/callback")
    alice = come(signed_in=True)
    alice.go(request_of(mobile))
    assert "a program on this device" in alice.page.locator("dl").inner_text()
    with alice.page.expect_response("**/oauth/authorize?*") as answered:
        alice.page.get_by_role("button", name="Allow").click()
    led_to = urlsplit(answered.value.headers["location"])
    assert (led_to.scheme, led_to.path, led_to.netloc) == ("com.example.app", "/callback", "")
    assert "code" in dict(parse_qsl(led_to.query))


def test_a_program_on_the_device_gets_its_code_on_its_port(come: Come, applications: tuple[int, int, str]) -> None:
    callback = f"http://127.0.0.1:{applications[1]}/callback"
    cli = make_client("cli", public=True, name="Garden CLI", redirect_uris="http://127.0.0.1/callback")
    alice = come(signed_in=True)
    alice.go(request_of(cli, redirect_uri=callback))
    follow(alice.page.get_by_role("button", name="Allow"))
    assert "code" in arrived(alice, callback)


def test_the_page_lets_its_form_end_at_an_ipv6_address_which_no_policy_can_name(come: Come) -> None:
    cli = make_client("cli", public=True, name="Garden CLI", redirect_uris="http://[::1]/callback")
    alice = come(signed_in=True)
    callback = "http://[::1]:9/callback"
    alice.go(request_of(cli, redirect_uri=callback))
    with alice.page.expect_event("requestfailed", lambda request: request.url.startswith(f"{callback}?")) as sent:
        alice.page.get_by_role("button", name="Allow").click()
    assert "code=" in sent.value.url
    alice.page.close()  # nobody listens there, and Chromium would ask again every second
    _expect(alice, "[::1]:9")


def test_consent_is_given_by_keyboard_and_allowing_comes_first(come: Come, planner: Client) -> None:
    alice = come(signed_in=True)
    alice.go(request_of(planner))
    alice.page.get_by_role("link", name="Use another account").focus()
    alice.page.keyboard.press("Tab")
    alice.page.locator("button[value=allow]:focus").wait_for()
    alice.page.keyboard.press("Tab")
    alice.page.locator("button[value=deny]:focus").wait_for()
    alice.page.keyboard.press("Shift+Tab")
    alice.page.locator("button[value=allow]:focus").wait_for()
    alice.page.keyboard.press("Enter")
    assert "code" in arrived(alice, "https://app.example/callback")


def test_consent_is_given_as_somebody_else(come: Come, planner: Client, make_person: MakePerson) -> None:
    make_person("bob")
    alice = come(signed_in=True)
    alice.go(request_of(planner))
    follow(alice.page.get_by_role("link", name="Use another account"))
    alice.send()
    assert alice.path == "/accounts/login/"
    alice.send(login="bob", password=PASSWORD)
    assert "bob" in alice.page.locator("dl").inner_text()
    follow(alice.page.get_by_role("button", name="Allow"))
    assert "code" in arrived(alice, "https://app.example/callback")


def test_a_wrong_request_is_told_to_the_person_and_leads_nowhere(come: Come, planner: Client) -> None:
    alice = come()
    alice.go(request_of(planner, redirect_uri="https://evil.example/"))
    assert alice.heading == "This request cannot be answered"
    assert alice.path == "/oauth/authorize"
    error = alice.page.locator("details code").first
    assert not error.is_visible()
    alice.page.get_by_text("For its developers").click()
    error.wait_for()
    assert error.inner_text() == "invalid_request"
    _expect(alice, "400")


def test_who_may_not_use_an_application_reads_so_and_goes_back(come: Come, planner: Client) -> None:
    planner.groups.add(Group.objects.create(name="gardeners"))
    alice = come(signed_in=True)
    alice.go(request_of(planner))
    assert alice.heading == "Garden Planner is not open to you"
    _expect(alice, "403")
    follow(alice.page.get_by_role("link", name="Back to Garden Planner"))
    assert arrived(alice, "https://app.example/callback")["error"] == "access_denied"


def test_a_connected_application_is_shown_and_revoked(come: Come, planner: Client) -> None:
    alice = come(signed_in=True)
    _allow(alice, planner)
    alice.go("/accounts/")
    follow(alice.page.get_by_role("main").get_by_role("link", name="See apps"))
    allowed = alice.page.get_by_role("list", name="Garden Planner").get_by_role("listitem")
    assert allowed.first.inner_text() == "Know who you are"
    follow(alice.page.get_by_role("button", name="Revoke Garden Planner"))
    assert "Garden Planner" in alice.page.get_by_role("status").inner_text()
    assert alice.page.get_by_text("No application is connected to your account.").is_visible()
    alice.go(request_of(planner))
    assert alice.heading == "Continue to Garden Planner?"


def test_signing_out_for_an_application_is_asked_and_leads_back(come: Come, planner: Client) -> None:
    alice = come(signed_in=True)
    asked = f"/oauth/end-session?{urlencode({'client_id': 'app', 'post_logout_redirect_uri': BYE, 'state': 's'})}"
    alice.go(asked)
    assert "Garden Planner" in alice.page.get_by_role("main").inner_text()
    follow(alice.page.get_by_role("button", name="Stay signed in"))
    assert (alice.path, alice.is_signed_in) == ("/accounts/", True)
    alice.go(asked)
    follow(alice.page.get_by_role("main").get_by_role("button", name="Sign out"))
    assert arrived(alice, BYE) == {"state": "s"}
    alice.go("/oauth/end-session?client_id=app")
    assert (alice.heading, alice.is_signed_in) == ("You are signed out", False)


@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_the_pages_fit_a_narrow_screen_and_name_their_parts(come: Come, planner: Client, language: str) -> None:
    narrow = come(language, width=360, signed_in=True)
    _allow(narrow, planner)
    long = make_client("long", name=LONG_NAME, redirect_uris=LONG_CALLBACK)
    closed = make_client("closed", name=LONG_NAME)
    closed.groups.add(Group.objects.create(name="few"))
    wrong = request_of(long, redirect_uri="https://evil.example/")
    pages = ["/accounts/apps/", "/oauth/end-session?client_id=long", wrong, request_of(long), request_of(closed)]
    for path in [*pages, request_of(long, prompt="login")]:
        narrow.go(path)
        assert not narrow.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert narrow.page.locator("h1").count() == 1, path
        assert " · " in narrow.page.title()
    _expect(narrow, "400", "403")


def test_an_application_may_send_its_person_on_to_another_of_its_hosts(come: Come, planner: Client) -> None:
    """A browser holds form-action against the application's own redirects too (docs/decisions/0016)."""
    planner.redirect_uris = "https://api.app.example/sends-on"
    planner.save()
    alice = come()
    alice.go(request_of(planner, redirect_uri=planner.redirect_uris))
    alice.send(login="alice", password=PASSWORD)
    follow(alice.page.get_by_role("button", name="Allow"))
    alice.page.wait_for_url("https://www.elsewhere.example/landed")


def request_of(client: Client, **changed: str) -> str:
    parameters = Application(client).parameters(**{"scope": "openid email read"} | changed)
    return f"/oauth/authorize?{urlencode(parameters)}"


def _allow(visitor: Visitor, client: Client) -> None:
    visitor.go(request_of(client))
    follow(visitor.page.locator("button[value=allow]"))
    arrived(visitor, client.redirect_uris)


def arrived(visitor: Visitor, where: str) -> dict[str, str]:
    """Wait until the browser is there, and return the query that it brought."""
    visitor.page.wait_for_url(lambda url: url.startswith(where))
    return dict(parse_qsl(urlsplit(visitor.page.url).query))


def _expect(visitor: Visitor, *statuses: str) -> None:
    """Take statuses that are meant off the list of faults, with what the console says of them."""
    visitor.faults[:] = [fault for fault in visitor.faults if not any(status in fault for status in statuses)]
