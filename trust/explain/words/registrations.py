"""What is found of a client that registers itself (RFC 7591, 7592)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

WORDS: Final[Mapping[str, Words]] = {
    Found.REGISTRATION_CLOSED: Words(
        _("Clients cannot register themselves here (DCR=off)."),
        _("Have those who run this server register the client."),
        is_for_all=True,
    ),
    Found.REGISTRATION_TOKEN_MISSING: Words(
        _("No bearer token came, which is needed to register, or to change a registration."),
        _("Send the initial access token, or the registration access token, as Authorization: Bearer."),
        is_for_all=True,
    ),
    Found.REGISTRATION_TOKEN_WRONG: Words(
        _("The token is not good for this: unknown, used up, too old, or of another client."),
        _("Ask for a new initial access token. A client's own token is good for its own registration alone."),
    ),
    Found.METADATA_REFUSED: Words(
        _("The metadata cannot be registered. %(about)s: %(came)s %(expected)s"),
        _("Change what the error_description names; docs/clients.md has what may be registered."),
        is_for_all=True,
    ),
}
