"""Refresh tokens of clients: rotated by one statement; an old generation is theft and ends the grant."""

from django.db import transaction

from accounts.services import notices
from oauth.grant import AskedClaims, Grant, resources_in
from oauth.models import RefreshToken
from oauth.models.refresh_rotation import ROTATE_REFRESH_TOKEN, RefreshAsk, RefreshedGrant
from oauth.registered_client import RegisteredClient
from oauth.services import grants
from trust.audit.record import record
from trust.lib import shared_statements
from trust.lib.origin import Origin
from trust.tokens import refresh_token


async def rotate(
    *, client: RegisteredClient, counter: refresh_token.RefreshToken, jkt: str
) -> tuple[Grant, refresh_token.RefreshToken] | None:
    """Move a token's counter on; return the grant and the successor. `jkt` is the key proved with it, or empty.

    The token of a client that keeps its refresh tokens is its own successor. None if it is not to be had, or if the
    client is not what it is known as any more: `end_if_stolen` is then to be asked.
    """
    moves = not client.keeps_refresh_tokens
    ask = RefreshAsk(counter.row_id, counter.generation, client.pk, client.version, jkt, moves)
    rotated = await shared_statements.ask(ROTATE_REFRESH_TOKEN, ask)
    if rotated is None:
        return None
    return _grant_of(rotated), refresh_token.RefreshToken(counter.row_id, rotated.generation, counter.expires_at)


def _grant_of(rotated: RefreshedGrant) -> Grant:
    """Return the grant; a session that is over is not named any more, since its tokens are dead."""
    return Grant(
        grant=rotated.grant,
        user_id=rotated.user_id,
        session_id=rotated.session_id if rotated.session_alive else None,
        scope=tuple(rotated.scope.split()),
        auth_time_seconds=int(rotated.auth_time.timestamp()),
        amr=tuple(rotated.amr.split()),
        acr=rotated.acr,
        claims=AskedClaims.read(rotated.claims),
        roles=tuple(rotated.roles),
        resources=resources_in(rotated.resource),
        authorization_details=rotated.authorization_details,
        act=rotated.act,
    )


def end_if_stolen(*, counter: refresh_token.RefreshToken, client_pk: int, origin: Origin) -> bool:
    """End the grant of a genuine token of an older generation: somebody else has one (RFC 9700 section 4.14.2).

    Tell whether it was one.
    """
    row = RefreshToken.objects.alive().of_client(client_pk).by_id(counter.row_id).first()
    if row is None or counter.generation >= row.generation:
        return False
    person, client_id, details = row.user_id, row.application.client_id, {"grant": str(row.grant)}
    with transaction.atomic():
        record(
            "refresh_token.reused",
            subject=person,
            session=row.session_id,
            client_id=client_id,
            origin=origin,
            details=details,
        )
        grants.end(grant=row.grant, reason="refresh_token_reused", user_id=person, client_id=client_id, origin=origin)
        notices.refresh_token_stolen(user=row.user, origin=origin, client_name=str(row.application))
    return True


def owned(counter: refresh_token.RefreshToken, *, client_pk: int) -> RefreshToken | None:
    """Return the row of a client's own token, alive or not, or None."""
    row: RefreshToken | None = RefreshToken.objects.by_id(counter.row_id).of_client(client_pk).first()
    return row


def live(counter: refresh_token.RefreshToken, *, client_pk: int) -> RefreshToken | None:
    """Return the row of a client's own token if it would refresh now, or None."""
    row: RefreshToken | None = RefreshToken.objects.alive().of_client(client_pk).by_id(counter.row_id).first()
    return row if row is not None and row.generation == counter.generation else None
