"""What a person's page shows of what hangs on them, to read: no secret is ever among it.

Other apps add panels of their own by PERSON_ADMIN_PANELS: functions of the person and of who looks.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.staff_power import may_act_on
from trust.audit.models import AuditEvent

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Panel:
    """A heading, and a template with what it shows."""

    title: Promise
    template: str
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> SafeString:
        """Render it."""
        return render_to_string(self.template, self.context)


def panels_of(user: Any, staff: Any) -> list[Panel]:
    """Return what a member of staff sees of a person, in order."""
    added = [import_string(name)(user=user, staff=staff) for name in settings.PERSON_ADMIN_PANELS]
    shown = [_addresses(user), _factors(user), _sessions(user, staff), *added, _events(user, staff)]
    return [panel for panel in shown if panel is not None]


def _addresses(user: Any) -> Panel:
    rows = {"rows": user.emailaddress_set.order_by("-primary", "email")}
    external = User.objects.external_accounts(user.pk).order_by("provider").defer("extra_data")
    return Panel(_("Addresses"), "admin/accounts/user/addresses.html", rows | {"external": external})


def _factors(user: Any) -> Panel:
    rows = user.authenticator_set.order_by("created_at").defer("data")
    context = {"rows": rows, "has_password": user.has_usable_password()}
    return Panel(_("Password and second factors"), "admin/accounts/user/factors.html", context)


def _sessions(user: User, staff: Any) -> Panel | None:
    if not (staff.has_perm("accounts.view_session") or staff.has_perm("accounts.change_session")):
        return None
    context = {
        "rows": user.sessions.order_by("-last_seen")[:_SHOWN],
        "user": user,
        "may_end": staff.has_perm("accounts.change_session") and may_act_on(staff, user),
    }
    return Panel(_("Sessions"), "admin/accounts/user/sessions.html", context)


def _events(user: User, staff: Any) -> Panel | None:
    if not staff.has_perm("audit.view_auditevent"):
        return None
    context = {"rows": AuditEvent.objects.about(user.pk)[:_SHOWN], "user": user}
    return Panel(_("Audit trail"), "admin/accounts/user/events.html", context)
