"""A client's row and its description, each made of the other: lists are words with spaces between them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from oauth.client_metadata import ClientDescription
from oauth.models import Client
from oauth.vocabulary import (
    AccessTokenFormat,
    AuthMethod,
    ClientProfile,
    GrantType,
    IdTokenAlg,
    Introspects,
    Pkce,
    SubjectType,
    TokenExchange,
)

# Attributes of a description whose column has another name.
_COLUMNS: Final[Mapping[str, str]] = {
    "auth_method": "token_endpoint_auth_method",
    "id_token_alg": "algorithm",
    "skips_consent": "skip_authorization",
}
_AS_THEY_ARE: Final = (
    *("name", "client_uri", "logo_uri", "policy_uri", "tos_uri", "jwks", "jwks_uri"),
    *("token_endpoint_auth_signing_alg", "backchannel_logout_uri", "request_object_signing_alg", "default_max_age"),
    *("sector_identifier_uri", "userinfo_signed_response_alg", "claims", "access_token_lifetime"),
    *("skips_consent", "reviewed", "require_pushed_authorization_requests", "require_signed_request_object"),
    *("dpop_bound_access_tokens", "authorization_signed_response_alg", "introspection_signed_response_alg"),
    *("rotates_refresh_tokens", "may_revoke_subjects"),
)
_LISTS: Final = (
    *("contacts", "redirect_uris", "post_logout_redirect_uris", "request_uris", "scopes", "default_scopes"),
    *("default_acr_values", "authorization_details_types", "required_scopes"),
)
_CHOICES: Final[Mapping[str, Callable[[str], Any]]] = {
    "auth_method": AuthMethod,
    "subject_type": SubjectType,
    "id_token_alg": IdTokenAlg,
    "introspects": Introspects,
    "pkce": Pkce,
    "access_token_format": AccessTokenFormat,
    "profile": ClientProfile,
    "token_exchange": TokenExchange,
}


def read(row: Client) -> dict[str, Any]:
    """Return the attributes of the description that a row holds."""
    return {
        **{name: _column(row, name) for name in _AS_THEY_ARE},
        **{name: tuple(_column(row, name).split()) for name in _LISTS},
        **{name: choice(_column(row, name)) for name, choice in _CHOICES.items()},
        "grant_types": tuple(GrantType(name) for name in row.grant_types.split()),
    }


def write(row: Client, client: ClientDescription) -> None:
    """Put a description into a row, unsaved."""
    for name in (*_AS_THEY_ARE, *_CHOICES):
        setattr(row, _COLUMNS.get(name, name), getattr(client, name))
    for name in (*_LISTS, "grant_types"):
        setattr(row, _COLUMNS.get(name, name), " ".join(getattr(client, name)))
    row.client_type = Client.CLIENT_PUBLIC if client.is_public else Client.CLIENT_CONFIDENTIAL


def _column(row: Client, name: str) -> Any:
    return getattr(row, _COLUMNS.get(name, name))
