"""Refresh tokens of clients: rotated by one statement; an old generation is theft and ends the grant."""

from django.db import transaction

from accounts.services import notices
from oauth.grant import AskedClaims, Grant
from oauth.models import RefreshToken
from oauth.services import grants
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.tokens import refresh_token


class RefreshRefused(Exception):
    """The token is not good: unknown, another client's, replaced, or what it hangs on is over."""


def scope_of(*, counter: refresh_token.RefreshToken, client_pk: int) -> tuple[str, ...] | None:
    """Return the scope granted with a token, or None if the client has no such token."""
    row = RefreshToken.objects.by_id(counter.row_id).of_client(client_pk).first()
    return None if row is None else tuple(row.scope.split())


def rotate(
    *, counter: refresh_token.RefreshToken, client_pk: int, scope: tuple[str, ...], origin: Origin
) -> tuple[Grant, refresh_token.RefreshToken]:
    """Move a token's counter on; return the grant, narrowed to `scope`, and the successor. Raises RefreshRefused."""
    own = RefreshToken.objects.of_client(client_pk)
    rotated = own.rotate(counter.row_id, presented=counter.generation)
    if rotated is None:
        _end_if_stolen(counter, client_pk, origin)
        raise RefreshRefused
    row = own.by_id(counter.row_id).with_session_alive().first()
    if row is None:
        raise RefreshRefused
    return _grant_of(row, scope), refresh_token.RefreshToken(row.pk, rotated.generation, counter.expires_at)


def _grant_of(row: RefreshToken, scope: tuple[str, ...]) -> Grant:
    """Return the grant; a session that is over is not named any more, since its tokens are dead."""
    return Grant(
        grant=row.grant,
        user_id=row.user_id,
        session_id=row.session_id if row.session_alive else None,
        scope=scope,
        auth_time_seconds=int(row.auth_time.timestamp()),
        amr=tuple(row.amr.split()),
        acr=row.acr,
        claims=AskedClaims.read(row.claims),
    )


def _end_if_stolen(counter: refresh_token.RefreshToken, client_pk: int, origin: Origin) -> None:
    row = RefreshToken.objects.alive().of_client(client_pk).by_id(counter.row_id).first()
    if row is not None and counter.generation < row.generation:
        details = {"grant": str(row.grant)}
        with transaction.atomic():
            record("refresh_token.reused", subject=row.user_id, session=row.session_id, origin=origin, details=details)
            grants.end(grant=row.grant, reason="refresh_token_reused", user_id=row.user_id, origin=origin)
            notices.refresh_token_stolen(user=row.user, origin=origin, client_name=str(row.application))


def owned(counter: refresh_token.RefreshToken, *, client_pk: int) -> RefreshToken | None:
    """Return the row of a client's own token, alive or not, or None."""
    row: RefreshToken | None = RefreshToken.objects.by_id(counter.row_id).of_client(client_pk).first()
    return row


def live(counter: refresh_token.RefreshToken, *, client_pk: int) -> RefreshToken | None:
    """Return the row of a client's own token if it would refresh now, or None."""
    row: RefreshToken | None = RefreshToken.objects.alive().of_client(client_pk).by_id(counter.row_id).first()
    return row if row is not None and row.generation == counter.generation else None
