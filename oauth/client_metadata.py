"""RFC 7591 section 2 and OpenID Connect Registration section 2: what a client is registered as, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from oauth.conf import DEFAULT_ACCESS_TOKEN_SECONDS, DEFAULT_CLIENT_SCOPES
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
    required_scopes: tuple[str, ...] = ()
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
    profile: ClientProfile = ClientProfile.NONE
    require_pushed_authorization_requests: bool = False
    require_signed_request_object: bool = False
    dpop_bound_access_tokens: bool = False
    authorization_signed_response_alg: str = ""
    introspection_signed_response_alg: str = ""
    rotates_refresh_tokens: bool = True
    token_exchange: TokenExchange = TokenExchange.NONE
    authorization_details_types: tuple[str, ...] = ()
    may_revoke_subjects: bool = False

    @property
    def is_public(self) -> bool:
        """Whether the client cannot prove who it is."""
        return self.auth_method is AuthMethod.NONE

    @property
    def has_secret(self) -> bool:
        """Whether the client proves who it is by a secret, not by a key of its own."""
        return self.auth_method not in {AuthMethod.NONE, AuthMethod.PRIVATE_KEY_JWT}

    @property
    def is_fapi2(self) -> bool:
        """Whether the client is held to the FAPI 2.0 security profile."""
        return self.profile is ClientProfile.FAPI2

    @property
    def pushes_requests(self) -> bool:
        """Whether its authorization requests come pushed alone (RFC 9126 section 6)."""
        return self.require_pushed_authorization_requests or self.is_fapi2

    @property
    def binds_tokens(self) -> bool:
        """Whether it gets no token but one that is bound to a key (RFC 9449 section 5.2)."""
        return self.dpop_bound_access_tokens or self.is_fapi2

    @property
    def keeps_refresh_tokens(self) -> bool:
        """Whether its refresh tokens stay as they are: it proves who it is by a key (FAPI 2.0 section 5.3.2.1)."""
        return self.is_fapi2 or not self.rotates_refresh_tokens

    @property
    def sector(self) -> str:
        """Where its people have one name if they have pairwise ones (OpenID Connect Core section 8.1): a host."""
        uri = self.sector_identifier_uri or (self.redirect_uris[0] if self.redirect_uris else "")
        return urlsplit(uri).hostname or ""

    @property
    def acts_for_people(self) -> bool:
        """Whether people sign in to the client."""
        return self.awaits_people or GrantType.DEVICE_CODE in self.grant_types

    @property
    def awaits_people(self) -> bool:
        """Whether people come back to the client in their browser, at a redirect URI."""
        return GrantType.AUTHORIZATION_CODE in self.grant_types


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMetadata(ClientDescription):
    """Everything that can be said of a client but its id, its secret and whether it is disabled.

    `groups` are the names of the groups that may sign in to it; none: everybody. `roles` are those of the groups whose
    roles it has itself when it acts as itself.
    """

    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
