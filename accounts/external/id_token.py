"""OpenID Connect Core section 3.1.3.7: an id token is believed only if all of it is right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import compare_digest
from typing import Any, Final

from accounts.external import discovery
from accounts.external.conf import ID_TOKEN_AGE, ID_TOKEN_LENGTH, LEEWAY, SUBJECT_LENGTH
from accounts.external.errors import ExternalSignInFailed
from trust.keys import foreign
from trust.keys.foreign import InvalidToken, seconds

Claims = dict[str, Any]
_TYPES: Final = frozenset({"", "jwt"})  # at+jwt and logout+jwt are other kinds of token (RFC 8725 section 3.11)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the id token must be about. `authenticated_since` is set where the person had to sign in anew."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime
    authenticated_since: datetime | None = None


def verify(token: Any, *, jwks_uri: str, expected: Expected) -> Claims:
    """Return the claims of an id token. Raises ExternalSignInFailed, naming what was wrong, or ProviderUnavailable."""
    if not isinstance(token, str):
        raise ExternalSignInFailed("there is no id token")
    claims = _signed_claims(token, jwks_uri)
    for name, is_right in _CHECKS.items():
        if not is_right(claims, expected):
            raise ExternalSignInFailed(f"the id token's {name} is wrong")
    return claims


def _signed_claims(token: str, jwks_uri: str) -> Claims:
    try:
        signed = foreign.parse(token, longest=ID_TOKEN_LENGTH)
        if signed.typ not in _TYPES:
            raise InvalidToken("typ")
        return foreign.verified(signed, discovery.key_sets(jwks_uri))
    except InvalidToken as bad:
        raise ExternalSignInFailed(f"the id token: {bad}") from bad


def _is_for_us(claims: Claims, expected: Expected) -> bool:
    """Refuse every audience but ourselves: we trust no other (step 3)."""
    return claims.get("aud") in (expected.client_id, [expected.client_id])


def _is_whole_subject(claims: Claims, expected: Expected) -> bool:
    subject = claims.get("sub")
    return isinstance(subject, str) and 0 < len(subject) <= SUBJECT_LENGTH


def _is_not_expired(claims: Claims, expected: Expected) -> bool:
    expires = seconds(claims, "exp")
    return expires is not None and expires > expected.now.timestamp() - LEEWAY


def _is_fresh(claims: Claims, expected: Expected) -> bool:
    issued, now = seconds(claims, "iat"), expected.now.timestamp()
    return issued is not None and now - ID_TOKEN_AGE - LEEWAY <= issued <= now + LEEWAY


def _is_our_nonce(claims: Claims, expected: Expected) -> bool:
    nonce = claims.get("nonce")
    return isinstance(nonce, str) and compare_digest(nonce.encode(), expected.nonce.encode())


def _is_late_enough(claims: Claims, expected: Expected) -> bool:
    """Where a new sign-in was asked for by max_age, the provider must say that there was one (section 3.1.2.1)."""
    if expected.authenticated_since is None:
        return True
    authenticated = seconds(claims, "auth_time")
    return authenticated is not None and authenticated >= expected.authenticated_since.timestamp() - LEEWAY


_CHECKS: Final[dict[str, Callable[[Claims, Expected], bool]]] = {
    "iss": lambda claims, expected: claims.get("iss") == expected.issuer,
    "aud": _is_for_us,
    "azp": lambda claims, expected: claims.get("azp", expected.client_id) == expected.client_id,
    "sub": _is_whole_subject,
    "exp": _is_not_expired,
    "iat": _is_fresh,
    "nonce": _is_our_nonce,
    "auth_time": _is_late_enough,
}
