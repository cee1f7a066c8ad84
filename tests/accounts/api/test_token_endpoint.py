"""The sign-in as a machine endpoint: where a password begins it, it answers as the view does."""

import asyncio
import json
from typing import Any

import pytest
from django.core.exceptions import SynchronousOnlyOperation

from accounts.api.token import is_by_password, sign_in
from accounts.models import Session
from tests.accounts.api.client import Api
from tests.people import PASSWORD, MakePerson
from trust.guard.endpoint import answered_or_refused
from trust.lib.waiting import at_once
from trust.lib.wire import Request, Response
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db

OF_ITS_OWN = {"access", "refresh", "challenge"}
BODIES: dict[str, Any] = {
    "signed in": {"username": "alice", "password": PASSWORD},
    "by address": {"email": "alice@example.com", "password": PASSWORD},
    "a wrong password": {"username": "alice", "password": "wrong"},
    "nobody": {"username": "nobody", "password": PASSWORD},
    "unverified": {"username": "bob", "password": PASSWORD},
    "no password": {"username": "alice"},
    "nothing": {},
    "not text": {"username": ["alice"], "password": 1},
    "too long": {"username": "a" * 300, "password": PASSWORD},
    "a list": [1, 2],
    "null": None,
}


def asked(body: bytes) -> Response:
    headers = {"content-type": "application/json"}
    request = Request(
        method="POST", path="/api/token/", headers=headers, body=body, client_address="127.0.0.1", user_agent="notes/1"
    )
    return at_once(answered_or_refused(sign_in(request)))


def told(status: int, body: bytes) -> tuple[int, Any]:
    members = json.loads(body)
    return status, {name: value for name, value in members.items() if name not in OF_ITS_OWN}, members.keys()


def check_alike(body: Any) -> int:
    sent = json.dumps(body).encode()
    by_endpoint, by_view = asked(sent), Api().http.post("/api/token/", sent, content_type="application/json")
    assert told(by_endpoint.status, by_endpoint.content()) == told(by_view.status_code, by_view.content)
    assert by_endpoint.headers.get("WWW-Authenticate") == by_view.headers.get("WWW-Authenticate")
    return by_view.status_code


@pytest.mark.parametrize("name", BODIES)
def test_answers_as_the_view_does(person: Any, make_person: MakePerson, name: str) -> None:
    make_person("bob", verified=False)
    check_alike(BODIES[name])


def test_asks_for_the_second_factor_as_the_view_does(person: Any, totp: Any) -> None:
    assert check_alike(BODIES["signed in"]) == 401
    assert not Session.objects.exists()


def test_is_no_json_as_the_view_says_it(person: Any) -> None:
    broken = asked(b"{")
    by_view = Api().http.post("/api/token/", b"{", content_type="application/json")
    assert told(broken.status, broken.content()) == told(by_view.status_code, by_view.content)


def test_nothing_is_begun_in_an_event_loop(person: Any) -> None:
    body = json.dumps(BODIES["signed in"]).encode()
    with pytest.raises(SynchronousOnlyOperation):
        asyncio.run(sign_in(Request(method="POST", path="/api/token/", body=body)))
    assert not GuessCounter.objects.exists()


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ('{"username": "alice", "password": "x"}', True),
        ('{"challenge": "x", "code": "1"}', False),
        ('{"\\u0063hallenge": "x", "code": "1"}', False),
        ('{"username": "alice", "password": "a\\\\b"}', False),
    ],
)
def test_an_answer_to_a_challenge_is_never_taken_for_a_password(body: str, taken: bool) -> None:
    assert is_by_password("application/json", body.encode()) is taken
    assert not is_by_password("application/x-www-form-urlencoded", body.encode())
