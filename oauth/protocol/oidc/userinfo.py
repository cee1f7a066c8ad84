"""OpenID Connect Core section 5.3: the claims of the person whom an access token speaks for."""

from typing import Any

from oauth.protocol.oidc import claims
from oauth.services import people
from oauth.vocabulary import OPENID
from trust.guard.challenge import Challenge
from trust.guard.exceptions import Refused
from trust.guard.refusal import of_challenge
from trust.tokens.access_token import AccessToken


def claims_for(token: AccessToken) -> dict[str, Any]:
    """Return `sub` and what the scopes ask for. Raises Refused: without `openid`, or where there is no person."""
    if OPENID not in token.scope or not token.is_person:
        raise Refused(of_challenge(Challenge(error="insufficient_scope", scope=OPENID)))
    person = people.active(token.subject)
    if person is None:
        raise Refused(of_challenge(Challenge(error="invalid_token", description="The access token is not valid")))
    values = people.claims_of(person, names=claims.names_for(token.scope))
    return {"sub": token.subject, **claims.of_person(values, scope=token.scope)}
