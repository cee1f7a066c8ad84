"""RFC 6749 section 6, RFC 9700 section 4.14.2: a refresh token for new tokens; the old one is replaced.

A narrower scope is for this access token alone: the refresh token keeps what was granted. A scope that
the client may not have any more is granted no more.
"""

from oauth.errors import InvalidGrant
from oauth.protocol import rfc6749_scope, rfc8707_target, rfc9396_authorization_details
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse, for_person
from oauth.protocol.rfc9396_authorization_details import AUTHORIZATION_DETAILS
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import RegisteredClient
from oauth.services import clients, refresh_tokens
from oauth.services.clients import ClientChanged
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys.ring import InvalidToken
from trust.lib.origin import Origin
from trust.tokens import refresh_token
from trust.tokens.refresh_token import RefreshToken


async def refresh(client: RegisteredClient, request: TokenRequest) -> TokenResponse:
    """Return new tokens. Raises InvalidRequest, InvalidGrant, InvalidScope, InvalidTarget, ClientChanged."""
    parameters, jkt = request.parameters, request.jkt
    try:
        counter = refresh_token.unseal(parameters.required("refresh_token"), now=request.now)
    except InvalidToken as invalid:
        raise InvalidGrant(finding=_no_token(invalid)) from invalid
    asked, details = parameters.get("scope"), parameters.get(AUTHORIZATION_DETAILS)
    if asked or details or parameters.get("resource"):
        _check_narrowed(asked, parameters, counter, client, request.issuer)
    rotated = await refresh_tokens.rotate(client=client, counter=counter, jkt=jkt)
    if rotated is None:
        raise _refusal(client, counter, jkt, request.origin)
    granted, successor = rotated
    scope = _narrowed(asked, granted.scope, client)
    grant = granted if scope == granted.scope else granted._replace(scope=scope)
    if grant.authorization_details:
        grant = grant._replace(authorization_details=_details(details, grant.authorization_details, client))
    return await for_person(client, grant, request, refresh=successor)


def _check_narrowed(
    asked: str, parameters: Parameters, counter: RefreshToken, client: RegisteredClient, issuer: str
) -> None:
    """Refuse what is not to be had before the token is replaced: the client may ask for less and try again."""
    row = refresh_tokens.owned(counter, client_pk=client.pk)
    if row is None:
        raise InvalidGrant(finding=_why_not(counter, client))
    scope = _narrowed(asked, tuple(row.scope.split()), client)
    rfc8707_target.check_grantable(parameters, resources=row.resource, scope=scope, issuer=issuer)
    _details(parameters.get(AUTHORIZATION_DETAILS), row.authorization_details, client)


def _details(asked: str, granted: str, client: RegisteredClient) -> str:
    """Return the details of this access token: of those granted, what the client may still have."""
    still_allowed = rfc9396_authorization_details.of_types(granted, client.authorization_details_types)
    return rfc9396_authorization_details.narrowed(asked, granted=still_allowed)


def _narrowed(asked: str, granted: tuple[str, ...], client: RegisteredClient) -> tuple[str, ...]:
    still_allowed = [name for name in granted if name in client.scopes]
    return rfc6749_scope.narrowed(asked, granted_before=still_allowed)


def _refusal(client: RegisteredClient, counter: RefreshToken, jkt: str, origin: Origin) -> Exception:
    """Return why a token was not replaced; one of an older generation ends its grant, if it came with its key."""
    if clients.has_changed(client):
        return ClientChanged()
    row = refresh_tokens.owned(counter, client_pk=client.pk)
    if row is not None and row.dpop_jkt not in {"", jkt}:
        return InvalidGrant(finding=Finding(found=Found.KEY_DIFFERS))
    if refresh_tokens.end_if_stolen(counter=counter, client_pk=client.pk, origin=origin):
        return InvalidGrant(finding=Finding(found=Found.REFRESH_TOKEN_SUPERSEDED))
    return InvalidGrant(finding=_why_not(counter, client))


def _no_token(invalid: InvalidToken) -> Finding:
    is_over = invalid.args == (refresh_token.TOO_OLD,)
    return Finding(found=Found.REFRESH_TOKEN_EXPIRED if is_over else Found.REFRESH_TOKEN_UNKNOWN)


def _why_not(counter: RefreshToken, client: RegisteredClient) -> Finding:
    """Return why a genuine token of the newest generation is not good."""
    is_its_own = refresh_tokens.owned(counter, client_pk=client.pk) is not None
    found = Found.REFRESH_TOKEN_ENDED if is_its_own else Found.REFRESH_TOKEN_OF_ANOTHER_CLIENT
    return Finding(found=found)
