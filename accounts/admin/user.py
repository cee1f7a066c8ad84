"""People: found, looked at, changed, shut out and let in. No password is set or shown here."""

from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.admin.actions import list_actions
from accounts.admin.forms import NewPersonForm, PersonForm
from accounts.admin.group_filter import GroupFilter
from accounts.admin.person_pages import PersonPages
from accounts.models import User
from accounts.models.staff_group import groups_by_ids
from accounts.models.user_queryset import SEARCHED
from accounts.services import administration, people, staff_power
from accounts.services.staff_power import may_act_on
from trust.lib.origin import origin_of

# What gives power, here or in the clients that are told of it: whoever manages staff changes it, but for the last.
_POWER: Final = ("is_staff", "groups", "attributes", "is_superuser")
_WHO_IS_TOLD: Final = _(
    "Staff see them, and the clients that a claim mapping tells of them: there they may decide what the person may do, "
    "so that only those change them who manage staff."
)
_STATE: Final = ("is_active", "erase_at", "created", "last_login")
_NAMES: Final = ("name", "given_name", "family_name", "middle_name", "nickname")
_ABOUT: Final = ("profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale")
_CONTACT: Final = (
    *("phone_number", "phone_number_verified"),
    *("street_address", "locality", "region", "postal_code", "country"),
)


@admin.register(User)
class UserAdmin(PersonPages):
    """The pages of people."""

    form = PersonForm
    list_display = ("username", "email", "name", "is_active", "staff", "created", "last_login")
    list_filter = ("is_active", "is_staff", GroupFilter, "created")
    search_fields = SEARCHED
    search_help_text = _("The beginning of a username, of an address or of a name, or a person's ID.")
    ordering = ("username",)
    sortable_by = ("username", "email", "created")
    filter_horizontal = ("groups",)
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("id", "username", "email", *_STATE)}),
        (_("Power"), {"fields": ("is_staff", "is_superuser", "groups")}),
        (_("Names"), {"fields": _NAMES}),
        (_("About"), {"fields": _ABOUT, "classes": ("collapse",)}),
        (_("Contact"), {"fields": _CONTACT, "classes": ("collapse",)}),
        (_("Attributes"), {"fields": ("attributes",), "description": _WHO_IS_TOLD}),
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
    readonly_fields = ("id", "email", *_STATE)

    @admin.display(description=_("staff"), boolean=True)
    def staff(self, user: User) -> bool:
        """Tell whether the person may use the administration."""
        return user.is_staff

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what has an index."""
        return queryset.searched(search_term), False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form: a short one for a new person."""
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": NewPersonForm}))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what stands where."""
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed: what gives power, for those who may not give it; less for a new person."""
        readonly = self.readonly_fields if obj else ()
        actor = _actor(request)
        if actor.is_superuser:
            return readonly
        may_give = obj != actor and staff_power.may_make_staff(actor, obj)
        return (*readonly, *(_POWER[-1:] if may_give else _POWER))

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Return the field of the groups: those that whoever looks may put people in."""
        if db_field.name == "groups" and request is not None:
            keys = [group.pk for group in staff_power.grantable(_actor(request))]
            kwargs["queryset"] = groups_by_ids(keys)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_actions(self, request: HttpRequest) -> Any:
        """Return the actions; people are deleted one at a time, after a look at what goes with them."""
        return {} if "_popup" in request.GET else list_actions(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a person may be changed; their own names, staff change themselves."""
        is_theirs = obj is None or obj == request.user or may_act_on(request.user, obj)
        return super().has_change_permission(request, obj) and is_theirs

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
        """Save the groups by a service, if they were changed; those that are not to be given here stay."""
        if "groups" in form.changed_data:
            offered = set(form.fields["groups"].queryset)
            kept = [group for group in form.instance.groups.all() if group not in offered] if change else []
            administration.set_groups(
                user=form.instance,
                groups=[*form.cleaned_data["groups"], *kept],
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
