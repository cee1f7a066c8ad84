"""OpenID Connect Core section 2: the id token, for the client alone; never an access token (`typ: JWT`)."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any, Final

from oauth.conf import ID_TOKEN_LIFETIME
from oauth.grant import Grant
from oauth.protocol.oidc import claim_mapping
from oauth.protocol.oidc import claims as claims_rules
from oauth.registered_client import RegisteredClient
from oauth.services import people
from oauth.services.subjects import Told
from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring

TYP: Final = "JWT"
_ALGORITHMS: Final = (Algorithm.RS256, Algorithm.ES256, Algorithm.EDDSA)


def issue(client: RegisteredClient, grant: Grant, told: Told, *, issuer: str, access_token: str, now: datetime) -> str:
    """Return a signed id token."""
    said = claims_of(client, grant, told, issuer=issuer, access_token=access_token, now=now)
    return ring.sign(said, typ=TYP, algorithm=Algorithm(client.id_token_alg), now=now)


def claims_of(
    client: RegisteredClient, grant: Grant, told: Told, *, issuer: str, access_token: str, now: datetime
) -> dict[str, Any]:
    """Return what an id token says. `auth_time`, `acr`, `amr` are of the sign-in, also on refresh (section 12.2)."""
    claims: dict[str, Any] = {
        **_of_person(client, grant),
        "iss": issuer,
        "sub": told.subject,
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int(_end(grant, now).timestamp()),
        "auth_time": grant.auth_time_seconds,
        "acr": grant.acr,
        "amr": list(grant.amr) or None,
        "sid": told.session_id,
        "act": {"sub": grant.act} if grant.act else None,  # RFC 8693 section 4.1
        "nonce": grant.nonce,
        "at_hash": at_hash(access_token, client.id_token_alg),
    }
    return {name: value for name, value in claims.items() if value not in (None, "")}


def _end(grant: Grant, now: datetime) -> datetime:
    end = now + ID_TOKEN_LIFETIME
    return end if grant.until is None else min(end, grant.until)


def _of_person(client: RegisteredClient, grant: Grant) -> dict[str, Any]:
    """Return the claims asked for by name (section 5.5) and those that the client is given by its own mapping."""
    if not grant.claims.id_token and not client.claims:
        return {}
    names = [*grant.claims.id_token, *claim_mapping.sources(client.claims)]
    values = people.claims_of(people.known(grant.user_id), names=names)
    asked = claims_rules.of_person(values, names=grant.claims.id_token)
    return claim_mapping.applied(client.claims, values, to=asked)


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
    is_id_token = isinstance(claims.get("exp"), int)  # signed userinfo has none (section 5.3.2)
    named = isinstance(claims.get("sub"), str) and isinstance(claims.get("aud"), str)
    return claims if is_id_token and named else None
