"""Impersonation: staff see the site as a person does. For a while, for a reason, noted, and told to the person.

It is a Session of the person, beside their own sign-ins, that names who began it and from which session of theirs. It
ends with that session, and as any other does: the person ends it, or is shut out.
"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import second_factor
from accounts.conf import IMPERSONATION_LIFETIME
from accounts.errors import ImpersonationRefused
from accounts.models import Session, User
from accounts.services import letters, sessions
from accounts.vocabulary import Acr
from trust.audit.record import record
from trust.lib.origin import Origin

PERMISSION: Final = "accounts.impersonate_user"
_LEVELS: Final = (Acr.AAL1, Acr.AAL2, Acr.PHR)  # the lowest first


def is_possible(user: User) -> bool:
    """Tell whether the site may be seen as this person: not while it is off, and never as staff or who is shut out."""
    return settings.IMPERSONATION and user.is_active and not (user.is_staff or user.is_superuser)


@transaction.atomic
def begin(*, user: User, actor: User, own: Session, reason: str, now: datetime, origin: Origin) -> Session:
    """Begin to see the site as a person, from a session of one's own. Raises ImpersonationRefused.

    Who looks, and whom at, are held: whoever shuts one of them out meanwhile waits, and then finds the session. Nobody
    does it twice at once.
    """
    user, actor = _held(user, actor)
    if not _may(actor, user) or not _is_own(own, actor):
        raise ImpersonationRefused
    sessions.end_impersonations(by=actor.pk, reason="begun_anew", origin=origin)
    # From where it is seen is in the trail, and not the person's to know.
    session = Session.objects.create(
        user=user,
        kind=Session.Kind.BROWSER,
        impersonator=actor,
        impersonated_from=own.pk,
        auth_time=own.auth_time,
        amr="",  # the person proved nothing
        acr=min(Acr(own.acr), _within_reach(user), key=_LEVELS.index),
        last_seen=now,
        expires_at=min(own.expires_at, now + IMPERSONATION_LIFETIME),
    )
    details = {"acr": session.acr, "reason": reason}
    record("impersonation.started", subject=user.pk, actor=actor.pk, session=session.pk, origin=origin, details=details)
    letters.send(user=user, template="impersonated", path=reverse("account_activity"), timestamp=now)
    return session


def is_allowed_still(session: Session) -> bool:
    """Tell whether who sees the site by this session may do so now: rights are looked at with each request."""
    impersonator: User | None = session.impersonator
    return impersonator is not None and impersonator.is_active and _may(impersonator, session.user)


def _held(user: User, actor: User) -> tuple[User, User]:
    """Return both as they are now, and keep them so until the transaction ends."""
    for key in sorted((user.pk, actor.pk)):
        if not User.objects.by_id(key).active().hold():
            raise ImpersonationRefused
    return User.objects.by_id(user.pk).get(), User.objects.by_id(actor.pk).get()


def _may(actor: User, user: User) -> bool:
    return actor.is_staff and actor != user and actor.has_perm(PERMISSION) and is_possible(user)


def _is_own(own: Session, actor: User) -> bool:
    """Tell whether a session is alive, of this person, and by a sign-in of their own. It is held."""
    alive = Session.objects.of_user(actor.pk).by_id(own.pk).alive().select_for_update(no_key=True).first()
    return alive is not None and alive.impersonator_id is None


def _within_reach(user: User) -> Acr:
    """Return the level that the person could prove."""
    if second_factor.has_one(user, kinds=["webauthn"]):
        return Acr.PHR
    return Acr.AAL2 if second_factor.has_one(user) else Acr.AAL1
