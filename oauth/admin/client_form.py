"""The form of a client: the members of RFC 7591 that its kind needs, held to the rules of every door."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple, RelatedFieldWidgetWrapper
from django.contrib.auth.models import Group
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oauth.admin.form_fields import LinesField, WordsField
from oauth.admin.kinds import Kind
from oauth.client_metadata import ClientMetadata
from oauth.conf import ACCESS_TOKEN_LIFETIMES, LONGEST_CLIENT_ID, LONGEST_CLIENT_NAME
from oauth.models import Client
from oauth.protocol import rfc7591_metadata, rfc7591_registration
from oauth.protocol.rfc7591_metadata import Problem
from oauth.services import clients
from oauth.vocabulary import AccessTokenFormat, AuthMethod, IdTokenAlg, Introspects, Pkce


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """A client of one kind. `metadata` is what the service is to save; the form itself saves nothing."""

    kind: ClassVar[Kind]
    metadata: ClientMetadata

    client_name = forms.CharField(
        label=_("Name"), max_length=LONGEST_CLIENT_NAME, help_text=_("People read it when they are asked to consent.")
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=LONGEST_CLIENT_ID,
        required=False,
        help_text=_("Leave it empty for a random one. It is public, and cannot be changed."),
    )
    redirect_uris = LinesField(
        label=_("Redirect URIs"),
        help_text=_("One a line, compared character by character; https, or http on loopback."),
        required=False,
    )
    post_logout_redirect_uris = LinesField(
        label=_("Redirect URIs after signing out"), help_text=_("One a line."), required=False
    )
    grant_types = forms.MultipleChoiceField(label=_("Grant types"), widget=forms.CheckboxSelectMultiple, required=False)
    scope = WordsField(
        label=_("Scopes"),
        required=False,
        help_text=_(
            "Those that it may ask for: openid profile email address phone roles offline_access, and your own."
        ),
    )
    x_default_scopes = WordsField(
        label=_("Default scopes"), required=False, help_text=_("Those that it gets when it asks for none.")
    )
    x_introspects = forms.ChoiceField(label=_("May introspect"), choices=Introspects.choices)
    x_groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=Group.objects.order_by("name"),
        to_field_name="name",
        required=False,
        # In the wrapper that its script looks for when it puts itself beside the label.
        widget=RelatedFieldWidgetWrapper(
            FilteredSelectMultiple(_("groups"), is_stacked=False),
            Client._meta.get_field("groups").remote_field,
            admin.site,
            can_add_related=False,
        ),
        help_text=_("Only people of these groups may sign in to it; without any, everybody may."),
    )
    x_skip_consent = forms.BooleanField(
        label=_("Skip consent"),
        required=False,
        help_text=_("For applications of your own alone: people are not asked whether they allow it."),
    )
    token_endpoint_auth_method = forms.ChoiceField(
        label=_("Client authentication"),
        choices=[choice for choice in AuthMethod.choices if choice[0] != AuthMethod.NONE],
        required=False,
    )
    x_pkce = forms.ChoiceField(label=_("PKCE"), choices=Pkce.choices)
    x_access_token_format = forms.ChoiceField(label=_("Access token format"), choices=AccessTokenFormat.choices)
    x_access_token_lifetime = forms.IntegerField(
        label=_("Access token lifetime"),
        min_value=ACCESS_TOKEN_LIFETIMES[0],
        max_value=ACCESS_TOKEN_LIFETIMES[1],
        help_text=_("In seconds. A stolen token is good that long."),
    )
    id_token_signed_response_alg = forms.ChoiceField(label=_("ID token algorithm"), choices=IdTokenAlg.choices)

    class Meta:
        """The fields are the metadata's, not the model's."""

        model = Client
        fields: ClassVar = ()

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.before = clients.metadata_of(self.instance) if self.instance.pk else None
        shown = self.before or rfc7591_registration.examined(self.kind.given)[0]
        self.initial = {"token_endpoint_auth_method": "", **rfc7591_metadata.written(shown)}
        self.initial["scope"] = list(shown.scopes)
        mine = {name for _heading, members in self.kind.sections for name in members}
        absent = {"client_id"} if self.before else set()
        self.fields = {name: field for name, field in self.fields.items() if name in mine - absent}
        if "grant_types" in self.fields:
            self.fields["grant_types"].choices = [(one.value, one.label) for one in self.kind.grant_types]  # type: ignore[attr-defined]

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
        if "x_groups" in metadata:
            metadata["x_groups"] = [group.name for group in metadata["x_groups"]]
        before = self.before
        if not metadata.get("token_endpoint_auth_method", "chosen"):
            del metadata["token_endpoint_auth_method"]
            before = before and rfc7591_metadata.by_any_secret(before)
        given = {} if before else self.kind.given
        self.metadata, problems = rfc7591_registration.examined(metadata | given, before=before)
        for problem in problems:
            self.add_error(problem.member if problem.member in self.fields else None, _told(problem))

    def _post_clean(self) -> None:
        """Leave the toolkit's own validation of the model out: its rules are not ours."""


def form_of(chosen: Kind) -> type[ClientForm]:
    """Return the form of a kind."""

    class FormOfKind(ClientForm):
        kind = chosen

    return FormOfKind


def _told(problem: Problem) -> str:
    message = gettext(problem.message)
    return f"{problem.value}: {message}" if problem.value else message
