"""Wire values: the kinds of events, the URIs that Security Event Tokens name them by, and the words around them."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SET_TYP: Final = "secevent+jwt"  # RFC 8417 section 2.3: keeps a SET from passing for any other token
SET_MEDIA_TYPE: Final = "application/secevent+jwt"
_CAEP: Final = "https://schemas.openid.net/secevent/caep/event-type/"
_RISC: Final = "https://schemas.openid.net/secevent/risc/event-type/"
_SSF: Final = "https://schemas.openid.net/secevent/ssf/event-type/"


class EventType(TextChoices):
    """What happened, as receivers subscribe to it and as the JSON body calls it."""

    SESSION_ESTABLISHED = "session.established", _("A person signed in")
    SESSION_REVOKED = "session.revoked", _("A session ended")
    CREDENTIAL_CHANGED = "credential.changed", _("A password or another way to sign in changed")
    ACCOUNT_CREATED = "account.created", _("An account was made")
    ACCOUNT_DISABLED = "account.disabled", _("An account was deactivated or closed")
    ACCOUNT_ENABLED = "account.enabled", _("An account was activated again")
    ACCOUNT_PURGED = "account.purged", _("An account was erased")
    GRANT_REVOKED = "grant.revoked", _("What a client was allowed ended: its tokens are dead")
    REFRESH_TOKEN_REUSED = "refresh_token.reused", _("A copy of a refresh token was used")
    VERIFICATION = "verification", _("Test event")

    @classmethod
    def subscribable(cls) -> list["EventType"]:
        """Return the kinds that a receiver chooses from: a test goes to whom it is sent to."""
        return [kind for kind in cls if kind is not cls.VERIFICATION]


# By their registered URIs: OpenID CAEP 1.0, RISC 1.0 and the Shared Signals Framework 1.0.
STANDARD_URIS: Final[Mapping[EventType, str]] = {
    EventType.SESSION_ESTABLISHED: f"{_CAEP}session-established",
    EventType.SESSION_REVOKED: f"{_CAEP}session-revoked",
    EventType.CREDENTIAL_CHANGED: f"{_CAEP}credential-change",
    EventType.ACCOUNT_DISABLED: f"{_RISC}account-disabled",
    EventType.ACCOUNT_ENABLED: f"{_RISC}account-enabled",
    EventType.ACCOUNT_PURGED: f"{_RISC}account-purged",
    EventType.VERIFICATION: f"{_SSF}verification",
}


def uri_of(kind: EventType, *, issuer: str) -> str:
    """Return the URI of a kind of event; those that no standard names are the issuer's own."""
    return STANDARD_URIS.get(kind) or f"{issuer}/events/{kind.replace('.', '-').replace('_', '-')}"
