"""RFC 7009: a client gives a token back. An access token ends alone; a refresh token ends its grant (section 2.1)."""

from datetime import datetime

from oauth.registered_client import RegisteredClient
from oauth.services import access_tokens, grants, refresh_tokens
from trust.keys.ring import InvalidToken
from trust.lib.origin import Origin
from trust.tokens import refresh_token


def revoke_token(value: str, *, client: RegisteredClient, origin: Origin, now: datetime) -> None:
    """Revoke a token if it is the client's own; an unknown one is no error (section 2.2)."""
    try:
        counter = refresh_token.unseal(value, now=now)
    except InvalidToken:
        _revoke_access_token(value, client=client, now=now)
        return
    owned = refresh_tokens.owned(counter, client_pk=client.pk)
    if owned is not None:
        person, client_id = owned.user_id, client.client_id
        grants.end(grant=owned.grant, reason="revoked_by_client", user_id=person, client_id=client_id, origin=origin)


def _revoke_access_token(value: str, *, client: RegisteredClient, now: datetime) -> None:
    try:
        token = access_tokens.read_issued(value, now=now)
    except InvalidToken:
        return
    if token.client_id == client.client_id:
        access_tokens.revoke(token)
