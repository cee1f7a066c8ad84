"""The kinds of clients that an administrator chooses from, each with the members of the metadata that it needs."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth.client_metadata import ClientMetadata
from oauth.vocabulary import GrantType


class Section(NamedTuple):
    """Members that belong together, under their heading; what few need is folded away."""

    heading: str | Promise | None
    members: tuple[str, ...]
    is_folded: bool = False

    @property
    def fieldset(self) -> tuple[str | Promise | None, dict[str, Any]]:
        """The section as Django's administration wants it."""
        return self.heading, {"fields": self.members, "classes": ("collapse",) if self.is_folded else ()}


class Kind(models.TextChoices):
    """What a client is, in an administrator's words."""

    WEB = "web", _("Web application")
    PUBLIC = "public", _("Application in a browser or on a device")
    SERVICE = "service", _("Service")

    @property
    def explanation(self) -> str | Promise:
        """What speaks for this kind."""
        return _EXPLANATIONS[self]

    @property
    def sections(self) -> list[Section]:
        """The sections of this kind's form, with its members alone."""
        mine = [
            section._replace(members=tuple(name for name in section.members if name not in _WITHOUT[self]))
            for section in _SECTIONS
        ]
        return [section for section in mine if section.members]

    @property
    def members(self) -> frozenset[str]:
        """All members of this kind's form."""
        return frozenset(name for section in self.sections for name in section.members)

    @property
    def grant_types(self) -> list[GrantType]:
        """The grant types that this kind may be given."""
        return [one for one in GrantType if self is Kind.WEB or one is not GrantType.CLIENT_CREDENTIALS]

    @property
    def given(self) -> dict[str, object]:
        """The members of a new client that follow from its kind, and are not asked for."""
        match self:
            case Kind.PUBLIC:
                return {"token_endpoint_auth_method": "none"}
            case Kind.SERVICE:
                return {"grant_types": [GrantType.CLIENT_CREDENTIALS.value]}
        return {}


def kind_of(client: ClientMetadata) -> Kind:
    """Return the kind of a client."""
    if client.is_public:
        return Kind.PUBLIC
    return Kind.SERVICE if {GrantType.CLIENT_CREDENTIALS}.issuperset(client.grant_types) else Kind.WEB


_EXPLANATIONS: Final[Mapping[Kind, str | Promise]] = {
    Kind.WEB: _("It runs on a server, keeps a secret, and people sign in to it."),
    Kind.PUBLIC: _("A single-page, mobile or desktop application: people sign in to it, and it cannot keep a secret."),
    Kind.SERVICE: _("A program that acts for itself, or an API that asks about tokens: nobody signs in to it."),
}
_SECTIONS: Final = (
    Section(None, ("client_name", "client_id", "contacts", "x_reviewed")),
    Section(_("Where people come back to"), ("redirect_uris", "post_logout_redirect_uris")),
    Section(_("What it may do"), ("grant_types", "scope", "x_default_scopes", "x_introspects")),
    Section(_("Who may sign in"), ("x_groups", "x_skip_consent")),
    Section(_("What it is told of people"), ("x_claims", "subject_type", "sector_identifier_uri")),
    Section(_("Security"), ("token_endpoint_auth_method", "x_pkce", "x_access_token_lifetime")),
    Section(_("What people are shown"), ("client_uri", "logo_uri", "policy_uri", "tos_uri"), is_folded=True),
    Section(
        _("How people sign in, and out"),
        ("default_max_age", "default_acr_values", "backchannel_logout_uri"),
        is_folded=True,
    ),
    Section(_("Keys of its own"), ("jwks_uri", "jwks", "token_endpoint_auth_signing_alg"), is_folded=True),
    Section(_("Request objects"), ("request_object_signing_alg", "request_uris"), is_folded=True),
    Section(
        _("What is issued to it"),
        ("x_access_token_format", "id_token_signed_response_alg", "userinfo_signed_response_alg"),
        is_folded=True,
    ),
)
_OF_PEOPLE: Final = frozenset(
    {
        *("redirect_uris", "post_logout_redirect_uris", "grant_types", "x_groups", "x_skip_consent", "x_pkce"),
        *("x_claims", "subject_type", "sector_identifier_uri", "client_uri", "logo_uri", "policy_uri", "tos_uri"),
        *("default_max_age", "default_acr_values", "backchannel_logout_uri"),
        *("request_object_signing_alg", "request_uris"),
        *("id_token_signed_response_alg", "userinfo_signed_response_alg"),
    }
)
_WITHOUT: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.WEB: frozenset(),
    Kind.PUBLIC: frozenset(
        {"x_introspects", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "x_pkce"}
    ),
    Kind.SERVICE: _OF_PEOPLE,
}
