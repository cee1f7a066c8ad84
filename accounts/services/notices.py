"""Notices: mails that tell people what happened to their accounts, and let them say that it was not them.

Each is written in the transaction of what it tells of, so that there is no such change without its mail. allauth's own
are off (ACCOUNT_EMAIL_NOTIFICATIONS): they come after the change, and know no such link. What the operator does, by
script or in the administration, is told to nobody: a person could undo it by the link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import translation

from accounts.models import User
from accounts.services import letters, not_me_link
from accounts.services.not_me_link import Undo
from accounts.user_agent import describe
from trust.lib import clock
from trust.lib.origin import Origin


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail: its templates, what else they say, and what its link undoes."""

    template: str
    words: Mapping[str, Any] = field(default_factory=dict)
    undo: Undo | None = None


NEW_DEVICE: Final = Notice("account/email/new_device")
PASSWORD_CHANGED: Final = Notice("account/email/password_changed")
PASSWORD_RESET: Final = Notice("account/email/password_reset")
PASSWORD_SET: Final = Notice("account/email/password_set")
# By the kind of the factor and what was done to it. Recovery codes come and go with the factor that they stand in for.
_OF_FACTORS: Final = {
    ("totp", "added"): "mfa/email/totp_activated",
    ("totp", "removed"): "mfa/email/totp_deactivated",
    ("webauthn", "added"): "mfa/email/webauthn_added",
    ("webauthn", "removed"): "mfa/email/webauthn_removed",
    ("recovery_codes", "made_anew"): "mfa/email/recovery_codes_generated",
}


def of_factor(factor: str, what: str, *, undo: Undo | None) -> Notice | None:
    """Return what to tell of a factor that was added, removed or made anew, or None if nothing is to be told."""
    template = _OF_FACTORS.get((factor, what))
    return None if template is None else Notice(template, undo=undo)


def refresh_token_stolen(*, user: User, origin: Origin, client_name: str = "") -> None:
    """Tell that a refresh token was used twice, so that somebody else has it; which application's, if not our own."""
    send(Notice("account/email/refresh_token_stolen", {"client_name": client_name}), user=user, origin=origin)


def send(notice: Notice, *, user: User, origin: Origin, to: str = "") -> None:
    """Write a notice into the outbox, for the person's own address unless another is given."""
    address = to or user.email
    context = {
        "timestamp": clock.now(),
        "ip": origin.client_address,
        "not_me_url": not_me_link.url_for(user=user, to=address, undo=notice.undo),
    }
    with translation.override(letters.language_of(user)):
        user_agent = describe(origin.user_agent) if origin.user_agent else ""
        letters.write(
            template=notice.template, to=address, context={**context, **notice.words, "user_agent": user_agent}
        )
