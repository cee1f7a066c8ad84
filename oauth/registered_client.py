"""RFC 6749 section 2: a registered client as the rules see it, a value that nothing changes."""

from dataclasses import dataclass
from datetime import timedelta

from oauth.vocabulary import AccessTokenFormat, AuthMethod, GrantType, IdTokenAlg, Introspects, Pkce


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredClient:
    """A client and the policies that it is held to. `secret_digest` is empty for public clients."""

    pk: int
    client_id: str
    name: str
    is_public: bool
    secret_digest: str
    auth_method: AuthMethod
    grant_types: frozenset[GrantType]
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    default_scopes: tuple[str, ...]
    introspects: Introspects
    pkce: Pkce
    access_token_format: AccessTokenFormat
    access_token_lifetime: timedelta
    id_token_alg: IdTokenAlg
    skips_consent: bool

    def may_use(self, grant_type: GrantType) -> bool:
        """Tell whether the client may use a grant type."""
        return grant_type in self.grant_types

    def __repr__(self) -> str:
        """Name the client without its digest."""
        return f"RegisteredClient({self.client_id!r})"
