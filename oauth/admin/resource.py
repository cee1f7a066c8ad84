"""Resources: the APIs that clients' tokens are for, by whose names people read scopes when they consent."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oauth.admin.described import DescribedForm
from oauth.models import Resource, Scope
from oauth.protocol import rfc8707_resource
from oauth.scope_description import ResourceDescription
from oauth.services import scope_registration
from oauth.vocabulary import AccessTokenFormat
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList


class RowSelect(AutocompleteSelect):
    """Django's widget for one row of many, which fails on a value that is no number."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """Return the options: the one that was chosen, where it may be one at all."""
        return super().optgroups(name, [chosen for chosen in value if chosen == "" or chosen.isdecimal()], attrs)


class ResourceForm(DescribedForm):
    """What can be said of a resource, held to the rules of every door."""

    class Meta:
        """Every column; the identifier is chosen once."""

        model = Resource
        fields = (
            *("identifier", "name_en", "name_ko", "scopes"),
            *("access_token_format", "access_token_lifetime", "client", "is_registrable"),
        )
        help_texts: ClassVar = {
            "identifier": _("An absolute URI, such as https://api.example.com. It cannot be changed."),
            "name_en": _("People read it above the scopes when they are asked to consent."),
            "name_ko": _("Empty: the English one."),
            "scopes": _("What clients ask for to use it. One that is missing here is made under Scopes first."),
            "access_token_format": _("Of the tokens that are for it. Empty: as each client has them."),
            "access_token_lifetime": _("In seconds. Empty: as each client has it."),
            "client": _("The client as which the API itself asks us about tokens, if it does (introspection)."),
            "is_registrable": _("Clients that register themselves, and agents, may ask people for its scopes."),
        }
        widgets: ClassVar = {
            "identifier": forms.TextInput(attrs={"class": "vLargeTextField", "spellcheck": "false"}),
            "scopes": forms.CheckboxSelectMultiple,
        }

    def described(self) -> ResourceDescription:
        """Return what was typed."""
        names = sorted(scope.name for scope in self.cleaned_data["scopes"])
        return ResourceDescription(
            identifier=self.cleaned_data.get("identifier", self.instance.identifier),
            name_en=self.cleaned_data["name_en"],
            name_ko=self.cleaned_data["name_ko"],
            scopes=tuple(names),
            access_token_format=AccessTokenFormat(chosen)
            if (chosen := self.cleaned_data["access_token_format"])
            else None,
            access_token_lifetime=self.cleaned_data["access_token_lifetime"],
            client_id=client.client_id if (client := self.cleaned_data["client"]) else "",
            is_registrable=self.cleaned_data["is_registrable"],
        )

    def problems(self) -> Any:
        """Return what is wrong with it."""
        return rfc8707_resource.problems_of(self.described(), issuer=settings.ISSUER)


@admin.register(Resource)
class ResourceAdmin(QuickList):
    """The list and the form of resources. Whatever is written, a service writes it."""

    form = ResourceForm
    fields = ResourceForm.Meta.fields
    list_display = ("name_en", "identifier", "scope")
    search_fields = ("identifier", "name_en", "name_ko")
    search_help_text = _("A part of an identifier or of a name.")
    ordering = ("name_en", "identifier")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return resources with their scopes."""
        return super().get_queryset(request).prefetch_related("scopes")

    @admin.display(description=_("scopes"))
    def scope(self, resource: Resource) -> str:
        """Return the names of its scopes."""
        return " ".join(sorted(scope.name for scope in resource.scopes.all()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed: the identifier."""
        return ("identifier",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the client, found by the beginning of its name."""
        return super().formfield_for_foreignkey(
            db_field, request, **kwargs | {"widget": RowSelect(db_field, self.admin_site)}
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Return the scopes of APIs, by name."""
        return db_field.formfield(queryset=Scope.objects.of_apis(), widget=forms.CheckboxSelectMultiple)

    def get_actions(self, request: HttpRequest) -> Any:
        """Return no action: resources are deleted one at a time."""
        return {}

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        described = form.described()
        scope_registration.put_resource(described, actor=request.user.pk, origin=origin_of(request))
        obj.pk = Resource.objects.by_identifier(described.identifier).get().pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Everything is saved already."""

    def delete_model(self, request: HttpRequest, obj: Resource) -> None:
        """Delete by a service; the scopes stay."""
        identifier = obj.identifier
        scope_registration.delete_resource(identifier=identifier, actor=request.user.pk, origin=origin_of(request))
