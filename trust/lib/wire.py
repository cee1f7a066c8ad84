"""The wire as machine endpoints see it: a request in, a response out, and no framework in between.

An endpoint is a coroutine from one to the other, so that the same one is mounted as a Django view
(trust.guard.endpoint) and, where the server starts, before Django's middleware (authproject.lane).
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from trust.lib.origin import Origin
from trust.lib.plain_json import dump_json
from trust.lib.strict_json import parse_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. `headers` has lower-case names; `query` is the raw query string; `client_address` is canonical."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: bytes = b""
    client_address: str = ""
    user_agent: str = ""

    @property
    def media_type(self) -> str:
        """What the body says that it is, in lower case and without parameters (RFC 9110 section 8.3.1)."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def origin(self) -> Origin:
        """Where the request came from, for the audit."""
        return Origin(self.client_address, self.user_agent)

    def json(self) -> Any:
        """Return what the body says. Raises trust.lib.strict_json.MalformedJson."""
        return parse_json(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response. A mapping as body is sent as JSON; bytes are sent as they are."""

    status: int = 200
    body: Mapping[str, Any] | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """Return the body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return dump_json(self.body)

    def content_type(self) -> str | None:
        """Return the media type, JSON (RFC 8259) unless the headers say otherwise, or None if there is no body."""
        return self.headers.get("Content-Type") or ("application/json" if self.body != b"" else None)


Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
