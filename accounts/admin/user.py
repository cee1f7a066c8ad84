"""People: found, looked at, changed, shut out and let in. No password is set or shown here."""

from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.admin.actions import activate, deactivate, end_sessions, may_act_on
from accounts.admin.forms import NewPersonForm, PersonForm
from accounts.admin.panels import Panels
from accounts.models import User
from accounts.services import administration, people
from trust.lib.origin import origin_of

# What gives power, here or in the clients that are told of it: superusers alone change it.
_POWER: Final = ("is_staff", "is_superuser", "groups")
_WHO_IS_TOLD: Final = _(
    "Staff see them, and the clients that a claim mapping tells of them: there they may decide what the person may do, "
    "so that superusers alone change them."
)
_STATE: Final = ("is_active", "erase_at", "has_password", "created", "last_login")
_NAMES: Final = ("name", "given_name", "family_name", "middle_name", "nickname")
_ABOUT: Final = ("profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale")
_CONTACT: Final = (
    *("phone_number", "phone_number_verified"),
    *("street_address", "locality", "region", "postal_code", "country"),
)


@admin.register(User)
class UserAdmin(Panels, admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the checker only
    """The pages of people."""

    form = PersonForm
    list_display = ("username", "email", "name", "is_active", "is_staff", "created", "last_login")
    list_filter = ("is_active", "is_staff", "groups", "created")
    search_fields = ("^username", "^email", "^name", "^given_name", "^family_name")
    search_help_text = _("The beginning of a username, of an address or of a name.")
    ordering = ("username",)
    list_per_page = 50
    show_full_result_count = False
    actions = (activate, deactivate, end_sessions)
    filter_horizontal = ("groups",)
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("id", "username", "email", *_STATE)}),
        (_("Power"), {"fields": _POWER}),
        (_("Names"), {"fields": _NAMES}),
        (_("About"), {"fields": _ABOUT, "classes": ("collapse",)}),
        (_("Contact"), {"fields": _CONTACT, "classes": ("collapse",)}),
        (_("Attributes"), {"fields": ("attributes",), "description": _WHO_IS_TOLD}),
        (_("Security"), {"fields": ("addresses", "factors", "latest_sessions")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "email", "verified", "is_staff"),
                "description": _("No password is set here: the person chooses one with “Forgot your password?”."),
            },
        ),
    )
    readonly_fields = (
        *("id", "email", *_STATE),
        *("addresses", "factors", "latest_sessions"),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form: a short one for a new person."""
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": NewPersonForm}))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what stands where."""
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed: more for staff than for superusers, less for a new person."""
        readonly = self.readonly_fields if obj else ()
        return readonly if _is_superuser(request) else (*readonly, *_POWER, "attributes")

    def get_actions(self, request: HttpRequest) -> Any:
        """Return the actions; people are deleted one at a time, after a look at what goes with them."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a person may be changed."""
        return super().has_change_permission(request, obj) and (obj is None or may_act_on(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a person may be deleted; nobody deletes themselves."""
        allowed = obj is None or (may_act_on(request.user, obj) and obj != request.user)
        return super().has_delete_permission(request, obj) and allowed

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what goes with a person; their own rows need no permission of their own."""
        to_delete, counts, _perms_needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service: the fields that were changed, or a new person without a password."""
        if change:
            fields = [name for name in form.changed_data if name != "groups"]
            if fields:
                actor = _actor(request)
                administration.change_person(user=obj, fields=fields, actor=actor, origin=origin_of(request))
            return
        made = people.create_person(
            username=obj.username,
            email=obj.email,
            password=None,
            verified=form.cleaned_data["verified"],
            staff=obj.is_staff,
            actor=_actor(request),
            origin=origin_of(request),
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Save the groups by a service, if they were changed."""
        if "groups" in form.changed_data:
            administration.set_groups(
                user=form.instance,
                groups=form.cleaned_data["groups"],
                actor=_actor(request),
                origin=origin_of(request),
            )

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the new person's page, where the rest is filled in."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, _("The person was added. They set a password with “Forgot your password?”."))
        return redirect("admin:accounts_user_change", obj.pk)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete by a service, which ends what is open."""
        administration.delete_person(user=obj, actor=_actor(request), origin=origin_of(request))


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _is_superuser(request: HttpRequest) -> bool:
    return _actor(request).is_superuser
