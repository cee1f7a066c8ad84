"""The form of a client: the members of RFC 7591 that its kind needs, held to the rules of every door."""

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff_group import groups_by_ids
from accounts.services import staff_power
from oauth.admin.client_fields import ClientFields, methods
from oauth.admin.described import told
from oauth.admin.kinds import Kind, members_of
from oauth.admin.scope_choices import detail_type_choices, scope_choices
from oauth.client_metadata import ClientMetadata
from oauth.models import Client
from oauth.protocol import rfc7591_metadata, rfc7591_registration
from oauth.protocol.rfc7591_metadata import Problem
from oauth.services import client_review, clients, scopes


class ClientForm(forms.ModelForm, ClientFields):  # type: ignore[type-arg]  # generic for the checker only
    """A client of one kind. `metadata` is what the service is to save; the form itself saves nothing."""

    kind: ClassVar[Kind]
    actor: ClassVar[User]
    metadata: ClientMetadata

    class Meta:
        """The fields are the metadata's, not the model's."""

        model = Client
        fields: ClassVar = ()

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.before = clients.metadata_of(self.instance) if self.instance.pk else None
        shown = self.before or self._new()
        self.initial = {"token_endpoint_auth_method": "", **rfc7591_metadata.written(shown)}
        self.initial["scope"] = list(shown.scopes)
        mine = members_of(self.kind.sections if self.before else self.kind.first_sections) - self._absent()
        self.fields = {name: field for name, field in self.fields.items() if name in mine}
        for name in ("scope", "x_default_scopes", "x_required_scopes"):
            self._offer(name, scope_choices(shown.scopes))
        self._offer("authorization_details_types", detail_type_choices(shown.authorization_details_types))
        if "x_roles" in self.fields:
            self.fields["x_roles"].queryset = groups_by_ids([group.pk for group in staff_power.grantable(self.actor)])  # type: ignore[attr-defined]
        if "redirect_uris" in self.fields:
            self.fields["redirect_uris"].widget.attrs["placeholder"] = self.kind.example
        self._offer("grant_types", [(one.value, one.label) for one in self.kind.grant_types])
        has_secret = self.before and self.before.has_secret
        self._offer("token_endpoint_auth_method", methods(secret=has_secret is not False, key=not has_secret))

    def _new(self) -> ClientMetadata:
        """Return what a new client of the kind is, if nothing else is chosen."""
        client = self._examined(self.kind.given)[0]
        return replace(client, scopes=self.kind.scopes_at_first(client.scopes))

    def _examined(self, metadata: dict[str, Any], *, before: Any = None) -> tuple[ClientMetadata, list[Problem]]:
        default_scopes = scopes.given_by_default()
        return rfc7591_registration.examined(metadata, before=before, default_scopes=default_scopes)

    def _absent(self) -> set[str]:
        """Return what is not asked: the id of a client that stands, and for a review of one that staff made."""
        absent = {"client_id"} if self.before else set()
        absent |= set() if staff_power.grantable(self.actor) else {"x_roles"}
        return absent if self.before and client_review.may_be_reviewed(self.instance) else {*absent, "x_reviewed"}

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        if name in self.fields:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_client_id(self) -> str:
        """Refuse an id that is taken, or that no client may have."""
        client_id: str = self.cleaned_data["client_id"]
        if client_id and (problem := rfc7591_registration.check_client_id(client_id)):
            raise forms.ValidationError(gettext(problem))
        if client_id and clients.known(client_id):
            raise forms.ValidationError(_("There is a client of this ID already."))
        return client_id

    def clean(self) -> None:
        """Hold all of it to the rules, and show every fault beside its field."""
        if self.errors:
            return
        metadata = {name: value for name, value in self.cleaned_data.items() if name != "client_id"}
        for member in {"x_groups", "x_roles"} & metadata.keys():
            metadata[member] = [group.name for group in metadata[member]]
        before = self.before
        if not metadata.get("token_endpoint_auth_method", "chosen"):
            del metadata["token_endpoint_auth_method"]
            before = before and rfc7591_metadata.by_any_secret(before)
        given = {} if before else self.kind.given
        self.metadata, problems = self._examined(metadata | given, before=before)
        for problem in problems:
            if problem.member in self.fields:
                self.add_error(problem.member, told(problem))
            else:
                self.add_error(None, f"{problem.member}: {told(problem)}")

    def _post_clean(self) -> None:
        """Leave the toolkit's own validation of the model out: its rules are not ours."""


def form_of(chosen: Kind, staff: User) -> type[ClientForm]:
    """Return the form of a kind for a member of staff, who gives only roles that they could give people."""

    class FormOfKind(ClientForm):
        kind = chosen
        actor = staff

    return FormOfKind
