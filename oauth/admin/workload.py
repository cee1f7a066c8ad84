"""Workloads: which program, as its issuer says it, is which client of ours."""

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oauth.admin.described import DescribedForm
from oauth.admin.form_fields import ClaimsField
from oauth.admin.resource import RowSelect
from oauth.models import Client, Workload
from oauth.protocol import rfc7523_trusted_issuer
from oauth.services import workload_registration
from oauth.services.service_accounts import may_act_on
from oauth.workload_description import WorkloadDescription
from trust.lib.origin import origin_of
from trust.lib.quick_list import FewChoicesFilter, QuickList


class WorkloadForm(DescribedForm):
    """What can be said of a workload, held to the rules of every door."""

    actor: ClassVar[object]
    claims = ClaimsField(
        label=_("Further claims"),
        required=False,
        help_text=_("One a line: name = value. The token must say each of them, as a text, just so."),
    )

    class Meta:
        """Every column; the name is chosen once."""

        model = Workload
        fields = ("name", "issuer", "subject", "claims", "client")
        help_texts: ClassVar = {
            "name": _("What it is called here, such as deploy of the shop. It cannot be changed."),
            "subject": _(
                "The sub of its token: repo:org/app:ref:refs/heads/main, or system:serviceaccount:shop:web. It may end "
                "in * behind a : or a /, with two parts before it: repo:org/app:*"
            ),
            "client": _("What it is here: a confidential client with the grant type for JWTs of a trusted issuer."),
        }
        widgets: ClassVar = {"subject": forms.TextInput(attrs={"class": "vLargeTextField", "spellcheck": "false"})}

    def described(self) -> WorkloadDescription:
        """Return what was typed."""
        typed = self.cleaned_data
        name = typed.get("name", self.instance.name)
        named = {"issuer": typed["issuer"].issuer, "client_id": typed["client"].client_id}
        return WorkloadDescription(name=name, subject=typed["subject"], claims=typed["claims"], **named)

    def problems(self) -> Any:
        """Return what is wrong with it."""
        workload = self.described()
        found = rfc7523_trusted_issuer.problems_of_workload(workload)
        found += rfc7523_trusted_issuer.problems_of_whom_it_names(workload)
        return [replace(one, member="client") if one.member == "client_id" else one for one in found]

    def clean_client(self) -> Client:
        """Refuse a client whose roles the staff could not give: who shows the token would have them."""
        client: Client = self.cleaned_data["client"]
        if not may_act_on(self.actor, client):
            raise forms.ValidationError(_("This client has roles that you may not give."))
        return client


@admin.register(Workload)
class WorkloadAdmin(QuickList):
    """The list and the form of workloads. Whatever is written, a service writes it."""

    form = WorkloadForm
    fields = WorkloadForm.Meta.fields
    list_display = ("name", "subject", "issuer", "client")
    list_select_related = ("issuer", "client")
    list_filter = (("issuer", FewChoicesFilter),)
    search_fields = ("name", "subject")
    search_help_text = _("A part of a name or of a subject.")
    ordering = ("name",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form, which knows who fills it in."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a workload may be changed: not one whose client has roles that the staff could not give."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or may_act_on(request.user, obj.client))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed: the name."""
        return ("name",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the client, found by the beginning of its name; issuers are few."""
        if db_field.name == "client":
            kwargs["widget"] = RowSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_actions(self, request: HttpRequest) -> Any:
        """Return no action: workloads are deleted one at a time."""
        return {}

    def save_model(self, request: HttpRequest, obj: Workload, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        described = form.described()
        workload_registration.put_workload(described, actor=request.user.pk, origin=origin_of(request))
        obj.pk = Workload.objects.by_name(described.name).get().pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Everything is saved already."""

    def delete_model(self, request: HttpRequest, obj: Workload) -> None:
        """Delete by a service; the client stays."""
        workload_registration.delete_workload(name=obj.name, actor=request.user.pk, origin=origin_of(request))
