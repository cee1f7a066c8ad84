"""What a person's page in the administration shows of clients: a hook, PERSON_ADMIN_PANELS."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from accounts.admin.panels import Panel
from oauth.models import Consent, PersonalAccessToken, RefreshToken
from trust.lib import clock

_SHOWN: Final = 10


def connected_apps(*, user: Any, staff: Any) -> Panel:
    """Show what the person allowed and the latest grants, with the ways to both for those who may go there."""
    grants = RefreshToken.objects.of_user(user.pk).select_related("application").order_by("-created")
    context = {
        "consents": Consent.objects.of_user(user.pk)[:_SHOWN],
        "grants": grants[:_SHOWN],
        "user": user,
        "now": clock.now(),
        "sees_clients": staff.has_perm("oauth.view_client"),
        "sees_consents": staff.has_perm("oauth.view_consent"),
        "sees_grants": staff.has_perm("oauth.view_refreshtoken"),
    }
    return Panel(_("Connected applications"), "admin/oauth/person_apps.html", context)


def personal_access_tokens(*, user: Any, staff: Any) -> Panel | None:
    """Show the latest personal access tokens, with the way to where those who may end them."""
    may_end = staff.has_perm("oauth.change_personalaccesstoken")
    if not (may_end or staff.has_perm("oauth.view_personalaccesstoken")):
        return None
    rows = PersonalAccessToken.objects.of_user(user.pk)[:_SHOWN]
    context = {"rows": rows, "user": user, "now": clock.now(), "may_end": may_end}
    return Panel(_("Personal access tokens"), "admin/oauth/person_tokens.html", context)
