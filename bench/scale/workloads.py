"""What is asked of each site: the same of all, each time for another person or client."""

import base64
import http.client
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from bench.scale import names

_TIMEOUT: Final = 30.0  # seconds
_IDLE: Final = 5.0  # seconds, after which a new connection is opened: the server closes what says nothing


class Site:
    """A server, what its visitors hold, and one connection that is kept."""

    def __init__(self, port: int, material: Mapping[str, Any]) -> None:
        self.material = material
        self.host = urlsplit(material["issuer"]).netloc
        self.visitors: list[dict[str, Any]] = material["visitors"]
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        self._used = time.perf_counter()
        self.took = 0.0

    def ask(self, method: str, path: str, visitor: Mapping[str, Any], body: str = "", **headers: str) -> Any:
        """Send a request, note how long the answer took, and return its JSON; of a page its bytes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if time.perf_counter() - self._used > _IDLE:
            self._connection.close()
        began = time.perf_counter()
        self._connection.request(method, path, body=body.encode() or None, headers=self.every(visitor) | named)
        answer = self._connection.getresponse()
        content = answer.read()
        self._used = time.perf_counter()
        self.took = self._used - began
        if answer.status != 200:
            raise AssertionError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content) if answer.headers["Content-Type"].startswith("application/json") else content

    def every(self, visitor: Mapping[str, Any]) -> dict[str, str]:
        """Return what every request of a visitor has, as a proxy passes it on."""
        proxy = {"Host": self.host, "X-Forwarded-Proto": "https", "X-Forwarded-For": visitor["address"]}
        return proxy | {"User-Agent": names.USER_AGENT}

    def form(self, path: str, visitor: Mapping[str, Any], **members: str) -> Any:
        """Send a form as the visitor's client."""
        credentials = base64.b64encode(f"{visitor['client_id']}:{names.CLIENT_SECRET}".encode()).decode()
        kind = "application/x-www-form-urlencoded"
        return self.ask(
            "POST", path, visitor, urlencode(members), authorization=f"Basic {credentials}", content_type=kind
        )

    def json(self, path: str, visitor: Mapping[str, Any], **members: str) -> Any:
        """Send JSON."""
        return self.ask("POST", path, visitor, json.dumps(members), content_type="application/json")

    def page(self, path: str, visitor: Mapping[str, Any], cookie: str) -> Any:
        """Open a page in a browser that is signed in."""
        return self.ask("GET", path, visitor, cookie=f"{self.material['cookie_name']}={cookie}")

    def get(self, path: str, visitor: Mapping[str, Any], token: str) -> Any:
        """Get something by an access token."""
        return self.ask("GET", path, visitor, authorization=f"Bearer {token}")


def _client_credentials(site: Site, visitor: dict[str, Any]) -> None:
    visitor["client_token"] = site.form("/oauth/token", visitor, grant_type="client_credentials")["access_token"]


def _introspect(site: Site, visitor: dict[str, Any]) -> None:
    assert site.form("/oauth/introspect", visitor, token=visitor["client_token"])["active"]


def _refresh(site: Site, visitor: dict[str, Any]) -> None:
    token = visitor["refresh_token"]
    answer = site.form("/oauth/token", visitor, grant_type="refresh_token", refresh_token=token)
    visitor["refresh_token"] = answer["refresh_token"]


def _exchange(site: Site, visitor: dict[str, Any]) -> None:
    named = {name: visitor[name] for name in ("code", "redirect_uri", "code_verifier")}
    answer = site.form("/oauth/token", visitor, grant_type="authorization_code", **named)
    visitor["access_token"] = answer["access_token"]


def _userinfo(site: Site, visitor: dict[str, Any]) -> None:
    assert site.get("/oauth/userinfo", visitor, visitor["access_token"])["email"].endswith(names.DOMAIN)


def _sign_in(site: Site, visitor: dict[str, Any]) -> None:
    pair = site.json("/api/token/", visitor, username=visitor["username"], password=names.PASSWORD)
    visitor["access"], visitor["refresh"] = pair["access"], pair["refresh"]


def _refresh_json(site: Site, visitor: dict[str, Any]) -> None:
    visitor["refresh"] = site.json("/api/token/refresh/", visitor, refresh=visitor["refresh"])["refresh"]


def _me(site: Site, visitor: dict[str, Any]) -> None:
    assert site.get("/api/me/", visitor, visitor["access"])["username"] == visitor["username"]


def _devices(site: Site, visitor: dict[str, Any]) -> None:
    assert b"Firefox" in site.page("/accounts/sessions/", visitor, visitor["cookie"])


def _list_of_people(site: Site, visitor: dict[str, Any]) -> None:
    site.page("/admin/accounts/user/", visitor, site.material["administrator"])


def _search_by_username(site: Site, visitor: dict[str, Any]) -> None:
    found = site.page(f"/admin/accounts/user/?q={visitor['username']}", visitor, site.material["administrator"])
    assert visitor["username"].encode() in found


Workload = Callable[[Site, dict[str, Any]], None]
# In this order: some use what others brought.
WORKLOADS: Final[Mapping[str, Workload]] = {
    "client credentials": _client_credentials,
    "introspection": _introspect,
    "code exchange": _exchange,
    "userinfo": _userinfo,
    "refresh": _refresh,
    "sign-in by JSON": _sign_in,
    "refresh by JSON": _refresh_json,
    "GET /api/me/": _me,
    "devices page": _devices,
    "people in the administration": _list_of_people,
    "the same, searched": _search_by_username,
}
# Asked for by few, and slow: so many times are enough.
SELDOM: Final = {"people in the administration": 40, "the same, searched": 40}
