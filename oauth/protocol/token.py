"""The token endpoint's table (RFC 6749 section 3.2): who asks, by which grant type, and the room that answers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from oauth.errors import UnauthorizedClient, UnsupportedGrantType
from oauth.protocol import (
    rfc6749_authorization_code,
    rfc6749_client_authentication,
    rfc6749_client_credentials,
    rfc6749_refresh,
    rfc7523_jwt_bearer,
    rfc8628_device,
    rfc8693_token_exchange,
    rfc9449_dpop,
)
from oauth.protocol.findings import not_registered, unsupported
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.protocol.rfc9449_dpop import RequestProof
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import FindClient
from oauth.vocabulary import GrantType

GRANTS: Final[Mapping[GrantType, Callable[..., Awaitable[TokenResponse]]]] = {
    GrantType.AUTHORIZATION_CODE: rfc6749_authorization_code.exchange,
    GrantType.CLIENT_CREDENTIALS: rfc6749_client_credentials.grant,
    GrantType.REFRESH_TOKEN: rfc6749_refresh.refresh,
    GrantType.TOKEN_EXCHANGE: rfc8693_token_exchange.exchange,
    GrantType.JWT_BEARER: rfc7523_jwt_bearer.grant,
    GrantType.DEVICE_CODE: rfc8628_device.grant,
}


async def respond(
    request: TokenRequest, authorization: str, *, find_client: FindClient, proof: RequestProof
) -> TokenResponse:
    """Return the answer to a token request, whose key is to be proved; `authorization` is its header.

    Raises OAuthError, ClientChanged.
    """
    parameters, issuer, _, _, now = request
    parameters.check_once()
    shown = None  # where an assertion says who asks
    if rfc7523_jwt_bearer.is_asked(parameters):
        shown = rfc7523_jwt_bearer.shown(parameters, authorization, find_client=find_client, issuer=issuer, now=now)
    client = (
        shown.client
        if shown
        else rfc6749_client_authentication.authenticated(
            parameters, authorization, find_client=find_client, issuer=issuer, now=now
        )
    )
    name = parameters.required("grant_type")
    if name not in GRANTS:
        raise UnsupportedGrantType(finding=unsupported("grant_type", came=name, expected=GRANTS))
    grant_type = GrantType(name)
    if not client.may_use(grant_type):
        raise UnauthorizedClient(finding=not_registered(client, grant_type))
    jkt = await proof.key(now=now)
    rfc9449_dpop.check_bound(client, jkt)
    return await GRANTS[grant_type](shown or client, request._replace(jkt=jkt) if jkt else request)
