"""RFC 9207: every authorization response, errors too, says who answers, against mix-up attacks."""

from collections.abc import Mapping


def members(answer: Mapping[str, str], *, state: str | None, issuer: str) -> dict[str, str]:
    """Return the response's parameters, `state` as it came, and `iss`."""
    echoed = {} if state is None else {"state": state}
    return {**answer, **echoed, "iss": issuer}
