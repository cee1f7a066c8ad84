"""The signing keys, read by staff: their states by dates, never the keys. Who may change them rotates them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trust.keys.models import SigningKey
from trust.keys.rotation import rotate_by_hand
from trust.keys.rotation_form import DISTRUST, NOW, RotationForm
from trust.keys.states import SIGNS, state_of
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Keys, the newest first, and the way to their rotation."""

    list_display = ("kid", "algorithm", "signs", "state")
    list_filter = ("algorithm",)
    fields = (
        *("kid", "algorithm", "signs", "state"),
        *("published_from", "signs_from", "signs_until", "published_until"),
    )
    ordering = ("-signs_from", "algorithm")

    @admin.display(description=_("what it signs"))
    def signs(self, key: SigningKey) -> Any:
        """Return what keys of its algorithm sign."""
        return SIGNS[key.algorithm]

    @admin.display(description=_("state"))
    def state(self, key: SigningKey) -> str:
        """Return what the key does now, by its dates."""
        return state_of(key, clock.now())

    def get_urls(self) -> list[URLPattern]:
        """Add the rotation's address."""
        rotation = path("rotate/", self.admin_site.admin_view(self.rotate), name="keys_signingkey_rotate")
        return [rotation, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the keys, and the button to those who may rotate them."""
        return super().changelist_view(request, {"may_rotate": _may_rotate(request), **(extra_context or {})})

    def rotate(self, request: HttpRequest) -> HttpResponse:
        """Ask how, with what becomes of the tokens that are out there; then make the next keys."""
        if not _may_rotate(request):
            raise PermissionDenied("rotation is for those who may change keys")
        may_distrust = request.user.has_perm("keys.delete_signingkey")
        form = RotationForm(request.POST if request.method == "POST" else None, may_distrust=may_distrust)
        if form.is_valid():
            _rotate(request, form.cleaned_data["way"])
            return redirect("admin:keys_signingkey_changelist")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Rotate the signing keys")}
        return TemplateResponse(request, "admin/keys/signingkey/rotate.html", {**context, "form": form})


def _rotate(request: HttpRequest, way: str) -> None:
    made = rotate_by_hand(
        now=clock.now(),
        immediately=way == NOW,
        distrust=way == DISTRUST,
        actor=request.user.pk,
        origin=origin_of(request),
    )
    if way == DISTRUST:
        messages.warning(
            request,
            _(
                "The old keys are deleted, and what they signed is refused within a minute. The audit trail needs a "
                "new signed head: docs/audit.md."
            ),
        )
    if made:
        text = ngettext("%(count)d key was made.", "%(count)d keys were made.", len(made))
        messages.success(request, text % {"count": len(made)})
    else:
        messages.info(request, _("The next keys wait already: none were made."))


def _may_rotate(request: HttpRequest) -> bool:
    return request.user.has_perm("keys.change_signingkey")
