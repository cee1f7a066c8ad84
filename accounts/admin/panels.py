"""What a person's page shows of what hangs on them, read-only: addresses, factors without secrets, sessions."""

from typing import Any, Final

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User

_SESSIONS_SHOWN: Final = 20


class Panels:
    """Columns of a person's page that are no fields."""

    @admin.display(description=_("has a password"), boolean=True)
    def has_password(self, user: User) -> bool:
        """Tell whether the person can sign in by a password."""
        return user.has_usable_password()

    @admin.display(description=_("addresses"))
    def addresses(self, user: Any) -> SafeString:
        """Show the person's addresses."""
        return _rendered("addresses", rows=user.emailaddress_set.order_by("-primary", "email"))

    @admin.display(description=_("second factors"))
    def factors(self, user: Any) -> SafeString:
        """Show the kinds of the person's factors, never their secrets."""
        return _rendered("factors", rows=user.authenticator_set.order_by("created_at").defer("data"))

    @admin.display(description=_("sessions"))
    def latest_sessions(self, user: User) -> SafeString:
        """Show the sessions used last, and the way to all of them."""
        rows = user.sessions.order_by("-last_seen")[:_SESSIONS_SHOWN]
        return _rendered("sessions", rows=rows, user=user)


def _rendered(name: str, **context: Any) -> SafeString:
    return render_to_string(f"admin/accounts/user/{name}.html", context)
