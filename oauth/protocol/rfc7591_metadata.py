"""RFC 7591 section 2: client metadata by its registered names, read into typed values and written out of them.

What our policy lacks a registered name for begins with `x_`. Unknown members are ignored, as section 2 demands, but
for unknown policies: a policy that is not applied must not pass for one that is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_noop

from accounts.vocabulary import Acr
from oauth.client_metadata import ClientMetadata
from oauth.protocol import rfc7591_values as values
from oauth.protocol.rfc7591_values import Malformed
from oauth.vocabulary import (
    CLIENT_ALGORITHMS,
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


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a member, in English and marked for translation; `value` is what was given, where it helps."""

    member: str
    message: str
    value: str = ""


def _unsigned_or(*algorithms: str) -> Callable[[object], str]:
    """Return what reads an algorithm; `none` says the same as nothing."""
    read_one = values.algorithm((*algorithms, "none"))
    return lambda value: read_one(value).replace("none", "")


# By member: the attribute of ClientMetadata, and how its value is read.
_MEMBERS: Final[Mapping[str, tuple[str, Callable[[object], object]]]] = {
    "client_name": ("name", values.text),
    "client_uri": ("client_uri", values.uri),
    "logo_uri": ("logo_uri", values.uri),
    "policy_uri": ("policy_uri", values.uri),
    "tos_uri": ("tos_uri", values.uri),
    "contacts": ("contacts", values.words),
    "token_endpoint_auth_method": ("auth_method", values.one_of(AuthMethod)),
    "token_endpoint_auth_signing_alg": ("token_endpoint_auth_signing_alg", values.algorithm(CLIENT_ALGORITHMS)),
    "jwks": ("jwks", values.key_set),
    "jwks_uri": ("jwks_uri", values.uri),
    "grant_types": ("grant_types", values.some_of(GrantType)),
    "redirect_uris": ("redirect_uris", values.texts),
    "post_logout_redirect_uris": ("post_logout_redirect_uris", values.texts),
    "backchannel_logout_uri": ("backchannel_logout_uri", values.uri),
    "request_uris": ("request_uris", values.uris),
    "request_object_signing_alg": ("request_object_signing_alg", values.algorithm((*CLIENT_ALGORITHMS, "none"))),
    "scope": ("scopes", values.names),
    "default_max_age": ("default_max_age", values.seconds_or_none),
    "default_acr_values": ("default_acr_values", values.some_of(Acr)),
    "subject_type": ("subject_type", values.one_of(SubjectType)),
    "sector_identifier_uri": ("sector_identifier_uri", values.uri),
    "id_token_signed_response_alg": ("id_token_alg", values.one_of(IdTokenAlg)),
    "userinfo_signed_response_alg": ("userinfo_signed_response_alg", _unsigned_or(*IdTokenAlg.values)),
    "x_scopes": ("scopes", values.names),
    "x_default_scopes": ("default_scopes", values.names),
    "x_required_scopes": ("required_scopes", values.names),
    "x_claims": ("claims", values.sources),
    "x_introspects": ("introspects", values.one_of(Introspects)),
    "x_pkce": ("pkce", values.one_of(Pkce)),
    "x_access_token_format": ("access_token_format", values.one_of(AccessTokenFormat)),
    "x_access_token_lifetime": ("access_token_lifetime", values.seconds),
    "x_skip_consent": ("skips_consent", values.flag),
    "x_reviewed": ("reviewed", values.flag),
    "x_groups": ("groups", values.texts),
    "x_roles": ("roles", values.texts),
    "x_profile": ("profile", values.one_of_or_none(ClientProfile)),
    "x_refresh_rotation": ("rotates_refresh_tokens", values.flag),
    "x_token_exchange": ("token_exchange", values.one_of(TokenExchange)),
    "x_global_token_revocation": ("may_revoke_subjects", values.flag),
    "require_pushed_authorization_requests": ("require_pushed_authorization_requests", values.flag),
    "require_signed_request_object": ("require_signed_request_object", values.flag),
    "dpop_bound_access_tokens": ("dpop_bound_access_tokens", values.flag),
    "authorization_signed_response_alg": (
        "authorization_signed_response_alg",
        values.algorithm(IdTokenAlg.values),
    ),
    "introspection_signed_response_alg": (
        "introspection_signed_response_alg",
        values.algorithm(IdTokenAlg.values),
    ),
    "authorization_details_types": ("authorization_details_types", values.words),
}
# Written out only where they say something.
_OPTIONAL: Final = (
    *("client_uri", "logo_uri", "policy_uri", "tos_uri", "contacts", "token_endpoint_auth_signing_alg", "jwks"),
    *("jwks_uri", "backchannel_logout_uri", "request_uris", "request_object_signing_alg", "default_max_age"),
    *("default_acr_values", "sector_identifier_uri", "userinfo_signed_response_alg"),
    *("authorization_signed_response_alg", "introspection_signed_response_alg", "authorization_details_types"),
    *("require_pushed_authorization_requests", "require_signed_request_object", "dpop_bound_access_tokens"),
)
_RESPONSE_TYPES: Final = frozenset({"code"})
# Understood and not done: left out of the answer, they would be taken for granted (RFC 7591 section 2).
_ENCRYPTION: Final = (
    *("authorization_encrypted_response_alg", "authorization_encrypted_response_enc"),
    *("id_token_encrypted_response_alg", "id_token_encrypted_response_enc", "userinfo_encrypted_response_alg"),
    *("userinfo_encrypted_response_enc", "request_object_encryption_alg", "request_object_encryption_enc"),
)


