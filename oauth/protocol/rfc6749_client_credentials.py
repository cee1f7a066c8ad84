"""RFC 6749 section 4.4: a confidential client gets a token for itself. It writes nothing."""

from functools import partial

from oauth.errors import InvalidAuthorizationDetails, InvalidScope, UnauthorizedClient
from oauth.protocol import rfc6749_scope, rfc8707_target
from oauth.protocol.rfc6749_token_response import TokenResponse, for_client
from oauth.protocol.rfc9068_access_token import OUR_OWN, Target
from oauth.protocol.rfc9396_authorization_details import AUTHORIZATION_DETAILS
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import RegisteredClient
from oauth.services import service_accounts
from oauth.vocabulary import OFFLINE_ACCESS, OPENID, ROLES
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.waiting import aside

# Scopes that speak of a person, whom this grant has none of.
_OF_A_PERSON = frozenset({OPENID, OFFLINE_ACCESS})


async def grant(client: RegisteredClient, request: TokenRequest) -> TokenResponse:
    """Return the token. Raises UnauthorizedClient, InvalidScope, InvalidAuthorizationDetails, InvalidTarget."""
    parameters, issuer, jkt = request.parameters, request.issuer, request.jkt
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
    if parameters.get(AUTHORIZATION_DETAILS):
        finding = Finding(found=Found.DETAIL_NOT_GRANTED)
        raise InvalidAuthorizationDetails("There is no person in this grant.", finding=finding)
    target = Target(jkt=jkt) if jkt else OUR_OWN
    if parameters.get("resource"):
        resource = rfc8707_target.chosen(parameters, resources=(), scope=scope, issuer=issuer)
        target, scope = Target(resource, jkt), rfc8707_target.scope_at(resource, scope)
    # Issued as of when the client was last known for what it is: a change of it since then kills this token too.
    issued_at = min(request.now, client.known_at)
    roles = await aside(partial(service_accounts.roles_of, client.pk)) if ROLES in scope else ()
    return for_client(client, scope, issuer=issuer, now=issued_at, target=target, roles=roles)
