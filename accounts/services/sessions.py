"""Sessions: started on sign-in, ended on sign-out, by their person or by an administrator, and refreshed."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.conf import LAST_SEEN_RESOLUTION, SESSION_LIFETIME
from accounts.models import Session, User
from accounts.models.session import SessionQuerySet
from accounts.vocabulary import Acr
from trust.audit.record import record
from trust.lib.clock import DatabaseNow
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke


@transaction.atomic
def start(
    *, user: User, kind: Session.Kind, auth_time: datetime, amr: Iterable[str], acr: Acr, origin: Origin
) -> Session:
    """Begin a session for a person who has just proved who they are."""
    methods = " ".join(amr)
    session = Session.objects.create(
        user=user,
        kind=kind,
        auth_time=auth_time,
        amr=methods,
        acr=acr,
        last_seen=auth_time,
        expires_at=auth_time + SESSION_LIFETIME,
        client_address=origin.client_address,
        user_agent=origin.user_agent,
    )
    details = {"kind": kind, "amr": methods, "acr": acr}
    record("session.started", subject=user.pk, session=session.pk, origin=origin, details=details)
    return session


@transaction.atomic
def authenticate_again(*, session: Session, auth_time: datetime, amr: Iterable[str], acr: Acr, origin: Origin) -> None:
    """Note a newer proof of the person within the same session: a re-authentication, or a second factor."""
    session.auth_time, session.amr, session.acr = auth_time, " ".join(amr), acr
    session.save(update_fields=["auth_time", "amr", "acr"])
    details = {"amr": session.amr, "acr": acr}
    record("session.reauthenticated", subject=session.user_id, session=session.pk, origin=origin, details=details)


@transaction.atomic
def end(*, session_id: uuid.UUID, reason: str, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """End one session and what hangs on it; False if it was over already."""
    ended = _end(Session.objects.by_id(session_id), reason=reason, actor=actor, origin=origin)
    return ended == 1


@transaction.atomic
def end_all(
    *,
    user: User,
    reason: str,
    keep: uuid.UUID | None = None,
    actor: uuid.UUID | None = None,
    origin: Origin = Origin(),
) -> int:
    """End all sessions of a person, but for one to `keep`; return how many there were."""
    sessions = Session.objects.of_user(user.pk).except_for(keep)
    return _end(sessions, reason=reason, actor=actor, origin=origin)


def note_seen(*, session: Session, now: datetime, origin: Origin) -> None:
    """Write that the session was used, no more often than each minute."""
    if now - session.last_seen < LAST_SEEN_RESOLUTION:
        return
    session.last_seen, session.client_address, session.user_agent = now, origin.client_address, origin.user_agent
    session.save(update_fields=["last_seen", "client_address", "user_agent"])


def _end(sessions: SessionQuerySet, *, reason: str, actor: uuid.UUID | None, origin: Origin) -> int:
    ending = list(sessions.not_ended().select_for_update().order_by("pk"))
    for session in ending:
        Session.objects.by_id(session.pk).update(ended_at=DatabaseNow())
        revoke(Kind.SESSION, str(session.pk))
        record(
            "session.ended",
            subject=session.user_id,
            actor=actor,
            session=session.pk,
            origin=origin,
            details={"reason": reason, "kind": session.kind},
        )
        for path in settings.SESSION_ENDED:
            import_string(path)(session_id=session.pk, reason=reason)
    return len(ending)
