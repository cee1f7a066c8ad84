"""RFC 6749 section 6, RFC 9700 section 4.14.2: a refresh token for new tokens; the old one is replaced.

A narrower scope is for this access token alone: the refresh token keeps what was granted. A scope that
the client may not have any more is granted no more.
"""

from datetime import datetime

from oauth.errors import InvalidGrant
from oauth.protocol import rfc6749_scope
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse, for_person
from oauth.registered_client import RegisteredClient
from oauth.services import refresh_tokens
from oauth.services.refresh_tokens import RefreshRefused
from trust.keys.ring import InvalidToken
from trust.lib.origin import Origin
from trust.tokens import refresh_token


def refresh(
    client: RegisteredClient, parameters: Parameters, *, issuer: str, origin: Origin, now: datetime
) -> TokenResponse:
    """Return new tokens. Raises InvalidRequest, InvalidGrant, InvalidScope."""
    try:
        counter = refresh_token.unseal(parameters.required("refresh_token"), now=now)
    except InvalidToken as invalid:
        raise InvalidGrant from invalid
    scope_before = refresh_tokens.scope_of(counter=counter, client_pk=client.pk)
    if scope_before is None:
        raise InvalidGrant
    still_allowed = [name for name in scope_before if name in client.scopes]
    scope = rfc6749_scope.narrowed(parameters.get("scope"), granted_before=still_allowed)
    try:
        grant, successor = refresh_tokens.rotate(counter=counter, client_pk=client.pk, scope=scope, origin=origin)
    except RefreshRefused as refused:
        raise InvalidGrant from refused
    return for_person(client, grant, issuer=issuer, refresh=successor, now=now)
