"""The kinds of clients that an administrator chooses from, each with the members of the metadata that it needs."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth.client_metadata import ClientMetadata
from oauth.protocol.rfc6749_redirect_uri import is_web
from oauth.vocabulary import OFFLINE_ACCESS, GrantType


class Section(NamedTuple):
    """Members that belong together, under their heading; what few need is folded away."""

    heading: str | Promise | None
    members: tuple[str, ...]
    is_folded: bool = False

    @property
    def fieldset(self) -> tuple[str | Promise | None, dict[str, Any]]:
        """The section as Django's administration wants it."""
        return self.heading, {"fields": self.members, "classes": ("collapse",) if self.is_folded else ()}

    def but(self, absent: Collection[str]) -> "Section":
        """Return the section without these members."""
        return self._replace(members=tuple(name for name in self.members if name not in absent))


class Kind(models.TextChoices):
    """What a client is, in an administrator's words."""

    WEB = "web", _("Web application")
    SPA = "spa", _("Single-page application")
    NATIVE = "native", _("Native application")
    DEVICE = "device", _("Device")
    SERVICE = "service", _("Service")

    @property
    def explanation(self) -> str | Promise:
        """What speaks for this kind."""
        return _EXPLANATIONS[self]

    @property
    def example(self) -> str | Promise:
        """Where people come back to in a client of this kind, as an example; nothing where nobody does."""
        return _EXAMPLES.get(self, "")

    @property
    def sections(self) -> list[Section]:
        """The sections of this kind's form, with its members alone."""
        return self._mine(_SECTIONS)

    @property
    def first_sections(self) -> list[Section]:
        """The sections of the form of a new client: what it cannot begin without. The others are for later."""
        return self._mine(_FIRST_SECTIONS, but=_NOT_AT_FIRST.get(self, frozenset()))

    @property
    def grant_types(self) -> list[GrantType]:
        """The grant types that this kind may be given."""
        return [one for one in GrantType if one not in _NOT_GRANTED.get(self, _WITH_CREDENTIALS)]

    @property
    def given(self) -> dict[str, object]:
        """The members of a new client that follow from its kind, and are not asked for."""
        match self:
            case Kind.SPA | Kind.NATIVE:
                return {"token_endpoint_auth_method": "none"}
            case Kind.DEVICE:
                by_code = [GrantType.DEVICE_CODE.value, GrantType.REFRESH_TOKEN.value]
                return {"token_endpoint_auth_method": "none", "grant_types": by_code}
            case Kind.SERVICE:
                return {"grant_types": [GrantType.CLIENT_CREDENTIALS.value]}
        return {}

    def scopes_at_first(self, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return the scopes ticked for a new client: a page in a browser does nothing while nobody is there."""
        return tuple(name for name in default if not (self is Kind.SPA and name == OFFLINE_ACCESS))

    def _mine(self, sections: tuple[Section, ...], *, but: frozenset[str] = frozenset()) -> list[Section]:
        absent = _WITHOUT[self] | but
        return [mine for section in sections if (mine := section.but(absent)).members]


def members_of(sections: list[Section]) -> frozenset[str]:
    """Return all members of a form."""
    return frozenset(name for section in sections for name in section.members)


def kind_of(client: ClientMetadata) -> Kind:
    """Return the kind of a client. A public one whose people all come back to a web page runs in a browser."""
    if client.acts_for_people and not client.awaits_people:
        return Kind.DEVICE
    if client.is_public:
        return Kind.NATIVE if _comes_back_to_a_program(client.redirect_uris) else Kind.SPA
    return Kind.SERVICE if _WITH_CREDENTIALS.issuperset(client.grant_types) else Kind.WEB


def _comes_back_to_a_program(uris: tuple[str, ...]) -> bool:
    """Tell whether a private scheme, or loopback alone, leads back (RFC 8252 section 7)."""
    hosts = {urlsplit(uri).hostname for uri in uris}
    return any(not is_web(uri) for uri in uris) or (bool(hosts) and hosts <= _LOOPBACK)


_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_EXPLANATIONS: Final[Mapping[Kind, str | Promise]] = {
    Kind.WEB: _("It runs on a server, keeps a secret, and people sign in to it."),
    Kind.SPA: _("It runs in the browser alone: people sign in to it, and it cannot keep a secret."),
    Kind.NATIVE: _("A mobile, desktop or command-line program: people sign in to it, and it cannot keep a secret."),
    Kind.DEVICE: _(
        "A television, or a command line without a browser: people sign in to it on another device, by a code, and it "
        "cannot keep a secret."
    ),
    Kind.SERVICE: _("A program that acts for itself, or an API that asks about tokens: nobody signs in to it."),
}
_EXAMPLES: Final[Mapping[Kind, str]] = {
    Kind.WEB: "https://app.example.com/callback",
    Kind.SPA: "https://app.example.com/",
    Kind.NATIVE: "com.example.app:/callback, http://127.0.0.1/callback",
}
_SECTIONS: Final = (
    Section(None, ("client_name", "client_id", "contacts", "x_reviewed")),
    Section(_("Where people come back to"), ("redirect_uris", "post_logout_redirect_uris")),
    Section(
        _("What it may do"),
        (
            "grant_types",
            "scope",
            "x_default_scopes",
            "x_required_scopes",
            "authorization_details_types",
            "x_roles",
            "x_introspects",
        ),
    ),
    Section(_("Who may sign in"), ("x_groups", "x_skip_consent")),
    Section(_("What it is told of people"), ("x_claims", "subject_type", "sector_identifier_uri")),
    Section(_("Security"), ("token_endpoint_auth_method", "x_profile", "x_pkce", "x_access_token_lifetime")),
    Section(_("What people are shown"), ("client_uri", "logo_uri", "policy_uri", "tos_uri"), is_folded=True),
    Section(
        _("How people sign in, and out"),
        ("default_max_age", "default_acr_values", "backchannel_logout_uri"),
        is_folded=True,
    ),
    Section(_("Keys of its own"), ("jwks_uri", "jwks", "token_endpoint_auth_signing_alg"), is_folded=True),
    Section(
        _("Authorization requests and their answers"),
        (
            *("require_pushed_authorization_requests", "require_signed_request_object", "request_object_signing_alg"),
            *("request_uris", "authorization_signed_response_alg"),
        ),
        is_folded=True,
    ),
    Section(
        _("What is issued to it"),
        (
            *("x_access_token_format", "dpop_bound_access_tokens", "x_refresh_rotation"),
            *("id_token_signed_response_alg", "userinfo_signed_response_alg", "introspection_signed_response_alg"),
        ),
        is_folded=True,
    ),
    Section(
        _("In the name of people who are not there"),
        ("x_token_exchange", "x_global_token_revocation"),
        is_folded=True,
    ),
)
# How it authenticates is chosen once; a pairwise name cannot be taken back.
_FIRST_SECTIONS: Final = (
    Section(None, ("client_name",)),
    Section(_("Where people come back to"), ("redirect_uris", "post_logout_redirect_uris")),
    Section(_("What it may do"), ("scope", "x_roles", "x_introspects")),
    Section(_("Who may sign in"), ("x_groups", "x_skip_consent")),
    Section(
        _("Chosen once"), ("client_id", "token_endpoint_auth_method", "x_profile", "jwks_uri", "jwks"), is_folded=True
    ),
    Section(_("The same person under another name"), ("subject_type", "sector_identifier_uri"), is_folded=True),
)
_OF_PEOPLE: Final = frozenset(
    {
        *("redirect_uris", "post_logout_redirect_uris", "grant_types", "x_groups", "x_skip_consent", "x_pkce"),
        *("x_claims", "subject_type", "sector_identifier_uri", "client_uri", "logo_uri", "policy_uri", "tos_uri"),
        *("default_max_age", "default_acr_values", "backchannel_logout_uri"),
        *("request_object_signing_alg", "request_uris", "x_required_scopes", "authorization_details_types"),
        *("id_token_signed_response_alg", "userinfo_signed_response_alg", "x_profile", "x_refresh_rotation"),
        *("require_pushed_authorization_requests", "require_signed_request_object"),
        "authorization_signed_response_alg",
    }
)
_OF_SECRETS: Final = frozenset(
    {
        *("x_introspects", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "x_pkce", "x_profile"),
        *("introspection_signed_response_alg", "x_token_exchange", "x_global_token_revocation"),
        "x_roles",
    }
)
# What speaks of a browser that comes, and of consents that need no page: a device's person is always asked.
_OF_REDIRECTS: Final = frozenset(
    {
        *("redirect_uris", "post_logout_redirect_uris", "x_skip_consent", "request_object_signing_alg", "request_uris"),
        *("require_pushed_authorization_requests", "require_signed_request_object"),
        "authorization_signed_response_alg",
    }
)
_NOT_AT_FIRST: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.WEB: frozenset({"x_introspects"}),
    Kind.SPA: frozenset({"jwks_uri", "jwks"}),
    Kind.NATIVE: frozenset({"jwks_uri", "jwks"}),
    Kind.DEVICE: frozenset({"jwks_uri", "jwks"}),
}
_WITH_CREDENTIALS: Final = frozenset({GrantType.CLIENT_CREDENTIALS, GrantType.TOKEN_EXCHANGE, GrantType.JWT_BEARER})
_NOT_GRANTED: Final[Mapping[Kind, frozenset[GrantType]]] = {
    Kind.WEB: frozenset(),
    Kind.SPA: _WITH_CREDENTIALS | {GrantType.DEVICE_CODE},
    Kind.DEVICE: _WITH_CREDENTIALS | {GrantType.AUTHORIZATION_CODE},
    Kind.SERVICE: frozenset(GrantType) - _WITH_CREDENTIALS,
}
_WITHOUT: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.WEB: frozenset({"x_roles"}),
    Kind.SPA: _OF_SECRETS,
    Kind.NATIVE: _OF_SECRETS,
    Kind.DEVICE: _OF_SECRETS | _OF_REDIRECTS,
    Kind.SERVICE: _OF_PEOPLE - {"grant_types"},
}
