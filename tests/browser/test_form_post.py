"""The response mode form_post in Chromium: with scripts and without, there and back, and what the application gets."""

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from oauth.models import Client
from tests.browser.conftest import ARGUMENTS, Visit
from tests.browser.visitor import Visitor, follow
from tests.clients import Application, make_client
from tests.loopback import Authority, Server, saying
from tests.people import PASSWORD

pytestmark = pytest.mark.browser

CALLBACK = "https://app.example/callback"


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server, str]]:
    """Every application there is, with TLS and without, and by what hash to trust the first."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    shown = saying(b"<!DOCTYPE html><title>App</title><link rel=icon href='data:,'>", content_type="text/html")
    sent_on = saying(b"", status="303 See Other", location="https://www.elsewhere.example/landed")

    def page(connection: socket.socket, request: bytes) -> None:
        (sent_on if request.startswith(b"POST /sends-on") else shown)(connection, request)

    with Server(page, authority.serving("app.example")) as on_the_web, Server(page) as on_the_device:
        yield on_the_web, on_the_device, authority.spki_hash


@pytest.fixture(scope="module")
def browser_arguments(applications: tuple[Server, Server, str]) -> list[str]:
    """Find the applications at their names."""
    web, _, spki_hash = applications
    rules = f"MAP *.example 127.0.0.1:{web.port}"
    return [*ARGUMENTS, f"--ignore-certificate-errors-spki-list={spki_hash}", f"--host-resolver-rules={rules}"]


@pytest.fixture
def web(applications: tuple[Server, Server, str]) -> Server:
    """The server of the web's applications, which has heard nothing yet."""
    applications[0].requests.clear()
    return applications[0]


@pytest.fixture
def planner(live_server: object, person: User) -> Client:
    return make_client("app", name="Garden Planner")


@pytest.fixture
def alice(visit: Visit, person: User) -> Visitor:
    return _signed_in(visit())


def test_the_answer_arrives_by_a_form_after_consent(
    alice: Visitor, planner: Client, web: Server, live_server: Any
) -> None:
    alice.go("https://app.example/start")
    alice.go(_request(planner))
    follow(alice.page.get_by_role("button", name="Allow"))
    assert set(_arrived(alice, web)) == {"code", "state", "iss"}
    assert f"origin: {live_server.url}" in web.requests[-1].decode().lower()
    assert "code" not in alice.page.url


def test_going_back_sends_nothing_again(alice: Visitor, planner: Client, web: Server) -> None:
    alice.go("https://app.example/start")
    alice.go(_request(planner))
    follow(alice.page.get_by_role("button", name="Allow"))
    _arrived(alice, web)
    for _ in range(6):
        alice.page.go_back()
        alice.page.wait_for_load_state("networkidle")
        if alice.page.url == "https://app.example/start":
            break
    assert alice.page.url == "https://app.example/start"
    assert len(_sent(web)) == 1


def test_going_back_from_an_answer_without_any_page_leads_to_where_one_came_from(
    alice: Visitor, planner: Client, web: Server, live_server: Any
) -> None:
    _allow(alice, planner, web)
    alice.go("https://app.example/start")
    alice.page.evaluate("address => { location.href = address }", live_server.url + _request(planner))
    alice.page.wait_for_url(CALLBACK)
    alice.page.go_back()
    alice.page.wait_for_load_state("networkidle")
    assert alice.page.url == "https://app.example/start"
    assert len(_sent(web)) == 2


def test_without_scripts_a_button_sends_it(visit: Visit, planner: Client, web: Server) -> None:
    alice = _signed_in(visit(java_script_enabled=False))
    alice.go(_request(planner))
    follow(alice.page.get_by_role("button", name="Allow"))
    assert alice.heading == "Continue to Garden Planner"
    assert not _sent(web)
    follow(alice.page.get_by_role("button", name="Continue"))
    assert set(_arrived(alice, web)) == {"code", "state", "iss"}


def test_errors_arrive_by_a_form_too(visit: Visit, alice: Visitor, planner: Client, web: Server) -> None:
    stranger = visit()
    stranger.go(_request(planner, prompt="none"))
    assert _arrived(stranger, web)["error"] == "login_required"
    alice.go(_request(planner))
    follow(alice.page.get_by_role("button", name="Deny"))
    assert _arrived(alice, web)["error"] == "access_denied"


def test_who_may_not_use_the_application_brings_that_by_a_form(
    alice: Visitor, planner: Client, web: Server, live_server: Any
) -> None:
    planner.groups.add(Group.objects.create(name="gardeners"))
    alice.go(_request(planner))
    assert alice.heading == "Garden Planner is not open to you"
    alice.faults[:] = [fault for fault in alice.faults if "403" not in fault]
    follow(alice.page.get_by_role("button", name="Back to Garden Planner"))
    assert _arrived(alice, web)["error"] == "access_denied"
    assert f"origin: {live_server.url}" in web.requests[-1].decode().lower()


def test_the_application_may_send_its_person_on_to_another_host(alice: Visitor, web: Server) -> None:
    planner = make_client("app", redirect_uris="https://app.example/sends-on", skip_authorization=True)
    alice.go(_request(planner))
    alice.page.wait_for_url("https://www.elsewhere.example/landed")
    assert len(_sent(web)) == 1


def test_a_program_on_the_device_gets_it_on_its_port(
    alice: Visitor, applications: tuple[Server, Server, str], live_server: Any
) -> None:
    device = applications[1]
    callback = f"http://127.0.0.1:{device.port}/callback"
    program = make_client("cli", public=True, name="Garden CLI", redirect_uris="http://127.0.0.1/callback")
    alice.go(_request(program, redirect_uri=callback))
    follow(alice.page.get_by_role("button", name="Allow"))
    alice.page.wait_for_url(callback)
    assert "code" in _sent(device)[-1]


def test_the_page_speaks_the_language_that_was_asked_for(visit: Visit, planner: Client, web: Server) -> None:
    alice = _signed_in(visit(java_script_enabled=False))
    alice.go(_request(planner, ui_locales="ko", prompt="consent"))
    assert alice.page.locator("html").get_attribute("lang") == "ko"
    follow(alice.page.locator("button[value=allow]"))
    assert alice.page.locator("html").get_attribute("lang") == "ko"


def _request(client: Client, **changed: str) -> str:
    parameters = Application(client).parameters(**{"scope": "openid", "response_mode": "form_post"} | changed)
    return f"/oauth/authorize?{urlencode(parameters)}"


def _signed_in(visitor: Visitor) -> Visitor:
    visitor.sign_in("alice", PASSWORD)
    return visitor


def _allow(visitor: Visitor, client: Client, web: Server) -> None:
    visitor.go(_request(client))
    follow(visitor.page.get_by_role("button", name="Allow"))
    _arrived(visitor, web)


def _arrived(visitor: Visitor, web: Server) -> dict[str, str]:
    """Wait until the browser is at the application, and return what it brought."""
    visitor.page.wait_for_url(CALLBACK)
    return _sent(web)[-1]


def _sent(server: Server) -> list[dict[str, str]]:
    posts = [request for request in server.requests if request.startswith(b"POST ")]
    return [dict(parse_qsl(request.partition(b"\r\n\r\n")[2].decode())) for request in posts]
