"""Our AdminSite: it never shows Django's own password form, and outside of debugging demands two factors."""

from datetime import datetime
from functools import update_wrapper
from typing import Any, Final

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.admin_access import Access, decide
from accounts.models import User
from authproject.dashboard import page as dashboard
from trust.lib import clock

_LAST_USED: Final = "admin_last_used"  # in Django's session, seconds since the epoch
_RESOLUTION: Final = 60  # seconds: it is written no more often


class AuthAdminSite(admin.AdminSite):
    """The administration. Whom it lets in is decided by accounts.admin_access."""

    site_header = site_title = _("Administration")
    index_title = _("People, clients, keys")

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the request may see any page of the administration."""
        return _access(request) is Access.GRANTED

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Guard a view, and note when the administration was used: the idle time counts from there."""
        guarded = super().admin_view(view, cacheable)

        def noted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if self.has_permission(request):
                _note_use(request, clock.now())
            response: HttpResponse = guarded(request, *args, **kwargs)
            return response

        return update_wrapper(noted, guarded)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send the person to where they can prove what is missing: no password is ever taken here."""
        wanted = _wanted(request)
        match _access(request):
            case Access.GRANTED:
                return redirect(wanted)
            case Access.SIGN_IN:
                return _sent("account_login", wanted)
            case Access.PROVE_AGAIN if second_factor.has_one(request.user):
                return _sent("account_prove_again", wanted)
            case Access.PROVE_AGAIN:
                messages.warning(request, _("Set up a second factor to use the administration."))
                return redirect("mfa_index")
        raise PermissionDenied("not staff")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the figures of the site to who may see them, and what there is to administer."""
        user = request.user
        figures = (
            dashboard.of(user, period=request.GET.get("period", ""), now=clock.now())
            if isinstance(user, User)
            else None
        )
        return super().index(request, {**(extra_context or {}), "dashboard": figures})

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Send the person to our own page, where the rules and the ending of sessions are."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Nothing is done here."""
        return redirect("account_change_password")


def _access(request: HttpRequest) -> Access:
    last_used = request.session.get(_LAST_USED)
    return decide(
        request.user if isinstance(request.user, User) else None,
        getattr(request, "account_session", None),
        last_used=None if last_used is None else clock.from_epoch(last_used),
        now=clock.now(),
        two_factors=settings.ADMIN_TWO_FACTORS,
    )


def _note_use(request: HttpRequest, now: datetime) -> None:
    seconds = int(now.timestamp())
    if seconds - request.session.get(_LAST_USED, 0) >= _RESOLUTION:
        request.session[_LAST_USED] = seconds


def _wanted(request: HttpRequest) -> str:
    """Return where the person was going within the site; nobody is sent elsewhere."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return resolve_url("admin:index")


def _sent(name: str, wanted: str) -> HttpResponse:
    return redirect(f"{resolve_url(name)}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
