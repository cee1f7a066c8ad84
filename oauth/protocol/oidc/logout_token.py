"""OpenID Connect Back-Channel Logout 1.0 section 2.4: the logout token, which tells a client of a session's end."""

import uuid
from datetime import datetime
from typing import Any, Final

from oauth.conf import LOGOUT_TOKEN_LIFETIME
from oauth.registered_client import RegisteredClient
from oauth.services.subjects import Told
from trust.keys.models import Algorithm
from trust.keys.ring import ring

TYP: Final = "logout+jwt"  # never taken for an id token, nor for an access token (section 4.1)
EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


def issue(client: RegisteredClient, told: Told, *, issuer: str, now: datetime) -> str:
    """Return a signed logout token that says what the client's id tokens said: `sub`, `sid`. It has no `nonce`."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": told.subject,
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + LOGOUT_TOKEN_LIFETIME).timestamp()),
        "jti": str(uuid.uuid4()),
        "sid": told.session_id,
        "events": {EVENT: {}},
    }
    return ring.sign(claims, typ=TYP, algorithm=Algorithm(client.id_token_alg), now=now)
