"""JWT Secured Authorization Response Mode for OAuth 2.0 (JARM): the answer signed, for its client alone.

It is of the kind that id tokens are (section 2.4 looks at no `typ`, and some clients take no other), and none: it says
nothing of a person.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from oauth.conf import SIGNED_RESPONSE_LIFETIME
from oauth.protocol.fapi2 import ALGORITHM
from oauth.registered_client import RegisteredClient
from trust.keys.models import Algorithm
from trust.keys.ring import ring

_TYP: Final = "JWT"


def algorithm_of(client: RegisteredClient) -> Algorithm:
    """Return what a client's answers are signed with: as registered, or the default of section 3, or of its profile."""
    default = ALGORITHM if client.is_fapi2 else Algorithm.RS256.value
    return Algorithm(client.authorization_signed_response_alg or default)


def signed(members: Mapping[str, str], *, client: RegisteredClient, issuer: str, now: datetime) -> dict[str, str]:
    """Return the one parameter, `response`, that the answer is (section 2.1)."""
    claims = {
        **members,
        "iss": issuer,
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + SIGNED_RESPONSE_LIFETIME).timestamp()),
    }
    return {"response": ring.sign(claims, typ=_TYP, algorithm=algorithm_of(client), now=now)}
