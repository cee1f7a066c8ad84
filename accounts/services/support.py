"""What support does for people who cannot help themselves. Nobody is told a password, and nobody sets one."""

from django.db import transaction
from django.urls import reverse

from accounts.models import SignInChallenge, User
from accounts.services import letters, people
from trust.audit.record import record
from trust.lib.origin import Origin


@transaction.atomic
def reset_factors(*, user: User, reason: str, actor: User, origin: Origin) -> None:
    """Take a person's second factors away, end every session, and tell them by mail.

    A password that is too short to stand alone goes too (NIST SP 800-63B-4 section 3.1.1.2): they choose another.
    """
    factors = User.objects.factors(user.pk)
    kinds = sorted(set(factors.values_list("type", flat=True)))
    factors.delete()
    SignInChallenge.objects.of_user(user.pk).delete()
    if not user.has_long_password:
        user.set_unusable_password()
        user.save(update_fields=["password", "has_long_password"])
    people.sign_out(user=user, reason="factor_changed", actor=actor.pk, origin=origin)
    details = {"factors": kinds, "reason": reason}
    record("person.factors_reset", subject=user.pk, actor=actor.pk, origin=origin, details=details)
    has_password = user.has_usable_password()
    path = reverse("mfa_index" if has_password else "account_reset_password")
    letters.send(user=user, template="factors_reset", path=path, has_password=has_password)


def note_password_reset(*, user: User, actor: User, origin: Origin) -> None:
    """Note that somebody had a person mailed a link by which to choose a new password."""
    record("password_reset.sent", subject=user.pk, actor=actor.pk, origin=origin)


def note_confirmation(*, user: User, actor: User, origin: Origin) -> None:
    """Note that somebody had a person mailed a link by which to confirm their address."""
    record("email_confirmation.sent", subject=user.pk, actor=actor.pk, origin=origin)