def read(metadata: Mapping[str, object], *, onto: ClientMetadata) -> tuple[ClientMetadata, list[Problem]]:
    """Return `onto` with the named members changed, and what is wrong with those that could not be read."""
    found: dict[str, Any] = {}
    problems = _unspoken(metadata)
    for member, (attribute, read_value) in _MEMBERS.items():
        if member not in metadata:
            continue
        try:
            found[attribute] = read_value(metadata[member])
        except Malformed as malformed:
            problems.append(Problem(member, malformed.message, malformed.value))
    return replace(onto, **found), problems


def _unspoken(metadata: Mapping[str, object]) -> list[Problem]:
    """Return what is asked for and not spoken here: response types but `code`, encryption, policies not ours."""
    policies = sorted(member for member in metadata if member.startswith("x_") and member not in _MEMBERS)
    problems = [Problem(member, gettext_noop("is not known here")) for member in policies]
    problems += [Problem(member, gettext_noop("is not offered here")) for member in _ENCRYPTION if metadata.get(member)]
    if not _RESPONSE_TYPES.issuperset(_texts_or_none(metadata.get("response_types", []))):
        problems.append(Problem("response_types", gettext_noop("may only be code")))
    return problems


def _texts_or_none(value: object) -> tuple[str | None, ...]:
    try:
        return values.texts(value)
    except Malformed:
        return (None,)


def written(client: ClientMetadata) -> dict[str, object]:
    """Return a client's metadata by its names: what is registered, and our own policies.

    `token_endpoint_auth_method` is left out where the client may choose between header and body: its default is
    the header (RFC 7591 section 2), and reading this again changes nothing.
    """
    return {
        **registered(client),
        "x_default_scopes": list(client.default_scopes),
        "x_required_scopes": list(client.required_scopes),
        "x_claims": dict(client.claims),
        "x_introspects": client.introspects.value,
        "x_pkce": client.pkce.value,
        "x_access_token_format": client.access_token_format.value,
        "x_access_token_lifetime": client.access_token_lifetime,
        "x_skip_consent": client.skips_consent,
        "x_reviewed": client.reviewed,
        "x_groups": list(client.groups),
        "x_roles": list(client.roles),
        "x_profile": client.profile.value,
        "x_refresh_rotation": client.rotates_refresh_tokens,
        "x_token_exchange": client.token_exchange.value,
        "x_global_token_revocation": client.may_revoke_subjects,
    }


def registered(client: ClientMetadata) -> dict[str, object]:
    """Return the members that the registries name; those that say nothing are left out."""
    optional = {name: getattr(client, name) for name in _OPTIONAL}
    if client.auth_method is not AuthMethod.ANY_SECRET:
        optional["token_endpoint_auth_method"] = client.auth_method.value
    if client.backchannel_logout_uri:
        optional["backchannel_logout_session_required"] = True  # every logout token has a sid
    return {
        "client_name": client.name,
        "grant_types": [grant_type.value for grant_type in client.grant_types],
        "response_types": ["code"] if client.awaits_people else [],
        "redirect_uris": list(client.redirect_uris),
        "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
        "scope": " ".join(client.scopes),
        "subject_type": client.subject_type.value,
        "id_token_signed_response_alg": client.id_token_alg.value,
        **{
            name: _plain(value)
            for name, value in optional.items()
            if value is not False and value not in ("", (), None)
        },
    }


def _says_something(value: object) -> bool:
    return value is not False and value not in ("", (), None)


def _plain(value: object) -> object:
    return [str(one) for one in value] if isinstance(value, tuple) else value


def by_any_secret(client: ClientMetadata) -> ClientMetadata:
    """Return a confidential client that may choose between header and body, which no value of the member says."""
    return replace(client, auth_method=AuthMethod.ANY_SECRET)


def client_information(
    members: Mapping[str, object], *, client_id: str, issued_at: datetime, secret: str = ""
) -> dict[str, object]:
    """Return the client information response (RFC 7591 section 3.2.1); a secret never expires, and is told once.

    `members` are the client's metadata, as written() or registered() returns them.
    """
    told = {"client_secret": secret, "client_secret_expires_at": 0} if secret else {}
    return {"client_id": client_id, "client_id_issued_at": int(issued_at.timestamp()), **told, **members}
