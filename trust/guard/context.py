"""What a verified request carries: `request.auth` and, where no person stands behind it, `request.user`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from trust.lib import clock
from trust.tokens.access_token import AccessToken


@dataclass(frozen=True, slots=True)
class Proof:
    """Possession of a key, as a request proved it; `confirmation` is the member of `cnf` that it meets (RFC 7800)."""

    confirmation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClientPrincipal:
    """A client that acts as itself. Authenticated, and no person: it owns nothing and has no permissions."""

    client_id: str
    pk: None = None
    id: None = None
    is_active: bool = True
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_staff: bool = False
    is_superuser: bool = False

    def __str__(self) -> str:
        """Name the client."""
        return self.client_id

    def get_username(self) -> str:
        """Return the client's id, so that logs can say who it was."""
        return self.client_id

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Refuse: Django's permissions are given to people."""
        return False

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        """Refuse: Django's permissions are given to people."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Refuse: Django's permissions are given to people."""
        return False


Principal = AbstractBaseUser | ClientPrincipal


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessContext:
    """A verified access token, the person it speaks for if any, and the proof that came with it if any.

    `scope`, `is_expired`, `allow_scopes` and `is_valid` are what the toolkit's permission classes ask of a token.
    """

    token: AccessToken
    person: AbstractBaseUser | None = None
    proof: Proof | None = None

    @property
    def principal(self) -> Principal:
        """Who the request speaks for: `request.user`."""
        return self.person or ClientPrincipal(self.token.client_id)

    @property
    def session_id(self) -> str | None:
        """The `sid` of the session that the token belongs to, if it belongs to one."""
        return self.token.session_id

    @property
    def cnf(self) -> Mapping[str, Any] | None:
        """The key that the token is bound to (RFC 7800), if any."""
        return self.token.cnf

    @property
    def scope(self) -> str:
        """The scope as on the wire (RFC 6749 section 3.3)."""
        return " ".join(self.token.scope)

    def is_expired(self) -> bool:
        """Tell whether the token has expired since it was verified."""
        return self.token.expires_at is None or self.token.expires_at <= clock.now()

    def allow_scopes(self, scopes: Iterable[str] | None) -> bool:
        """Tell whether the token has all of `scopes`."""
        return frozenset(self.token.scope).issuperset(scopes or ())

    def is_valid(self, scopes: Iterable[str] | None = None) -> bool:
        """Tell whether the token is current and has all of `scopes`."""
        return not self.is_expired() and self.allow_scopes(scopes)
