"""Scopes: their words in both languages, and who is given them. Built-in ones stay, whatever is done to their words."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from oauth.admin.described import DescribedForm
from oauth.models import Scope
from oauth.protocol import rfc6749_scope
from oauth.scope_description import BUILT_IN_SCOPES, ScopeDescription
from oauth.services import scope_registration, scopes
from oauth.services.scope_registration import ScopeInUse
from oauth.views.permissions import title_of
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList


class ScopeForm(DescribedForm):
    """What can be said of a scope, held to the rules of every door."""

    class Meta:
        """Every column; the name is chosen once."""

        model = Scope
        fields = (
            *("name", "title_en", "title_ko", "description_en", "description_ko"),
            *("is_offered", "is_default", "is_personal"),
        )
        help_texts: ClassVar = {
            "name": _("What clients ask for, such as orders:read. It cannot be changed: clients know it."),
            "title_en": _("People read it when they are asked to consent. Of a built-in scope, empty: our own words."),
            "title_ko": _("Empty: our own words of a built-in scope, else the English ones."),
            "description_en": _("A second line below it, where there is more to say."),
            "is_offered": _(
                "The metadata names it (scopes_supported). A built-in one that it does not name is not for clients "
                "that register themselves either."
            ),
            "is_default": _("A new client may ask for it, unless it is made with scopes of its own."),
            "is_personal": _(
                "Everybody may give it to personal access tokens of theirs: only for an API that looks at who the "
                "person is as well, since the scope alone is then anybody's."
            ),
        }
        widgets: ClassVar = {
            name: forms.TextInput(attrs={"class": "vLargeTextField"})
            for name in ("title_en", "title_ko", "description_en", "description_ko")
        }

    def described(self) -> ScopeDescription:
        """Return what was typed."""
        return ScopeDescription(**{"name": self.instance.name, **self.cleaned_data})

    def problems(self) -> Any:
        """Return what is wrong with it."""
        return rfc6749_scope.problems_of(self.described())


@admin.register(Scope)
class ScopeAdmin(QuickList):
    """The list and the form of scopes. Whatever is written, a service writes it."""

    form = ScopeForm
    fields = ScopeForm.Meta.fields
    list_display = ("name", "title", "is_built_in", "is_offered", "is_default", "is_personal")
    list_filter = ("is_offered", "is_default", "is_personal")
    search_fields = ("^name",)
    search_help_text = _("The beginning of a scope's name.")
    ordering = ("name",)

    @admin.display(description=_("what people read"))
    def title(self, scope: Scope) -> Any:
        """Return what people are asked, in the language of whoever looks."""
        return title_of(scopes.described(scope), is_korean=(get_language() or "").startswith("ko"))

    @admin.display(description=_("built in"), boolean=True)
    def is_built_in(self, scope: Scope) -> bool:
        """Return whether the house gives it a meaning of its own."""
        return scopes.described(scope).is_built_in

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed: the name."""
        return ("name",) if obj else ()

    def get_actions(self, request: HttpRequest) -> Any:
        """Return no action: scopes are deleted one at a time, after a look at who may ask for them."""
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a scope may be deleted: built-in ones never."""
        return not (obj and obj.name in BUILT_IN_SCOPES) and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return the clients that stand in the way."""
        users = [name for scope in objs for name in scope_registration.users_of(scope.name)]
        return [str(scope) for scope in objs], {}, set(), users

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete, unless a client was given the scope meanwhile."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except ScopeInUse as refused:
            messages.error(request, _("Clients may ask for it: %(names)s.") % {"names": refused})
            return redirect("admin:oauth_scope_change", object_id)

    def save_model(self, request: HttpRequest, obj: Scope, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        scope_registration.put_scope(form.described(), actor=request.user.pk, origin=origin_of(request))
        obj.pk = Scope.objects.by_name(form.described().name).get().pk

    def delete_model(self, request: HttpRequest, obj: Scope) -> None:
        """Delete by a service."""
        scope_registration.delete_scope(name=obj.name, actor=request.user.pk, origin=origin_of(request))
