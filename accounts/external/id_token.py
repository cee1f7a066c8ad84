"""OpenID Connect Core section 3.1.3.7: an id token is believed only if all of it is right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import compare_digest
from typing import Any, Final

from jwt import PyJWS
from jwt.exceptions import PyJWTError

from accounts.external import jwks
from accounts.external.conf import ALGORITHMS, ID_TOKEN_AGE, ID_TOKEN_LENGTH, LEEWAY, SUBJECT_LENGTH
from accounts.external.errors import ExternalSignInFailed
from trust.lib.strict_json import MalformedJson, parse_json

Claims = dict[str, Any]
_ALLOWED: Final = frozenset(alg for algorithms in ALGORITHMS.values() for alg in algorithms)
_TYPES: Final = frozenset({"", "jwt"})  # at+jwt and logout+jwt are other kinds of token (RFC 8725 section 3.11)
_jws: Final = PyJWS(options={"enforce_minimum_key_length": True})


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
    if not isinstance(token, str) or not 0 < len(token) <= ID_TOKEN_LENGTH:
        raise ExternalSignInFailed("there is no id token of a fitting size")
    claims = _signed_claims(token, jwks_uri)
    for name, is_right in _CHECKS.items():
        if not is_right(claims, expected):
            raise ExternalSignInFailed(f"the id token's {name} is wrong")
    return claims


def _signed_claims(token: str, jwks_uri: str) -> Claims:
    try:
        header = _jws.get_unverified_header(token)
        alg, kid = header.get("alg"), header.get("kid")
        if alg not in _ALLOWED or str(header.get("typ", "")).lower() not in _TYPES:
            raise ExternalSignInFailed("the id token's header is not allowed")
        key = jwks.find(jwks_uri, kid=kid, alg=alg)
        claims = parse_json(_jws.decode(token, key, algorithms=[alg]))
    except (PyJWTError, MalformedJson) as bad:
        raise ExternalSignInFailed(f"the id token: {type(bad).__name__}") from bad
    if not isinstance(claims, dict):
        raise ExternalSignInFailed("the id token's claims are no object")
    return claims


def _is_for_us(claims: Claims, expected: Expected) -> bool:
    """Refuse every audience but ourselves: we trust no other (step 3)."""
    return claims.get("aud") in (expected.client_id, [expected.client_id])


def _is_whole_subject(claims: Claims, expected: Expected) -> bool:
    subject = claims.get("sub")
    return isinstance(subject, str) and 0 < len(subject) <= SUBJECT_LENGTH


def _is_not_expired(claims: Claims, expected: Expected) -> bool:
    expires = _seconds(claims, "exp")
    return expires is not None and expires > expected.now.timestamp() - LEEWAY


def _is_fresh(claims: Claims, expected: Expected) -> bool:
    issued, now = _seconds(claims, "iat"), expected.now.timestamp()
    return issued is not None and now - ID_TOKEN_AGE - LEEWAY <= issued <= now + LEEWAY


def _is_our_nonce(claims: Claims, expected: Expected) -> bool:
    nonce = claims.get("nonce")
    return isinstance(nonce, str) and compare_digest(nonce.encode(), expected.nonce.encode())


def _is_late_enough(claims: Claims, expected: Expected) -> bool:
    """Where a new sign-in was asked for by max_age, the provider must say that there was one (section 3.1.2.1)."""
    if expected.authenticated_since is None:
        return True
    authenticated = _seconds(claims, "auth_time")
    return authenticated is not None and authenticated >= expected.authenticated_since.timestamp() - LEEWAY


def _seconds(claims: Claims, name: str) -> float | None:
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


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
