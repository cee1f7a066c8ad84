"""RFC 7591 section 2 and OpenID Connect Registration section 2: what a client is registered as, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from oauth.conf import DEFAULT_ACCESS_TOKEN_SECONDS, DEFAULT_CLIENT_SCOPES
from oauth.vocabulary import (
    AccessTokenFormat,
    AuthMethod,
    GrantType,
    IdTokenAlg,
    Introspects,
    Pkce,
    SubjectType,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDescription:
    """What the rules know of a client. Attributes are named as the registered members are, where they stand alike.

    The client is public if it authenticates by AuthMethod.NONE (RFC 7591 section 2). Lifetimes and ages are in
    seconds; an algorithm that is empty is not chosen. `claims` are further claims by name, each with its source.
    """

    name: str = ""
    client_uri: str = ""
    logo_uri: str = ""
    policy_uri: str = ""
    tos_uri: str = ""
    contacts: tuple[str, ...] = ()
    auth_method: AuthMethod = AuthMethod.ANY_SECRET
    token_endpoint_auth_signing_alg: str = ""
    jwks: Mapping[str, Any] | None = None
    jwks_uri: str = ""
    grant_types: tuple[GrantType, ...] = (GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN)
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    request_uris: tuple[str, ...] = ()
    request_object_signing_alg: str = ""
    scopes: tuple[str, ...] = DEFAULT_CLIENT_SCOPES
    default_scopes: tuple[str, ...] = ()
    default_max_age: int | None = None
    default_acr_values: tuple[str, ...] = ()
    subject_type: SubjectType = SubjectType.PUBLIC
    sector_identifier_uri: str = ""
    id_token_alg: IdTokenAlg = IdTokenAlg.RS256
    userinfo_signed_response_alg: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    introspects: Introspects = Introspects.NONE
    pkce: Pkce = Pkce.REQUIRED
    access_token_format: AccessTokenFormat = AccessTokenFormat.JWT
    access_token_lifetime: int = DEFAULT_ACCESS_TOKEN_SECONDS
    skips_consent: bool = False
    reviewed: bool = True

    @property
    def is_public(self) -> bool:
        """Whether the client cannot prove who it is."""
        return self.auth_method is AuthMethod.NONE

    @property
    def has_secret(self) -> bool:
        """Whether the client proves who it is by a secret, not by a key of its own."""
        return self.auth_method not in {AuthMethod.NONE, AuthMethod.PRIVATE_KEY_JWT}

    @property
    def sector(self) -> str:
        """Where its people have one name if they have pairwise ones (OpenID Connect Core section 8.1): a host."""
        uri = self.sector_identifier_uri or (self.redirect_uris[0] if self.redirect_uris else "")
        return urlsplit(uri).hostname or ""

    @property
    def acts_for_people(self) -> bool:
        """Whether people sign in to the client."""
        return GrantType.AUTHORIZATION_CODE in self.grant_types


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMetadata(ClientDescription):
    """Everything that can be said of a client but its id, its secret and whether it is disabled.

    `groups` are the names of the groups that may sign in to it; none: everybody.
    """

    groups: tuple[str, ...] = ()
