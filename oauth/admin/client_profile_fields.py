"""The form fields of what a client is held to beyond RFC 6749: profile, pushed and signed requests, bound tokens."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from oauth.vocabulary import ClientProfile, IdTokenAlg, TokenExchange

_UNSIGNED_OR: Final = [("", _("not signed (JSON)")), *IdTokenAlg.choices]


class ProfileFields(forms.Form):
    """Fields by the names of RFC 9126, 9101, 9449, 9701, JARM and our own policies."""

    x_profile = forms.ChoiceField(
        label=_("Profile"),
        choices=ClientProfile.choices,
        required=False,
        help_text=_(
            "The FAPI 2.0 security profile is for APIs of high value: requests are pushed, tokens are bound to a key "
            "(DPoP), and the client has a key of its own in place of a secret. Its programs must know how."
        ),
    )
    require_pushed_authorization_requests = forms.BooleanField(
        label=_("Pushed requests alone"),
        required=False,
        help_text=_("It sends each authorization request to this server before the browser comes (PAR, RFC 9126)."),
    )
    require_signed_request_object = forms.BooleanField(
        label=_("Signed requests alone"),
        required=False,
        help_text=_("Each authorization request is an object that it signed (RFC 9101), with a key of its own."),
    )
    authorization_signed_response_alg = forms.ChoiceField(
        label=_("Signed answer algorithm"),
        required=False,
        choices=[("", _("RS256, or ES256 in the profile")), *IdTokenAlg.choices],
        help_text=_("What the answer to an authorization request is signed with, where it asks for that (JARM)."),
    )
    dpop_bound_access_tokens = forms.BooleanField(
        label=_("Bound tokens alone"),
        required=False,
        help_text=_("Each token is bound to a key that it proves to have (DPoP, RFC 9449): a stolen one is of no use."),
    )
    x_refresh_rotation = forms.BooleanField(
        label=_("Replace refresh tokens"),
        required=False,
        help_text=_(
            "Each refresh token is good once, so that a stolen one is found out. It can be switched off only where a "
            "key protects it: with private_key_jwt or bound tokens. In the FAPI profile it must be off."
        ),
    )
    introspection_signed_response_alg = forms.ChoiceField(
        label=_("Introspection algorithm"),
        required=False,
        choices=_UNSIGNED_OR,
        help_text=_("What answers to introspection are signed with, where it asks for a JWT (RFC 9701)."),
    )
    x_token_exchange = forms.ChoiceField(
        label=_("Exchanges tokens for"),
        choices=TokenExchange.choices,
        help_text=_("What it may make of a token that a person's application sent it (RFC 8693), to call another API."),
    )
    x_global_token_revocation = forms.BooleanField(
        label=_("May end everything of a person"),
        required=False,
        help_text=_("It may sign a person out everywhere and end all of their tokens: for a security product alone."),
    )
