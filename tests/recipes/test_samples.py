"""The services of docs/samples let in whom they should and nobody else, by the published keys and by asking."""

import base64
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import jwt
import pytest
import requests

from accounts.models import User
from tests.bearer import forged
from tests.clients import SECRET, make_client
from tests.live_site import LiveSite, live_site
from tests.recipes.programs import free_port, serving
from trust.keys.models import Algorithm

pytestmark = pytest.mark.django_db(transaction=True)

COMMANDS: Final[dict[str, Callable[[int], list[str]]]] = {
    "fastapi": lambda port: [
        *(sys.executable, "-m", "uvicorn", "--app-dir", "docs/samples/fastapi", "fastapi_notes:app"),
        *("--port", str(port), "--log-level", "warning"),
    ],
    "flask": lambda port: [
        *(sys.executable, "-m", "flask", "--app", "docs/samples/flask/flask_notes.py", "run", "--port", str(port)),
    ],
    "express": lambda port: [
        *("env", f"NOTES_PORT={port}"),
        *(str(Path(sys.executable).with_name("node")), "docs/samples/express/notes.mjs"),
    ],
}
FRAMEWORKS: Final = ["fastapi", "flask", pytest.param("express", marks=pytest.mark.node)]


class Services:
    """One sample twice: `by_keys` verifies by itself, `by_asking` asks the site."""

    def __init__(self, site: LiveSite, by_keys: int, by_asking: int) -> None:
        self.site = site
        self._urls = {"by_keys": by_keys, "by_asking": by_asking}

    def ask(self, authorization: str | None) -> dict[str, requests.Response]:
        """Return what each answers."""
        headers = {"Authorization": authorization} if authorization else {}
        return {
            name: requests.get(f"http://127.0.0.1:{port}/notes", headers=headers, timeout=30)
            for name, port in self._urls.items()
        }

    def statuses(self, authorization: str | None) -> dict[str, int]:
        return {name: answer.status_code for name, answer in self.ask(authorization).items()}

    def token(self, person: User, **changes: Any) -> str:
        """Sign what the site would for an application with the right scope, with changes."""
        claims = {"iss": self.site.url, "aud": self.site.url, "client_id": "robot", "scope": "openid notes.read"}
        return forged(person, **(claims | changes))


@pytest.fixture
def services(request: pytest.FixtureRequest, clone: Path) -> Iterator[Services]:
    """The sample of the framework that the test names."""
    make_client("notes-api", introspects="all")
    with ExitStack() as at_end:
        site = at_end.enter_context(live_site(own_issuer=True))
        asking = {"CLIENT_ID": "notes-api", "CLIENT_SECRET": SECRET}
        ports = [_served(request.param, site, clone, at_end, given) for given in ({}, asking)]
        yield Services(site, *ports)


def _served(framework: str, site: LiveSite, clone: Path, at_end: ExitStack, given: dict[str, str]) -> int:
    port = free_port()
    environment = {"PATH": "/usr/bin:/bin", "ISSUER": site.url, **given}
    at_end.enter_context(serving(COMMANDS[framework](port), port=port, folder=clone, environment=environment))
    return port


BOTH_LET_IN: Final = {"by_keys": 200, "by_asking": 200}
BOTH_REFUSE: Final = {"by_keys": 401, "by_asking": 401}


@pytest.mark.parametrize("services", FRAMEWORKS, indirect=True)
def test_a_service_lets_in_whom_it_should_and_nobody_else(services: Services, person: User) -> None:
    good = services.token(person)
    assert services.statuses(f"Bearer {good}") == BOTH_LET_IN
    assert {answer.json()["of"] for answer in services.ask(f"Bearer {good}").values()} == {str(person.pk)}
    assert services.statuses(f"bearer {good}") == BOTH_LET_IN

    _refuses_who_has_no_token(services)
    _refuses_a_token_without_the_scope(services, person)
    refused = {
        "another audience": services.token(person, aud="https://other.example"),
        "another issuer": services.token(person, iss="https://other.example"),
        "expired": services.token(person, exp=1_700_000_000),
        "an id token": services.token(person, typ="JWT"),
        "an id token in the algorithm of id tokens": services.token(person, typ="JWT", algorithm=Algorithm.RS256),
        "another algorithm": services.token(person, algorithm=Algorithm.RS256),
        "somebody else's signature": f"{good.rpartition('.')[0]}.{services.token(person, sub='x').rpartition('.')[2]}",
        "unsigned": f"{_segment({'alg': 'none', 'typ': 'at+jwt'})}.{good.split('.')[1]}.",
        "a key that nobody has": ".".join(
            [_segment(jwt.get_unverified_header(good) | {"kid": "x"}), *good.split(".")[1:]]
        ),
        "no token at all": "not.a.token",
    }
    for reason, token in refused.items():
        assert services.statuses(f"Bearer {token}") == BOTH_REFUSE, reason
    _asking_knows_what_was_revoked(services)


def _segment(header: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def _refuses_who_has_no_token(services: Services) -> None:
    for authorization in (None, "Basic YWxpY2U6c2VjcmV0"):
        for answer in services.ask(authorization).values():
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def _refuses_a_token_without_the_scope(services: Services, person: User) -> None:
    for scope in ("", "openid", "notes.read.all"):
        for answer in services.ask(f"Bearer {services.token(person, scope=scope)}").values():
            assert answer.status_code == 403
            assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="notes.read"'


def _asking_knows_what_was_revoked(services: Services) -> None:
    """Who only verifies learns of it when the token expires, as the recipe says."""
    make_client("robot", scopes="notes.read")
    credentials, site = ("robot", SECRET), services.site.url
    form = {"grant_type": "client_credentials", "scope": "notes.read"}
    token = requests.post(f"{site}/oauth/token", data=form, auth=credentials, timeout=30).json()["access_token"]
    assert services.statuses(f"Bearer {token}") == BOTH_LET_IN
    requests.post(f"{site}/oauth/revoke", data={"token": token}, auth=credentials, timeout=30).raise_for_status()
    assert services.statuses(f"Bearer {token}") == {"by_keys": 200, "by_asking": 401}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_token_is_not_blamed_when_the_site_cannot_be_reached(framework: str, clone: Path, person: User) -> None:
    """The caller is not let in, and not told to throw a good token away either."""
    nowhere = LiveSite(f"http://127.0.0.1:{free_port()}")
    with ExitStack() as at_end:
        given = ({}, {"CLIENT_ID": "notes-api", "CLIENT_SECRET": SECRET})
        services = Services(nowhere, *(_served(framework, nowhere, clone, at_end, each) for each in given))
        assert services.statuses(f"Bearer {services.token(person)}") == {"by_keys": 500, "by_asking": 500}
