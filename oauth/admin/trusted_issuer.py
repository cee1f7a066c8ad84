"""Trusted issuers: whose word is taken for workloads, such as a cluster or a CI service, and by which keys."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms.json_object import JsonObjectField
from oauth.admin.described import DescribedForm
from oauth.models import TrustedIssuer
from oauth.protocol import rfc7523_trusted_issuer
from oauth.services import workload_registration
from oauth.vocabulary import CLIENT_ALGORITHMS
from oauth.workload_description import TrustedIssuerDescription
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList

_ADDRESS: Any = {"class": "vLargeTextField", "spellcheck": "false", "inputmode": "url"}


class TrustedIssuerForm(DescribedForm):
    """What can be said of an issuer, held to the rules of every door."""

    jwks = JsonObjectField(
        label=_("Its keys"),
        help_text=_('Where it publishes none: its public keys themselves, as a JWK set: {"keys": [...]}.'),
    )
    algorithms = forms.MultipleChoiceField(
        label=_("Algorithms"),
        required=False,
        choices=[(name, name) for name in CLIENT_ALGORITHMS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any that its keys are for."),
    )

    class Meta:
        """Every column; the issuer is named once."""

        model = TrustedIssuer
        fields = ("name", "issuer", "jwks_uri", "jwks", "algorithms", "audience", "is_single_use", "is_active")
        help_texts: ClassVar = {
            "name": _("What it is called here, such as GitHub Actions."),
            "issuer": _("The iss of what it signs, character by character. It cannot be changed."),
            "jwks_uri": _("The jwks_uri of its metadata, https."),
            "audience": _("The aud of what is shown here. Empty: the address of this server."),
            "is_single_use": _(
                "Each token that it signs is taken once, by its jti. Not for a cluster, whose pods show theirs for an "
                "hour."
            ),
            "is_active": _("Switched off, nothing that it signs is taken, and what its workloads had is dead."),
        }
        widgets: ClassVar = {name: forms.TextInput(attrs=_ADDRESS) for name in ("issuer", "jwks_uri", "audience")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show the algorithms as a list."""
        super().__init__(*args, **kwargs)
        self.initial["algorithms"] = self.instance.algorithms.split()

    def described(self) -> TrustedIssuerDescription:
        """Return what was typed."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "algorithms"}
        issuer = {"issuer": self.cleaned_data.get("issuer", self.instance.issuer)}
        return TrustedIssuerDescription(**(typed | issuer), algorithms=tuple(self.cleaned_data["algorithms"]))

    def clean_issuer(self) -> str:
        """Refuse an issuer that stands there already."""
        issuer: str = self.cleaned_data["issuer"]
        if workload_registration.is_trusted(issuer):
            raise forms.ValidationError(_("This issuer stands there already."))
        return issuer

    def problems(self) -> Any:
        """Return what is wrong with it."""
        return rfc7523_trusted_issuer.problems_of_issuer(self.described(), issuer=settings.ISSUER)

    def clean(self) -> dict[str, Any]:
        """Check it, and give the row its own form of a list."""
        cleaned = super().clean()
        if "algorithms" in cleaned:
            self.instance.algorithms = " ".join(cleaned["algorithms"])
        return cleaned

    def _post_clean(self) -> None:
        """Leave the model's own validation out: the rules were asked, and a service writes."""


@admin.register(TrustedIssuer)
class TrustedIssuerAdmin(QuickList):
    """The list and the form of issuers. Whatever is written, a service writes it."""

    form = TrustedIssuerForm
    fields = TrustedIssuerForm.Meta.fields
    list_display = ("name", "issuer", "is_single_use", "is_active")
    search_fields = ("name", "issuer")
    search_help_text = _("A part of a name or of an issuer.")
    ordering = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether an issuer may be changed: not where a workload of it has roles that the staff could not give."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or workload_registration.may_change(request.user, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed: the issuer."""
        return ("issuer",) if obj else ()

    def get_actions(self, request: HttpRequest) -> Any:
        """Return no action: issuers are deleted one at a time."""
        return {}

    def save_model(self, request: HttpRequest, obj: TrustedIssuer, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        described = form.described()
        workload_registration.put_issuer(described, actor=request.user.pk, origin=origin_of(request))
        obj.pk = TrustedIssuer.objects.by_issuer(described.issuer).get().pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Everything is saved already."""

    def delete_model(self, request: HttpRequest, obj: TrustedIssuer) -> None:
        """Delete by a service, with its workloads."""
        workload_registration.delete_issuer(issuer=obj.issuer, actor=request.user.pk, origin=origin_of(request))
