"""Invitations: sent to an address, listed with what became of them, withdrawn."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms.email_domains import check_domain
from accounts.models import Invitation, User
from accounts.services import invitations
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin, StateFilter


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """Whom to invite."""

    class Meta:
        """The link, its end and who invites are not typed."""

        model = Invitation
        fields = ("email",)

    def clean_email(self) -> str:
        """Refuse an address that has an account, or may have none here."""
        email: str = User.objects.normalize_email(self.cleaned_data["email"])
        check_domain(email)
        if User.objects.holding(email).exists():
            raise forms.ValidationError(_("Somebody has this address already."))
        return email


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations, the newest first. Who may add them sends them, who may delete them withdraws them."""

    form = InvitationForm
    list_display = ("email", "invited_by", "created", "expires_at", "state")
    list_filter = (StateFilter, "created")
    list_select_related = ("invited_by",)
    search_fields = ("^email",)
    search_help_text = _("The beginning of an address.")
    ordering = ("-created",)
    actions = ("withdraw",)
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email",),
                "description": _("A mail goes there with a link that is good once. An older one of the address ends."),
            },
        ),
    )
    fields = ("email", "state", "invited_by", "created", "expires_at", "used_at")

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> Any:
        """Return what has become of the invitation."""
        if invitation.used_at is not None:
            return _("taken")
        return _("expired") if invitation.expires_at <= clock.now() else _("open")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell whether invitations may be sent, which they may not where sign-up is closed to all."""
        return settings.SIGNUP != "closed" and request.user.has_perm("accounts.add_invitation")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        """Tell whether invitations may be withdrawn: Django's permission to delete them."""
        return request.user.has_perm("accounts.delete_invitation")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what stands where: the address alone on the page that sends."""
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:  # noqa: FBT001
        """Invite by a service, which sends the mail."""
        made = invitations.invite(email=obj.email, actor=_actor(request), origin=origin_of(request))
        obj.pk = made.pk
        obj.refresh_from_db()

    @admin.action(description=_("Withdraw the selected invitations"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, chosen: "QuerySet[Invitation]") -> None:
        """Withdraw invitations; what was taken stays."""
        actor, origin = _actor(request), origin_of(request)
        withdrawn = sum(invitations.withdraw(invitation=each, actor=actor, origin=origin) for each in chosen)
        text = ngettext("%(count)d invitation was withdrawn.", "%(count)d invitations were withdrawn.", withdrawn)
        messages.success(request, text % {"count": withdrawn})


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
