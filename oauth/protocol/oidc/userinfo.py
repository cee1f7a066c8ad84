"""OpenID Connect Core section 5.3: the claims of the person whom an access token speaks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from oauth.client_metadata import ClientDescription
from oauth.protocol.oidc import claim_mapping
from oauth.protocol.oidc import claims as rules
from oauth.registered_client import RegisteredClient
from oauth.services import people
from oauth.vocabulary import OPENID
from trust.guard.challenge import Challenge
from trust.guard.exceptions import Refused
from trust.guard.refusal import of_challenge
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.tokens.access_token import AccessToken

_INVALID_TOKEN: Final = of_challenge(Challenge(error="invalid_token", description="The access token is not valid"))


async def claims_for(token: AccessToken, client: ClientDescription | None) -> dict[str, Any]:
    """Return `sub`, what the scopes and the claims parameter ask for, and what the client is given by its mapping.

    Raises Refused: without `openid`, or where there is no person, or no client any more.
    """
    if OPENID not in token.scope or token.person_id is None:
        raise Refused(of_challenge(Challenge(error="insufficient_scope", scope=OPENID)))
    if client is None:
        raise Refused(_INVALID_TOKEN)
    names = [*rules.names_for(token.scope), *token.userinfo_claims]
    looked_up = [*names, *claim_mapping.sources(client.claims)]
    person = await people.active(token.person_id, names=looked_up)
    if person is None:
        raise Refused(_INVALID_TOKEN)
    values = people.claims_of(person, names=looked_up)
    told = claim_mapping.applied(client.claims, values, to=rules.of_person(values, names=names))
    return {**told, "sub": token.subject}


def signed(claims: Mapping[str, Any], client: RegisteredClient, *, issuer: str, now: datetime) -> str:
    """Return the claims as a signed JWT for the client alone (section 5.3.2)."""
    algorithm = Algorithm(client.userinfo_signed_response_alg)
    return ring.sign(as_signed(claims, client, issuer=issuer), typ="JWT", algorithm=algorithm, now=now)


def as_signed(claims: Mapping[str, Any], client: RegisteredClient, *, issuer: str) -> dict[str, Any]:
    """Return the claims as they are signed: with whom they are from, and for whom (section 5.3.2)."""
    return {**claims, "iss": issuer, "aud": client.client_id}
