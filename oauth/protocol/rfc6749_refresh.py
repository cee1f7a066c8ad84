"""RFC 6749 section 6, RFC 9700 section 4.14.2: a refresh token for new tokens; the old one is replaced.

A narrower scope is for this access token alone: the refresh token keeps what was granted. A scope that
the client may not have any more is granted no more.
"""

from dataclasses import replace
from datetime import datetime

from oauth.errors import InvalidGrant
from oauth.protocol import rfc6749_scope
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse, for_person
from oauth.registered_client import RegisteredClient
from oauth.services import clients, refresh_tokens
from oauth.services.clients import ClientChanged
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys.ring import InvalidToken
from trust.lib.origin import Origin
from trust.tokens import refresh_token
from trust.tokens.refresh_token import RefreshToken


async def refresh(
    client: RegisteredClient, parameters: Parameters, *, issuer: str, origin: Origin, now: datetime
) -> TokenResponse:
    """Return new tokens. Raises InvalidRequest, InvalidGrant, InvalidScope, ClientChanged."""
    try:
        counter = refresh_token.unseal(parameters.required("refresh_token"), now=now)
    except InvalidToken as invalid:
        raise InvalidGrant(finding=_no_token(invalid)) from invalid
    asked = parameters.get("scope")
    if asked:
        _check_scope(asked, counter, client)
    rotated = await refresh_tokens.rotate(client=client, counter=counter)
    if rotated is None:
        raise _refusal(client, counter, origin)
    granted, successor = rotated
    scope = _narrowed(asked, granted.scope, client)
    grant = granted if scope == granted.scope else replace(granted, scope=scope)
    return await for_person(client, grant, issuer=issuer, refresh=successor, now=now)


def _check_scope(asked: str, counter: RefreshToken, client: RegisteredClient) -> None:
    """Refuse a scope that is not to be had before the token is replaced: the client may ask for less and try again."""
    granted = refresh_tokens.scope_of(counter=counter, client_pk=client.pk)
    if granted is None:
        raise InvalidGrant(finding=_why_not(counter, client))
    _narrowed(asked, granted, client)


def _narrowed(asked: str, granted: tuple[str, ...], client: RegisteredClient) -> tuple[str, ...]:
    still_allowed = [name for name in granted if name in client.scopes]
    return rfc6749_scope.narrowed(asked, granted_before=still_allowed)


def _refusal(client: RegisteredClient, counter: RefreshToken, origin: Origin) -> Exception:
    """Return why a token was not replaced; one of an older generation ends its grant."""
    if clients.has_changed(client):
        return ClientChanged()
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
