"""RFC 9207: every authorization response, errors too, says who answers, against mix-up attacks."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit


def members(answer: Mapping[str, str], *, state: str | None, issuer: str) -> dict[str, str]:
    """Return the response's parameters, `state` as it came, and `iss`."""
    echoed = {} if state is None else {"state": state}
    return {**answer, **echoed, "iss": issuer}


def redirect_target(redirect_uri: str, *, answer: Mapping[str, str], state: str | None, issuer: str) -> str:
    """Return the redirect URI with the response; what it has as query stays as it is (RFC 6749 section 3.1.2)."""
    added = urlencode(members(answer, state=state, issuer=issuer))
    parts = urlsplit(redirect_uri)
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
