"""Invitations: leave to sign up for one address, once, given by staff and mailed as a link."""

import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.conf import INVITATION_LIFETIME
from accounts.errors import InvitationRefused
from accounts.models import Invitation, User
from accounts.services import letters
from trust.audit.record import record
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of
from trust.lib.origin import Origin


@transaction.atomic
def invite(*, email: str, actor: User, origin: Origin) -> Invitation:
    """Invite an address by a mail, which goes with the transaction. An older invitation of the address ends."""
    Invitation.objects.for_email(email).open().delete()
    secret = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        email=User.objects.normalize_email(email),
        digest=digest_of(secret),
        invited_by=actor,
        expires_at=DatabaseNow(INVITATION_LIFETIME),
    )
    made.refresh_from_db()
    link = f"{settings.ISSUER}{reverse('account_invitation', args=[secret])}"
    words = {"invitation_url": link, "days": INVITATION_LIFETIME.days}
    letters.write(template="account/email/invitation", to=made.email, context=words)
    record("invitation.sent", actor=actor.pk, origin=origin, identifier=made.email)
    return made


def find(secret: str) -> Invitation | None:
    """Return the invitation whose link has this secret, if nobody took it and it is not too old."""
    return Invitation.objects.by_digest(digest_of(secret)).open().first()


@transaction.atomic
def take(*, secret: str, user: User, origin: Origin) -> None:
    """Take an invitation for a person who has just been made; its address is theirs, for the link came by it.

    Raises InvitationRefused: somebody was faster, it was withdrawn, it is too old, or it is for another address.
    """
    invitation = find(secret)
    taken = Invitation.objects.by_digest(digest_of(secret)).take()
    if invitation is None or not taken or user.email != invitation.email:
        raise InvitationRefused
    for address in user.emailaddress_set.all():  # type: ignore[attr-defined]  # allauth's
        address.verified = address.email == user.email
        address.save(update_fields=["verified"])
    record("invitation.taken", subject=user.pk, origin=origin, identifier=user.email)


@transaction.atomic
def withdraw(*, invitation: Invitation, actor: User, origin: Origin) -> bool:
    """Withdraw an invitation; False if it was over already."""
    withdrawn = bool(Invitation.objects.by_digest(invitation.digest).open().delete()[0])
    if withdrawn:
        record("invitation.withdrawn", actor=actor.pk, origin=origin, identifier=invitation.email)
    return withdrawn
