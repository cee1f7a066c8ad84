"""The pass: what a browser shows a site behind a proxy. `typ: pass+jwt`, HS256 under a key that is never published.

It names a session, the client and the site's origin. It opens nothing else, at no other site, and says nothing of the
person: whether the session is alive, and whose it is, is looked up each time.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring

PASS_TYP: Final = "pass+jwt"


@dataclass(frozen=True, slots=True)
class SitePass:
    """What a pass says; it is over at `expires_at`, in seconds since the epoch."""

    session_id: uuid.UUID
    client_id: str
    origin: str
    expires_at: int


def seal(site_pass: SitePass, *, now: datetime) -> str:
    """Return the pass as the browser keeps it."""
    claims = {
        "sid": str(site_pass.session_id),
        "client_id": site_pass.client_id,
        "aud": site_pass.origin,
        "exp": site_pass.expires_at,
    }
    return ring.sign(claims, typ=PASS_TYP, algorithm=Algorithm.HS256, now=now)


def unseal(value: str, *, client_id: str, origin: str, now: datetime) -> SitePass | None:
    """Return what a genuine pass for this site says, or None."""
    try:
        claims = ring.verify(value, typ=PASS_TYP, algorithms=[Algorithm.HS256])
    except InvalidToken:
        return None
    if claims.get("aud") != origin or claims.get("client_id") != client_id:
        return None
    return _alive(claims, now)


def _alive(claims: dict[str, Any], now: datetime) -> SitePass | None:
    known = SitePass(uuid.UUID(claims["sid"]), claims["client_id"], claims["aud"], claims["exp"])
    return known if known.expires_at > now.timestamp() else None
