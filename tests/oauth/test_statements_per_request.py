"""What a request costs in a process that has warmed up: SQL statements and bytes, which no change may raise unseen.

Work is counted, not time, so that it is the same on any machine (docs/measurements.md has the times).
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from oauth.services import clients
from tests.clients import SECRET, Application, basic, make_client
from tests.people import PASSWORD
from trust.lib.remembered import FRESH_SECONDS
from trust.revocation.conf import REFRESH_AFTER_SECONDS
from trust.revocation.feed import feed

pytestmark = pytest.mark.django_db

_OF_TRANSACTIONS = {"BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"}
_TRIES = 3  # a machine that stalls for a second looks clients and revocations up again, once


class Asked(NamedTuple):
    """A request of a program."""

    method: str
    path: str
    body: str = ""
    content_type: str = ""
    authorization: str = ""

    def answered(self) -> Any:
        """Send it."""
        headers = {"authorization": self.authorization} if self.authorization else {}
        answer = Browser().generic(self.method, self.path, self.body, self.content_type, headers=headers)
        assert answer.status_code == 200, answer.content
        return answer


def form(path: str, client_id: str = "app", **fields: str) -> Asked:
    encoded, content_type = urlencode(fields), "application/x-www-form-urlencoded"
    return Asked("POST", path, encoded, content_type, basic(client_id, SECRET))


def in_json(path: str, **members: str) -> Asked:
    return Asked("POST", path, json.dumps(members), "application/json")


def cost_of(asked: Asked) -> tuple[int, int]:
    """Return the statements and the bytes of a request, just after everything was looked up that is remembered."""
    feed.refresh(older_than=0)
    for client_id in ("app", "api"):
        clients.memory.forget(client_id)
        clients.find_known(client_id)
    with CaptureQueriesContext(connection) as seen:
        answer = asked.answered()
    statements = sum(query["sql"].split()[0] not in _OF_TRANSACTIONS for query in seen)
    return statements, len(answer.content) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())


class Process:
    """A process that has keys, clients and revocations in memory, and an application that asks it."""

    def __init__(self, access_token_format: str) -> None:
        self.is_opaque = access_token_format == "opaque"
        self.application = Application(make_client(access_token_format=access_token_format, introspects="own"))
        self.application.sign_in()
        make_client("api", introspects="all", grant_types="client_credentials", redirect_uris="")
        self.tokens = self.application.tokens(scope="openid profile email roles offline_access")
        self.pair = in_json("/api/token/", username="alice", password=PASSWORD).answered().json()

    def cost(self, prepared: Callable[[], Asked]) -> tuple[int, int]:
        """Return the statements and the bytes of a request, in the best of a few tries."""
        tries = [cost_of(prepared()) for _ in range(_TRIES)]
        return min(statements for statements, _ in tries), max(size for _, size in tries)

    def exchange(self, **changed: Any) -> Asked:
        application = self.application
        bound = {"code": application.code(**changed), "redirect_uri": application.redirect_uri}
        verifier = application.verifier
        return form("/oauth/token", grant_type="authorization_code", code_verifier=verifier, **bound)

    def refresh(self) -> Asked:
        """Present the last generation: it is the current one, or the one just replaced."""
        return form("/oauth/token", grant_type="refresh_token", refresh_token=self.tokens["refresh_token"])


@pytest.fixture(params=["jwt", "opaque"])
def process(request: Any, person: User) -> Process:
    made = Process(request.param)
    feed.refresh_after, clients.memory.fresh_for = REFRESH_AFTER_SECONDS, FRESH_SECONDS
    return made


class Bound(NamedTuple):
    """A request, and the most that it may cost: statements, those more for a token that is a row, and bytes."""

    asked: Callable[[Process], Asked]
    statements: int
    of_a_row: int
    size: int


def by_pair(path: str) -> Callable[[Process], Asked]:
    return lambda process: Asked("GET", path, authorization=f"Bearer {process.pair['access']}")


def by_token(path: str) -> Callable[[Process], Asked]:
    return lambda process: Asked("GET", path, authorization=f"Bearer {process.tokens['access_token']}")


def introspecting(name: str) -> Callable[[Process], Asked]:
    client_id = "api" if name == "access_token" else "app"  # each client asks for its own refresh tokens alone
    return lambda process: form("/oauth/introspect", client_id, token=process.tokens[name])


def client_credentials(process: Process) -> Asked:
    return form("/oauth/token", grant_type="client_credentials", scope="read")


def verifying(process: Process) -> Asked:
    return in_json("/api/token/verify/", token=process.pair["access"])


def refreshing(process: Process) -> Asked:
    return in_json("/api/token/refresh/", refresh=process.pair["refresh"])


def public(path: str) -> Callable[[Process], Asked]:
    return lambda process: Asked("GET", path)


def signing_in(process: Process) -> Asked:
    return in_json("/api/token/", username="alice", password=PASSWORD)


# On PostgreSQL one statement finds the person, one counts the guess, and one begins the session of a known program.
SIGN_IN = 3 if connection.vendor == "postgresql" else 12
# On PostgreSQL one statement uses the code, keeps what refreshes and leaves the audit row.
EXCHANGE = 1 if connection.vendor == "postgresql" else 3
BOUNDS = {
    "client credentials": Bound(client_credentials, 0, 1, 1450),
    "a refresh": Bound(Process.refresh, 1, 1, 2800),
    "a code exchange": Bound(Process.exchange, EXCHANGE, 1, 2800),
    # The person; of a row, the row and the roles.
    "introspection of an access token": Bound(introspecting("access_token"), 1, 2, 1300),
    "introspection of a refresh token": Bound(introspecting("refresh_token"), 1, 0, 1000),
    "userinfo": Bound(by_token("/oauth/userinfo"), 1, 2, 1050),
    "verify": Bound(verifying, 1, 0, 850),
    "refresh of a pair": Bound(refreshing, 1, 0, 1900),
    "a sign-in by password": Bound(signing_in, SIGN_IN, 0, 1900),
    "jwks": Bound(public("/oauth/jwks"), 0, 0, 1700),
    "discovery": Bound(public("/.well-known/openid-configuration"), 0, 0, 4200),
    "metadata": Bound(public("/.well-known/oauth-authorization-server"), 0, 0, 3000),
    # The guard asks for the person, of "me" with all that is told; what user_info tells beyond, it looks up itself.
    "protected": Bound(by_pair("/api/protected/"), 1, 0, 900),
    "user_info": Bound(by_pair("/api/user_info/"), 2, 0, 1050),
    "me": Bound(by_pair("/api/me/"), 1, 0, 1400),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_costs_no_more_statements_and_bytes_than_this(process: Process, name: str) -> None:
    bound = BOUNDS[name]
    statements, size = process.cost(lambda: bound.asked(process))
    assert statements <= bound.statements + bound.of_a_row * process.is_opaque
    assert size <= bound.size


def test_a_code_of_a_client_that_hears_of_logouts(process: Process) -> None:
    """Beside the three: which session, the session held, and the note that the client knows of it, looked for and made."""
    process.application.client.backchannel_logout_uri = "https://app.example/logout"
    process.application.client.save()
    assert process.cost(process.exchange)[0] <= 3 + 4 + process.is_opaque


def test_a_bound_is_near_what_it_bounds(process: Process) -> None:
    """One that is far above would see nothing."""
    assert process.cost(lambda: verifying(process))[1] > BOUNDS["verify"].size * 0.75
    assert process.cost(process.refresh)[0] == 1 + process.is_opaque
    assert process.cost(process.exchange)[0] == EXCHANGE + process.is_opaque
