"""The columns: what is asked, the same of all systems, checked once by our own eyes before it becomes a load."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.driver import CONNECTIONS, Load
from bench.http import Request, call, form, get, json_post
from bench.processes import Failed
from bench.systems.base import System, resource_of
from bench.world import SCOPE

# Fewer: ours tells who would wait for more than twenty hashes of a worker to come again, and two keep all cores busy.
LOGIN_CONNECTIONS: Final = 16
# Without openid: not everybody issues an id token again, and the work is to be the same for all.
REFRESH_SCOPE: Final = "profile email offline_access"
# In one thread all connections of it take tokens and put them back; the rest are for those cut off at the end.
_CHAINS: Final = CONNECTIONS * 3
_SPARE: Final = 1.4  # times the codes that the last run would have used
_MOST_CODES: Final = 60_000
Prepare = Callable[[System, str, float, Path], Load]


@dataclass(frozen=True)
class Column:
    """A column of the report. `goals` are ratios against the best peer, unless they name one."""

    name: str
    asks: str
    prepare: Prepare
    goal: float
    further_goals: Mapping[str, float] = field(default_factory=dict)


def client_credentials(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Send client credentials for a token (RFC 6749 section 4.4)."""
    members = {"grant_type": "client_credentials", "scope": "read", **system.machine_credentials()}
    return _again(system, form(system.paths.token, members | resource_of(variant)), folder, "access_token")


def introspect(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Ask about a live access token (RFC 7662)."""
    members = system.app_credentials() | {"token": system.person_token()}
    return _again(system, form(system.paths.introspection, members), folder, "scope")


def userinfo(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Ask who the person is (OpenID Connect Core section 5.3)."""
    return _again(system, get(system.paths.userinfo, system.person_token()), folder, "email")


def discovery(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Read the metadata."""
    return _again(system, get(system.paths.discovery), folder, "token_endpoint")


def jwks(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Read the keys."""
    return _again(system, get(system.paths.jwks), folder, "keys")


def guarded(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Read a view that the bearer token opens."""
    token = "" if variant == "unguarded" else system.person_token()
    return _again(system, get(system.paths.guarded, token), folder, "email")


def refresh(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Rotate refresh tokens, each connection a chain of its own (RFC 6749 section 6)."""
    issued = system.codes(_CHAINS, scope=REFRESH_SCOPE, variant=variant)
    tokens = [system.exchanged(code)["refresh_token"] for code in issued]
    first = {"grant_type": "refresh_token", **system.app_credentials()}
    answer = call(system.url, form(system.paths.token, first | {"refresh_token": tokens[0]}))
    if answer.status != 200 or answer.json()["refresh_token"] == tokens[0]:
        raise Failed(f"{system.name} did not rotate: {answer.status} {answer.body[:300]!r}")
    lines = _lines(folder / "refresh_tokens", tokens[1:])
    return Load("refresh", (_written(form(system.paths.token, first | {"refresh_token": ""}), folder), lines))


def code(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Exchange authorization codes with PKCE for an access, a refresh and an id token."""
    count = min(int(seconds * system.code_rate * _SPARE) + CONNECTIONS, _MOST_CODES)
    issued = system.codes(count + 1, scope=SCOPE, variant=variant)
    _check_id_token(system, system.exchanged(issued[0])["id_token"])
    lines = _lines(folder / "codes", issued[1:])
    request = form(system.paths.token, system.exchange_form() | {"code": ""})
    return Load("code", (_written(request, folder), lines))


def login(system: System, variant: str, seconds: float, folder: Path) -> Load:
    """Sign in by a password for an access token."""
    people = [system.login_members(person.username, person.password) for person in system.ground.world.people]
    request = json_post(system.paths.login, people[0])
    _check(system, request, "access" if system.name == "ours" else "access_token")
    lines = _lines(folder / "people", [json.dumps(members) for members in people])
    empty = Request("POST", request.path, request.headers)
    return Load("login", (_written(empty, folder), lines), connections=LOGIN_CONNECTIONS)


def _again(system: System, request: Request, folder: Path, expected: str) -> Load:
    _check(system, request, expected)
    return Load("static", (_written(request, folder),))


def _check(system: System, request: Request, expected: str) -> None:
    answer = call(system.url, request)
    if answer.status != 200 or expected not in answer.json():
        raise Failed(f"{system.name} answered {request.path} with {answer.status} {answer.body[:300]!r}")


def _check_id_token(system: System, token: str) -> None:
    head = token.split(".", maxsplit=1)[0]
    algorithm = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["alg"]
    if algorithm != system.ground.world.id_token_alg:
        raise Failed(f"{system.name} signed an id token with {algorithm}")


def _written(request: Request, folder: Path) -> Path:
    request.write(folder / "request")
    return folder / "request"


def _lines(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


_ON_POSTGRESQL: Final = "oidc-postgresql"
# The goals of the issue: ratios against the best peer of the column in the same run. That of the guarded view is
# against the same view without its guard.
COLUMNS: Final = {
    column.name: column
    for column in (
        Column("client_credentials", "a token for a machine", client_credentials, 2.5),
        Column("introspect", "introspection of a person's access token", introspect, 1.8),
        Column("refresh", "rotation of a refresh token", refresh, 1.3, {_ON_POSTGRESQL: 3.0}),
        Column("code", "a code for access, refresh and id token", code, 1.5, {_ON_POSTGRESQL: 3.5}),
        Column("userinfo", "userinfo", userinfo, 1.8),
        Column("discovery", "the metadata", discovery, 2.0),
        Column("jwks", "the keys", jwks, 1.5),
        Column("login", "a password for a token", login, 1.0),
        Column("guarded", "a view that a bearer token opens", guarded, 0.8),
    )
}
