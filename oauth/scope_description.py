"""RFC 6749 section 3.3 and RFC 8707 section 2: a scope, and an API that scopes open, as values that nothing changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oauth.conf import DEFAULT_CLIENT_SCOPES
from oauth.vocabulary import NEVER_PERSONAL, SCOPE_WORDS, AccessTokenFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeDescription:
    """A scope and what people read of it; words that are empty are not chosen.

    `is_offered`: the metadata names it. `is_default`: a new client that names no scopes may ask for it. `is_personal`:
    people may give it to personal access tokens.
    """

    name: str
    title_en: str = ""
    title_ko: str = ""
    description_en: str = ""
    description_ko: str = ""
    is_offered: bool = False
    is_default: bool = False
    is_personal: bool = False

    @property
    def is_built_in(self) -> bool:
        """Whether the house gives it a meaning of its own."""
        return self.name in SCOPE_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDescription:
    """An API (a protected resource) by its identifier, its name in both languages, and the scopes that open it.

    Its access tokens have this format and lifetime in seconds; without, those of the client. `client_id` is of the
    client that introspects them, if there is one. `is_registrable`: clients that nobody here knows may have its scopes.
    """

    identifier: str
    name_en: str = ""
    name_ko: str = ""
    scopes: tuple[str, ...] = ()
    access_token_format: AccessTokenFormat | None = None
    access_token_lifetime: int | None = None
    client_id: str = ""
    is_registrable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All scopes by their names, built-in ones first, and all resources."""

    scopes: Mapping[str, ScopeDescription] = field(default_factory=dict)
    resources: tuple[ResourceDescription, ...] = ()

    def resource(self, identifier: str) -> ResourceDescription | None:
        """Return the resource of this identifier, or None."""
        return next((one for one in self.resources if one.identifier == identifier), None)


# What the house brings, whatever stands in the database.
BUILT_IN_SCOPES: Mapping[str, ScopeDescription] = {
    name: ScopeDescription(
        name=name, is_offered=True, is_default=name in DEFAULT_CLIENT_SCOPES, is_personal=name not in NEVER_PERSONAL
    )
    for name in SCOPE_WORDS
}
