"""RFC 7591 section 2: what a client is registered as, a value that floors hand on."""

from dataclasses import dataclass

from oauth.conf import DEFAULT_ACCESS_TOKEN_SECONDS, DEFAULT_CLIENT_SCOPES
from oauth.vocabulary import AccessTokenFormat, AuthMethod, GrantType, IdTokenAlg, Introspects, Pkce


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMetadata:
    """Everything that can be said of a client but its id, its secret and whether it is disabled.

    The client is public if it authenticates by AuthMethod.NONE (RFC 7591 section 2). `groups` are names; the
    lifetime is in seconds.
    """

    name: str = ""
    auth_method: AuthMethod = AuthMethod.ANY_SECRET
    grant_types: tuple[GrantType, ...] = (GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN)
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = DEFAULT_CLIENT_SCOPES
    default_scopes: tuple[str, ...] = ()
    introspects: Introspects = Introspects.NONE
    pkce: Pkce = Pkce.REQUIRED
    access_token_format: AccessTokenFormat = AccessTokenFormat.JWT
    access_token_lifetime: int = DEFAULT_ACCESS_TOKEN_SECONDS
    id_token_alg: IdTokenAlg = IdTokenAlg.RS256
    skips_consent: bool = False
    groups: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether the client has no secret."""
        return self.auth_method is AuthMethod.NONE

    @property
    def acts_for_people(self) -> bool:
        """Whether people sign in to the client."""
        return GrantType.AUTHORIZATION_CODE in self.grant_types
