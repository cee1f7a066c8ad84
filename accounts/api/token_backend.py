"""SimpleJWT's token backend, answered by our key ring: the kind of a token is its `typ` header.

SimpleJWT resolves `rest_framework_simplejwt.state.token_backend` lazily for every token; it is set once, at
start-up. What SimpleJWT calls `token_type` never goes into a token: it becomes the header, and comes from it.
"""

from typing import Any, Final

from django.conf import settings
from rest_framework_simplejwt import state
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from trust.keys import compact, jws
from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring
from trust.lib import clock
from trust.revocation.feed import feed
from trust.tokens import access_token, refresh_token
from trust.tokens.vocabulary import ACCESS_TOKEN_TYP, REFRESH_TOKEN_TYP

_TYPE_CLAIM: Final = "token_type"
_KINDS: Final = {"access": (ACCESS_TOKEN_TYP, Algorithm.ES256), "refresh": (REFRESH_TOKEN_TYP, Algorithm.HS256)}
_TYPES: Final = {typ: token_type for token_type, (typ, _) in _KINDS.items()}


class KeyRingBackend(TokenBackend):
    """Signs and verifies with the ring. There is no algorithm and no key to configure."""

    def encode(self, payload: dict[str, Any]) -> str:
        """Sign a token of the kind that its payload names."""
        typ, algorithm = _KINDS[payload[_TYPE_CLAIM]]
        claims = {name: value for name, value in payload.items() if name != _TYPE_CLAIM}
        return ring.sign(claims, typ=typ, algorithm=algorithm, now=clock.now())

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """Return the claims of a live token of ours; there is no unverified reading.

        Raises TokenBackendExpiredToken, TokenBackendError.
        """
        value = token.decode("ascii", "replace") if isinstance(token, bytes) else str(token)
        try:
            return _verified(value)
        except access_token.ExpiredToken as expired:
            raise TokenBackendExpiredToken("expired") from expired
        except InvalidToken as invalid:
            raise TokenBackendError("invalid") from invalid


def install() -> None:
    """Give SimpleJWT this backend."""
    state.token_backend = KeyRingBackend("HS256")


def _verified(value: str) -> dict[str, Any]:
    parsed, now = jws.parse(value), clock.now()
    token_type = _TYPES.get(parsed.typ.lower())
    if token_type == "access":
        if feed.is_revoked(access_token.verify(value, now=now, audience=settings.ISSUER)):
            raise InvalidToken("revoked")
    elif token_type == "refresh":
        refresh_token.unseal(value, now=now)
    else:
        raise InvalidToken("typ")
    return compact.load_json(parsed.payload) | {_TYPE_CLAIM: token_type}
