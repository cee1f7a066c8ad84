"""RFC 9701: an introspection answer as a signed JWT, for a client that keeps it as evidence of what it was told.

It is of a kind of its own (`typ`) and says nothing outside its one member, so that it never passes for the token that
it is about, or for an id token (section 8.1).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from oauth.protocol.fapi2 import ALGORITHM
from oauth.registered_client import RegisteredClient
from trust.keys.models import Algorithm
from trust.keys.ring import ring

MEDIA_TYPE: Final = "application/token-introspection+jwt"
_TYP: Final = "token-introspection+jwt"
_PLAIN: Final = "application/json"
_MOST: Final = 32  # media ranges that are looked at
_WEIGHT: Final = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", re.ASCII)  # RFC 9110 section 12.4.2


def signed(members: Mapping[str, Any], *, client: RegisteredClient, issuer: str, now: datetime) -> str:
    """Return the answer for the client that asked (section 5), without `sub` or `exp`, which would make it a token."""
    claims = {"iss": issuer, "aud": client.client_id, "iat": int(now.timestamp()), "token_introspection": dict(members)}
    return ring.sign(claims, typ=_TYP, algorithm=algorithm_of(client), now=now)


def algorithm_of(client: RegisteredClient) -> Algorithm:
    """Return what a client's answers are signed with: as registered, or the default of section 6, or of its profile."""
    default = ALGORITHM if client.is_fapi2 else Algorithm.RS256.value
    return Algorithm(client.introspection_signed_response_alg or default)


@lru_cache(256)
def is_wanted(accept: str) -> bool:
    """Tell whether an Accept header wants the JWT (section 4): by its name, and no less than JSON (RFC 9110 12.5.1)."""
    weights: dict[str, float] = {}
    for media_range in accept.split(",")[:_MOST]:
        name, *parameters = (part.strip().lower() for part in media_range.split(";"))
        weights[name] = max(_weight(parameters), weights.get(name, 0.0))
    wanted = weights.get(MEDIA_TYPE, 0.0)
    plain = next((weights[name] for name in (_PLAIN, "application/*", "*/*") if name in weights), 0.0)
    return wanted > 0 and wanted >= plain


def _weight(parameters: list[str]) -> float:
    """Return the weight that a media range is given: 1 if none, none if it cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if _WEIGHT.fullmatch(value := value.strip()) else 0.0
    return 1.0
