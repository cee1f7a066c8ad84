"""RFC 6749 section 2: a registered client as the rules see it, a value that nothing changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from oauth.client_metadata import ClientDescription
from oauth.vocabulary import GrantType


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredClient(ClientDescription):
    """A client and the policies that it is held to. `secret_digest` is empty for those that have no secret.

    The digest of the secret before stands beside it while both are good. `version` is when the registration was
    written, by which a statement knows it for the same; `known_at` is the last time at which it was looked up.
    `registration_source` is how it came here: manual, dcr (RFC 7591), cimd (a client ID metadata document, which is
    good until `published_until`).
    """

    pk: int
    client_id: str
    secret_digest: str
    previous_secret_digest: str = ""
    previous_secret_until: datetime | None = None
    version: datetime
    known_at: datetime
    registration_source: str = "manual"
    published_until: datetime | None = None

    @property
    def is_published(self) -> bool:
        """Whether the client says itself what it is, at the address that is its client_id."""
        return self.registration_source == "cimd"

    @property
    def shown_name(self) -> str:
        """What people are told that it is called."""
        return self.name or self.client_id

    @property
    def introduced_name(self) -> str:
        """What they are told where nothing else is said of it: a name that nobody checked does not stand alone."""
        return f"{self.shown_name} ({urlsplit(self.client_id).hostname})" if self.is_published else self.shown_name

    def secret_digests(self, now: datetime) -> tuple[str, str]:
        """Return the digests of the secrets that are good now; one that there is not is empty."""
        until = self.previous_secret_until
        return self.secret_digest, self.previous_secret_digest if until is not None and now < until else ""

    def may_use(self, grant_type: GrantType) -> bool:
        """Tell whether the client may use a grant type."""
        return grant_type in self.grant_types

    def __repr__(self) -> str:
        """Name the client without its digest."""
        return f"RegisteredClient({self.client_id!r})"


FindClient = Callable[[str], RegisteredClient | None]  # by client_id; None if there is no such client
