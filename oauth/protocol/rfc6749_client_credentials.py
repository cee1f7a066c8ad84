"""RFC 6749 section 4.4: a confidential client gets a token for itself. It writes nothing."""

from datetime import datetime

from oauth.errors import InvalidScope, UnauthorizedClient
from oauth.protocol import rfc6749_scope
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse, for_client
from oauth.registered_client import RegisteredClient
from oauth.vocabulary import OFFLINE_ACCESS, OPENID
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.origin import Origin

# Scopes that speak of a person, whom this grant has none of.
_OF_A_PERSON = frozenset({OPENID, OFFLINE_ACCESS})


async def grant(
    client: RegisteredClient, parameters: Parameters, *, issuer: str, origin: Origin, now: datetime
) -> TokenResponse:
    """Return the token. Raises UnauthorizedClient, InvalidScope."""
    if client.is_public:
        raise UnauthorizedClient(finding=Finding(found=Found.PUBLIC_CLIENT, about="client_credentials"))
    scope = rfc6749_scope.granted(
        parameters.get("scope"),
        allowed=client.scopes,
        default=[name for name in client.default_scopes if name not in _OF_A_PERSON],
    )
    if _OF_A_PERSON.intersection(scope):
        finding = Finding(found=Found.NO_PERSON, came=" ".join(sorted(_OF_A_PERSON.intersection(scope))))
        raise InvalidScope("There is no person in this grant.", finding=finding)
    # Issued as of when the client was last known for what it is: a change of it since then kills this token too.
    return for_client(client, scope, issuer=issuer, now=min(now, client.known_at))
