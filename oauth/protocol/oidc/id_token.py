"""OpenID Connect Core section 2: the id token, for the client alone; never an access token (`typ: JWT`)."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any, Final

from oauth.conf import ID_TOKEN_LIFETIME
from oauth.grant import Grant
from oauth.registered_client import RegisteredClient
from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring

TYP: Final = "JWT"
_ALGORITHMS: Final = (Algorithm.RS256, Algorithm.ES256, Algorithm.EDDSA)


def issue(client: RegisteredClient, grant: Grant, *, issuer: str, access_token: str, now: datetime) -> str:
    """Return a signed id token. `auth_time`, `acr`, `amr` are of the sign-in, also on refresh (section 12.2)."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": str(grant.user_id),
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ID_TOKEN_LIFETIME).timestamp()),
        "auth_time": grant.auth_time_seconds,
        "acr": grant.acr,
        "amr": list(grant.amr),
        "sid": None if grant.session_id is None else str(grant.session_id),
        "nonce": grant.nonce,
        "at_hash": at_hash(access_token, client.id_token_alg),
    }
    algorithm = Algorithm(client.id_token_alg)
    return ring.sign({name: value for name, value in claims.items() if value}, typ=TYP, algorithm=algorithm, now=now)


def at_hash(access_token: str, algorithm: str) -> str:
    """Return the left half of the access token's hash (section 3.1.3.6); EdDSA over Ed25519 hashes by SHA-512."""
    hashed = hashlib.sha512 if algorithm == Algorithm.EDDSA else hashlib.sha256
    digest = hashed(access_token.encode("ascii")).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")


def read_hint(value: str) -> dict[str, Any] | None:
    """Return the claims of an id token of ours, expired or not, or None for anything else (section 3.1.2.1)."""
    try:
        claims = ring.verify(value, typ=TYP.lower(), algorithms=_ALGORITHMS)
    except InvalidToken:
        return None
    return claims if isinstance(claims.get("sub"), str) and isinstance(claims.get("aud"), str) else None
