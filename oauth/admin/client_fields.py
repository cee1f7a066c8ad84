"""The form fields of a client: every member of its metadata that staff may set, in plain words."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple, RelatedFieldWidgetWrapper
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts.forms.json_object import JsonObjectField
from oauth.admin.client_profile_fields import ProfileFields
from oauth.admin.form_fields import ClaimsField, LinesField, WordsField
from oauth.conf import ACCESS_TOKEN_LIFETIMES, LONGEST_CLIENT_ID, LONGEST_CLIENT_NAME, LONGEST_URI
from oauth.models import Client
from oauth.vocabulary import (
    CLIENT_ALGORITHMS,
    AccessTokenFormat,
    AuthMethod,
    IdTokenAlg,
    Introspects,
    Pkce,
    SubjectType,
)

_ALGORITHMS: Final = [(name, name) for name in CLIENT_ALGORITHMS]


def _address(**named: Any) -> forms.CharField:
    """Return the field of one URI; whether it may be so is for the rules of every door."""
    widget = forms.TextInput(attrs={"size": 80, "inputmode": "url", "spellcheck": "false"})
    return forms.CharField(max_length=LONGEST_URI, required=False, widget=widget, **named)


class ClientFields(ProfileFields):
    """Fields by the names of RFC 7591 and its like. A kind of client has those that it needs."""

    client_name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_CLIENT_NAME,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("People read it when they are asked to consent."),
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=LONGEST_CLIENT_ID,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false"}),
        help_text=_("Leave it empty for a random one. It is public, and cannot be changed."),
    )
    contacts = WordsField(
        label=_("Contacts"),
        required=False,
        help_text=_("E-mail addresses of those who look after it. Staff alone see them."),
    )
    x_reviewed = forms.BooleanField(
        label=_("Reviewed"),
        required=False,
        help_text=_("It registered itself. Until somebody has looked at it, people are warned when they consent."),
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
    scope = forms.MultipleChoiceField(
        label=_("Scopes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that it may ask for. Others are made under Scopes."),
    )
    x_default_scopes = forms.MultipleChoiceField(
        label=_("Default scopes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that it gets when it asks for none."),
    )
    x_required_scopes = forms.MultipleChoiceField(
        label=_("Scopes that it cannot do without"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People who are asked to consent can untick the others."),
    )
    authorization_details_types = forms.MultipleChoiceField(
        label=_("Types of authorization details"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What it may ask for in detail (RFC 9396). Others are made under Authorization detail types."),
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
    x_roles = forms.ModelMultipleChoiceField(
        label=_("Roles"),
        queryset=Group.objects.order_by("name"),
        to_field_name="name",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The groups whose roles it has itself, in tokens with the scope roles. They open what APIs ask for, and "
            "nothing of the administration. You see those that you could give people."
        ),
    )
    x_skip_consent = forms.BooleanField(
        label=_("Skip consent"),
        required=False,
        help_text=_("For applications of your own alone: people are not asked whether they allow it."),
    )
    x_claims = ClaimsField(
        label=_("Further claims"),
        required=False,
        help_text=_(
            "One a line, claim = source: what the application looks for, and what it is taken from. Sources are "
            "groups, a standard claim such as preferred_username, and attributes.NAME. They are told in the ID token "
            "and in userinfo whatever the scopes, and stand in the place of a standard claim of the same name."
        ),
    )
    subject_type = forms.ChoiceField(
        label=_("Subject"),
        choices=SubjectType.choices,
        help_text=_(
            "Whether a person has the same sub in every client. Do not change it once people use the client: "
            "it would know none of them again."
        ),
    )
    sector_identifier_uri = _address(
        label=_("Sector identifier URI"),
        help_text=_(
            "A JSON document at https that names the redirect URIs of all clients among which people have one "
            "pairwise sub; without it, the host of the redirect URIs counts. Another host is another sub for everybody."
        ),
    )
    token_endpoint_auth_method = forms.ChoiceField(
        label=_("Client authentication"),
        required=False,
        help_text=_("By a key of its own, it has no secret: give the key under “Keys of its own”."),
    )
    x_pkce = forms.ChoiceField(
        label=_("PKCE"),
        choices=Pkce.choices,
        help_text=_("Leave it required, unless the application is too old to send a code challenge."),
    )
    x_access_token_lifetime = forms.IntegerField(
        label=_("Access token lifetime"),
        min_value=ACCESS_TOKEN_LIFETIMES[0],
        max_value=ACCESS_TOKEN_LIFETIMES[1],
        help_text=_("In seconds. A stolen token is good that long."),
    )
    client_uri = _address(
        label=_("Home page"), help_text=_("People find a link to it where they are asked to consent.")
    )
    logo_uri = _address(label=_("Logo"), help_text=_("A picture, beside its name."))
    policy_uri = _address(
        label=_("Privacy policy"),
        help_text=_("What it does with what it is told of people, for them to read before they consent."),
    )
    tos_uri = _address(label=_("Terms of service"))
    default_max_age = forms.IntegerField(
        label=_("Greatest age of a sign-in"),
        required=False,
        min_value=0,
        help_text=_(
            "In seconds. Who signed in longer ago is asked for the password again. Empty: as the client asks each time."
        ),
    )
    default_acr_values = WordsField(
        label=_("Authentication levels wanted"),
        required=False,
        help_text=_(
            "The one wanted most first: aal1 (one factor), aal2 (two factors), phr (passkey). Empty: as it asks."
        ),
    )
    backchannel_logout_uri = _address(
        label=_("Back-channel logout URI"),
        help_text=_("We post a logout token there when a person who is signed in to it signs out anywhere."),
    )
    jwks_uri = _address(
        label=_("Address of its key set"),
        help_text=_("Where it publishes its public keys, so that it can change them. One of the two is enough."),
    )
    jwks = JsonObjectField(
        label=_("Key set"),
        help_text=_('Its public keys themselves, as a JWK set: {"keys": [...]}. Never a private key.'),
    )
    token_endpoint_auth_signing_alg = forms.ChoiceField(
        label=_("Assertion algorithm"),
        required=False,
        choices=[("", _("any that its key allows")), *_ALGORITHMS],
        help_text=_("What it signs with, if it authenticates by a key of its own."),
    )
    request_object_signing_alg = forms.ChoiceField(
        label=_("Request object algorithm"),
        required=False,
        choices=[("", _("any that its key allows")), ("none", _("none: it does not sign them")), *_ALGORITHMS],
        help_text=_("What it signs the request objects with that it sends in place of parameters (RFC 9101)."),
    )
    request_uris = LinesField(
        label=_("Addresses of request objects"),
        required=False,
        help_text=_("One a line: the only ones that request objects are fetched from."),
    )
    x_access_token_format = forms.ChoiceField(label=_("Access token format"), choices=AccessTokenFormat.choices)
    id_token_signed_response_alg = forms.ChoiceField(label=_("ID token algorithm"), choices=IdTokenAlg.choices)
    userinfo_signed_response_alg = forms.ChoiceField(
        label=_("Userinfo algorithm"),
        required=False,
        choices=[("", _("not signed (JSON)")), *IdTokenAlg.choices],
        help_text=_("Signed, userinfo is answered as a JWT."),
    )


def methods(*, secret: bool = True, key: bool = True) -> list[tuple[str, Any]]:
    """Return the ways that a confidential client may authenticate by: with a secret, with a key, or either."""
    by_key = AuthMethod.PRIVATE_KEY_JWT
    return [
        (value, label)
        for value, label in AuthMethod.choices
        if value != AuthMethod.NONE and (key if value == by_key else secret)
    ]
