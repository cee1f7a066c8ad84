"""RFC 9207: every authorization response, errors too, says who answers, against mix-up attacks."""

from collections.abc import Mapping

from oauth.protocol.rfc6749_redirect_uri import with_query


def members(answer: Mapping[str, str], *, state: str | None, issuer: str) -> dict[str, str]:
    """Return the response's parameters, `state` as it came, and `iss`."""
    echoed = {} if state is None else {"state": state}
    return {**answer, **echoed, "iss": issuer}


def redirect_target(redirect_uri: str, *, answer: Mapping[str, str], state: str | None, issuer: str) -> str:
    """Return the redirect URI with the response."""
    return with_query(redirect_uri, members(answer, state=state, issuer=issuer))
