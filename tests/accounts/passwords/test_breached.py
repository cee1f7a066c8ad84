"""The range service learns five digits of a hash, is believed when it knows a password, and is no gate when down."""

import hashlib
import logging
import re
import time
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from accounts.models import User
from accounts.passwords import BreachedValidator, breached
from tests.loopback import Server, saying
from tests.people import PASSWORD

KNOWN = "a passphrase from a breach"


def digest_of(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


def knowing(*passwords: str, count: str = "3"):
    """Answer as the service does: what follows the prefix, how often it was seen, and padding that was never seen."""
    lines = [f"{digest_of(password)[5:]}:{count}" for password in passwords] + [
        f"{number:035X}:0" for number in range(9)
    ]
    return saying("\r\n".join(lines).encode(), content_type="text/plain")


@pytest.fixture(autouse=True)
def fresh(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    breached.service.forget()
    yield
    breached.service.forget()


def ask(settings, server: Server) -> None:
    settings.PASSWORD_RANGE_URL = f"http://127.0.0.1:{server.port}/range/"


def refusal(password: str) -> str:
    try:
        BreachedValidator().validate(password)
    except ValidationError as refused:
        return str(refused.code)
    return ""


@pytest.mark.spec("NIST SP 800-63B-4", "3.1.1.2")
def test_refuses_what_the_service_knows_and_nothing_else(settings):
    with Server(knowing(KNOWN)) as server:
        ask(settings, server)
        assert refusal(KNOWN) == "password_breached"
        assert refusal("a passphrase that nobody has seen") == ""


def test_tells_the_service_five_digits_and_nothing_more(settings):
    with Server(knowing(KNOWN)) as server:
        ask(settings, server)
        refusal(KNOWN)
    [request] = server.requests
    text = request.decode()
    assert text.startswith(f"GET /range/{digest_of(KNOWN)[:5]} HTTP/1.1\r\n")
    assert re.search(r"(?i)^add-padding: true\r$", text, re.MULTILINE)
    assert digest_of(KNOWN)[5:12] not in text.upper()
    assert "cookie" not in text.lower()


def test_padding_is_no_breach(settings):
    with Server(knowing(KNOWN, count="0")) as server:
        ask(settings, server)
        assert refusal(KNOWN) == ""


def test_an_answer_is_kept(settings):
    with Server(knowing(KNOWN)) as server:
        ask(settings, server)
        assert [refusal(KNOWN) for _ in range(3)] == ["password_breached"] * 3
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(saying(b"", status="503 Service Unavailable"), id="unavailable"),
        pytest.param(saying(b"", status="302 Found", location="https://evil.example/"), id="a redirect"),
        pytest.param(saying(b"x" * 300_000), id="too large"),
        pytest.param(lambda connection, request: connection.close(), id="hangs up"),
    ],
)
def test_a_service_that_is_down_stops_no_password_and_leaves_a_line(settings, caplog, answer):
    with Server(answer) as server, caplog.at_level(logging.WARNING):
        ask(settings, server)
        assert refusal(KNOWN) == ""
        assert refusal("another passphrase") == ""
    assert server.connections == 1  # one that did not answer is left alone for a while
    assert "went unchecked" in caplog.text
    assert KNOWN not in caplog.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe not text", b"<html>:::</html>", b":::\r\n:\r\n", b"0" * 35])
def test_nonsense_is_no_breach_and_no_error(settings, body):
    with Server(saying(body)) as server:
        ask(settings, server)
        assert refusal(KNOWN) == ""


def test_a_service_that_says_nothing_costs_little(settings):
    with Server(lambda connection, request: time.sleep(8)) as server:
        ask(settings, server)
        started = time.monotonic()
        assert refusal(KNOWN) == ""
        assert time.monotonic() - started < 4


def test_nobody_is_asked_unless_it_is_set(settings):
    settings.PASSWORD_RANGE_URL = ""
    with Server(knowing(KNOWN)) as server:
        assert refusal(KNOWN) == ""
    assert server.connections == 0


@pytest.mark.django_db
def test_it_is_asked_at_sign_up_at_change_at_reset_and_by_the_scripts(settings, make_person, deliver_mail):
    person = make_person()
    with Server(knowing(KNOWN)) as server:
        ask(settings, server)
        sign_up = {"email": "dana@example.com", "password1": KNOWN, "password2": KNOWN}
        assert Client().post("/accounts/signup/", sign_up).status_code == 200
        browser = Client()
        browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
        change = {"oldpassword": PASSWORD, "password1": KNOWN, "password2": KNOWN}
        assert "password1" in browser.post("/accounts/password/change/", change).context["form"].errors
        browser.logout()
        browser.post("/accounts/password/reset/", {"email": person.email})
        link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", deliver_mail()[-1].body)[1]
        page = browser.get(browser.get(link)["Location"])
        answer = browser.post(page.request["PATH_INFO"], {"password1": KNOWN, "password2": KNOWN})
        assert "password1" in answer.context["form"].errors
        with pytest.raises(CommandError, match="breach"):
            call_command("create_user", "--username", "eve", "--email", "eve@example.com", "--password", KNOWN)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert User.objects.count() == 1


@pytest.mark.parametrize("url", ["http://id.example/range/", "https://id.example/range", "id.example/", "https:///x/"])
def test_an_address_that_cannot_be_asked_is_refused_at_the_start(settings, url):
    settings.OUTBOUND_ALLOW_PRIVATE = False
    settings.PASSWORD_RANGE_URL = url
    with pytest.raises(SystemCheckError, match=r"accounts\.E003"):
        call_command("check", stdout=StringIO(), stderr=StringIO())
