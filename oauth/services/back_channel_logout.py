"""Which clients know of a session, which of them must hear of its end, and what became of telling them."""

import logging
import uuid
from dataclasses import dataclass

from django.db import transaction

from oauth.conf import LOGOUT_ATTEMPTS
from oauth.models import ClientSession
from oauth.registered_client import RegisteredClient
from oauth.services import clients, subjects
from oauth.services.subjects import Told
from trust.audit.record import record
from trust.lib.origin import Origin

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Whom to tell, and what they call the person and the session."""

    client: RegisteredClient
    told: Told


def remember(*, client: RegisteredClient, user_id: uuid.UUID, session_id: uuid.UUID) -> None:
    """Note that a client knows of a session, once (section 2.3). The caller holds the session."""
    told = subjects.told(client, user_id=user_id, session_id=session_id)
    row = ClientSession(
        session_id=session_id,
        client_id=client.pk,
        person=user_id,
        subject=told.subject,
        told_session_id=told.session_id or "",
    )
    ClientSession.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def begin(session_id: uuid.UUID) -> list[int]:
    """Let the clients of a session that ends wait to be told; return their rows."""
    rows = ClientSession.objects.of_session(session_id).open().reachable().values_list("pk", flat=True)
    return [pk for pk in rows if ClientSession.objects.by_pk(pk).open().wait()]


@transaction.atomic
def begin_again(pk: int, *, actor: uuid.UUID, origin: Origin) -> bool:
    """Let a client that was given up wait again; False if it was not given up, or cannot be told."""
    row = ClientSession.objects.by_pk(pk).given_up().reachable().with_client().first()
    if row is None or not ClientSession.objects.by_pk(pk).given_up().wait():
        return False
    _record("logout.told_again", row, actor=actor, origin=origin)
    return True


def begin_attempt(pk: int, *, attempt: int) -> bool:
    """Take an attempt; False if it was taken already, or there is nothing to tell any more."""
    return ClientSession.objects.by_pk(pk).begin_attempt(attempt)


def notice(pk: int) -> Notice | None:
    """Return whom to tell what, or None where the client was disabled or says no more where it hears."""
    row = ClientSession.objects.by_pk(pk).reachable().with_client().first()
    if row is None:
        return None
    return Notice(client=clients.registered(row.client), told=Told(row.subject, row.told_session_id))


def note(pk: int, *, attempt: int, outcome: str, delivered: bool) -> None:
    """Keep what came of an attempt."""
    state = ClientSession.Logout.DELIVERED if delivered else ClientSession.Logout.WAITING
    ClientSession.objects.by_pk(pk).at_attempt(attempt).update(logout=state, outcome=outcome)
    if not delivered:
        log.warning("logout %s: attempt %d failed: %s", pk, attempt, outcome)


@transaction.atomic
def give_up(pk: int) -> None:
    """Stop telling a client that never heard."""
    waiting = ClientSession.objects.by_pk(pk).at_attempt(LOGOUT_ATTEMPTS)
    if not waiting.update(logout=ClientSession.Logout.FAILED):
        return
    row = ClientSession.objects.by_pk(pk).with_client().get()
    log.error("logout %s was given up after %d attempts: %s", pk, LOGOUT_ATTEMPTS, row.outcome)
    _record("logout.given_up", row)


def _record(action: str, row: ClientSession, *, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> None:
    record(
        action,
        subject=row.person,
        actor=actor,
        session=row.session_id,
        client_id=row.client.client_id,
        origin=origin,
        details={"attempts": row.attempts, "outcome": row.outcome},
    )
