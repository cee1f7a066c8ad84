"""Sessions: started on sign-in, ended on sign-out, by their person or by an administrator, and refreshed."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.authentication import Authentication
from accounts.conf import LAST_SEEN_RESOLUTION, SESSION_LIFETIME
from accounts.errors import RefreshRefused, SignInOvertaken
from accounts.models import Session, User
from accounts.models.session import SessionQuerySet
from accounts.models.session_rotation import ROTATE_SESSION, RefreshedSession, SessionAsk
from accounts.services import notices
from trust.audit.record import record
from trust.lib import shared_statements
from trust.lib.clock import DatabaseNow
from trust.lib.hooks import tell
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke
from trust.tokens.refresh_token import RefreshToken


@transaction.atomic
def start(*, user: User, kind: Session.Kind, authentication: Authentication, origin: Origin) -> Session:
    """Begin a session for a person who has just proved who they are. Raises SignInOvertaken."""
    if not User.objects.by_id(user.pk).active().with_password(user.password).hold():
        raise SignInOvertaken
    auth_time, methods, acr = authentication.auth_time, " ".join(authentication.amr), authentication.acr
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
def authenticate_again(*, session: Session, authentication: Authentication, origin: Origin) -> None:
    """Note a newer proof of the person within the same session: a re-authentication, or a second factor."""
    session.auth_time, session.acr = authentication.auth_time, authentication.acr
    session.amr = " ".join(authentication.amr)
    session.save(update_fields=["auth_time", "amr", "acr"])
    details = {"amr": session.amr, "acr": session.acr}
    record("session.reauthenticated", subject=session.user_id, session=session.pk, origin=origin, details=details)


@transaction.atomic
def end(*, session_id: uuid.UUID, reason: str, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """End one session and what hangs on it; False if it was over already. What was begun from it ends with it."""
    ending = Session.objects.by_id(session_id)
    ended = _end(ending, reason=reason, actor=actor, origin=origin)
    for session in ended:
        begun = Session.objects.impersonated_by(session.user_id).begun_from(session.pk)
        _end(begun, reason=reason, actor=actor or session.user_id, origin=origin)
    return bool(ended)


@transaction.atomic
def end_all(
    *,
    user: User,
    reason: str,
    keep: uuid.UUID | None = None,
    actor: uuid.UUID | None = None,
    origin: Origin = Origin(),
) -> int:
    """End all sessions of a person, but for one to `keep`; return how many there were.

    What they see as others ends as well, wherever it was begun.
    """
    sessions = Session.objects.of_user(user.pk).except_for(keep)
    ended = _end(sessions, reason=reason, actor=actor, origin=origin)
    end_impersonations(by=user.pk, reason=reason, actor=actor, origin=origin)
    _tell(user_id=user.pk, session_id=None, reason=reason)
    return len(ended)


@transaction.atomic
def end_impersonations(*, by: uuid.UUID, reason: str, actor: uuid.UUID | None = None, origin: Origin) -> None:
    """End the sessions of others by which somebody sees the site as they do."""
    _end(Session.objects.impersonated_by(by), reason=reason, actor=actor or by, origin=origin)


async def refresh(*, counter: RefreshToken, origin: Origin) -> RefreshedSession:
    """Move a session's counter on and return what its tokens say. Raises RefreshRefused.

    A genuine token of an older generation is theft: the session ends, and with it every token of it
    (RFC 9700 section 4.14.2). That must outlast the refusal, so the caller's transaction is not rolled back by it.
    """
    ask = SessionAsk(counter.row_id, counter.generation, origin.client_address, origin.user_agent)
    refreshed = await shared_statements.ask(ROTATE_SESSION, ask)
    if refreshed is None:
        _end_if_stolen(counter, origin)
        raise RefreshRefused
    return refreshed


def note_seen(*, session: Session, now: datetime, origin: Origin) -> None:
    """Write that the session was used, no more often than each minute."""
    if now - session.last_seen < LAST_SEEN_RESOLUTION:
        return
    seen = Origin() if session.impersonator_id else origin  # from where staff look is not the person's to know
    session.last_seen, session.client_address, session.user_agent = now, seen.client_address, seen.user_agent
    session.save(update_fields=["last_seen", "client_address", "user_agent"])


def _end_if_stolen(counter: RefreshToken, origin: Origin) -> None:
    session = Session.objects.alive().by_id(counter.row_id).first()
    if session is not None and counter.generation < session.generation:
        with transaction.atomic():
            record("refresh_token.reused", subject=session.user_id, session=session.pk, origin=origin)
            end(session_id=session.pk, reason="refresh_token_reused", origin=origin)
            notices.refresh_token_stolen(user=session.user, origin=origin)


def _end(sessions: SessionQuerySet, *, reason: str, actor: uuid.UUID | None, origin: Origin) -> list[Session]:
    # The key may still be referred to: what is being issued for a session commits, and is then found and ended.
    ending = list(sessions.not_ended().select_for_update(no_key=True).order_by("pk"))
    for session in ending:
        Session.objects.by_id(session.pk).update(ended_at=DatabaseNow())
        revoke(Kind.SESSION, str(session.pk))
        details = {"reason": reason} if session.impersonator_id else {"reason": reason, "kind": session.kind}
        record(
            "impersonation.ended" if session.impersonator_id else "session.ended",
            subject=session.user_id,
            actor=actor,
            session=session.pk,
            origin=origin,
            details=details,
        )
        _tell(user_id=session.user_id, session_id=session.pk, reason=reason)
    return ending


def _tell(*, user_id: uuid.UUID, session_id: uuid.UUID | None, reason: str) -> None:
    """Tell the hooks of SESSION_ENDED that one session ended or, without a `session_id`, all of a person's."""
    tell(settings.SESSION_ENDED, user_id=user_id, session_id=session_id, reason=reason)
