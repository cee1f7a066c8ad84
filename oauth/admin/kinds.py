"""The kinds of clients that an administrator chooses from, each with the members of the metadata that it needs."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth.client_metadata import ClientMetadata
from oauth.vocabulary import GrantType


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
    def sections(self) -> list[tuple[str | Promise | None, tuple[str, ...]]]:
        """The sections of this kind's form, and the members in each."""
        return [
            (heading, mine)
            for heading, members in _SECTIONS
            if (mine := tuple(name for name in members if name not in _WITHOUT[self]))
        ]

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
_SECTIONS: Final[list[tuple[str | Promise | None, tuple[str, ...]]]] = [
    (None, ("client_name", "client_id")),
    (_("Where people come back to"), ("redirect_uris", "post_logout_redirect_uris")),
    (_("What it may do"), ("grant_types", "scope", "x_default_scopes", "x_introspects")),
    (_("Who may sign in"), ("x_groups", "x_skip_consent")),
    (
        _("Security"),
        (
            *("token_endpoint_auth_method", "x_pkce"),
            *("x_access_token_format", "x_access_token_lifetime", "id_token_signed_response_alg"),
        ),
    ),
]
_OF_PEOPLE: Final = frozenset(
    {
        *("redirect_uris", "post_logout_redirect_uris", "grant_types", "x_groups", "x_skip_consent"),
        *("x_pkce", "id_token_signed_response_alg"),
    }
)
_WITHOUT: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.WEB: frozenset(),
    Kind.PUBLIC: frozenset({"x_introspects", "token_endpoint_auth_method", "x_pkce"}),
    Kind.SERVICE: _OF_PEOPLE,
}
