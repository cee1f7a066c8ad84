"""The token endpoint's table (RFC 6749 section 3.2): who asks, by which grant type, and the room that answers."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from oauth.errors import UnauthorizedClient, UnsupportedGrantType
from oauth.protocol import (
    rfc6749_authorization_code,
    rfc6749_client_authentication,
    rfc6749_client_credentials,
    rfc6749_refresh,
)
from oauth.protocol.findings import not_registered, unsupported
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.registered_client import FindClient
from oauth.vocabulary import GrantType
from trust.lib.origin import Origin

GRANTS: Final[Mapping[GrantType, Callable[..., Awaitable[TokenResponse]]]] = {
    GrantType.AUTHORIZATION_CODE: rfc6749_authorization_code.exchange,
    GrantType.CLIENT_CREDENTIALS: rfc6749_client_credentials.grant,
    GrantType.REFRESH_TOKEN: rfc6749_refresh.refresh,
}


async def respond(
    parameters: Parameters,
    authorization: str,
    *,
    find_client: FindClient,
    issuer: str,
    origin: Origin,
    now: datetime,
) -> TokenResponse:
    """Return the answer to a token request; `authorization` is its header. Raises OAuthError, ClientChanged."""
    parameters.check_once()
    client = rfc6749_client_authentication.authenticated(
        parameters, authorization, find_client=find_client, issuer=issuer, now=now
    )
    name = parameters.required("grant_type")
    if name not in GRANTS:
        raise UnsupportedGrantType(finding=unsupported("grant_type", came=name, expected=GRANTS))
    grant_type = GrantType(name)
    if not client.may_use(grant_type):
        raise UnauthorizedClient(finding=not_registered(client, grant_type))
    return await GRANTS[grant_type](client, parameters, issuer=issuer, origin=origin, now=now)
