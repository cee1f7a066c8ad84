"""What is found of what is shown for a token: of a workload's assertion (RFC 7523), and of an exchange (RFC 8693)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

_SUBJECTS: Final = _(
    "Compare the sub of the assertion with the subjects under Workloads, character by character, and its other claims "
    "with those that the workload must say. A subject may end in * behind a : or a / alone."
)

WORDS: Final[Mapping[str, Words]] = {
    Found.ISSUER_UNKNOWN: Words(
        _("The assertion is of an issuer that is not trusted here: %(came)s."),
        _(
            "Have the issuer added under Trusted issuers, exactly as the iss of the assertion has it, down to the last "
            "slash."
        ),
    ),
    Found.WORKLOAD_NOT_VERIFIED: Words(
        _("No known key of %(came)s made the signature of the assertion."),
        _(
            "Compare the kid of the assertion with the keys of the issuer: those at its address, which must be "
            "reachable from here, or those that stand under Trusted issuers, which are out of date once the issuer has "
            "new ones."
        ),
    ),
    Found.WORKLOAD_NOT_MEANT_SO: Words(
        _("The %(about)s of the assertion is not right: %(expected)s was expected."),
        _("Ask the issuer for a token whose one audience is this server, and send it as it is, as assertion."),
    ),
    Found.WORKLOAD_UNKNOWN: Words(
        _(
            "No workload is known by this subject and these claims, or it is not the client that the request names: "
            "%(came)s."
        ),
        _SUBJECTS,
    ),
    Found.WORKLOAD_AMBIGUOUS: Words(
        _("Several clients are known by this subject: %(came)s."),
        _("Send the client_id of the one that is meant, beside the assertion."),
    ),
    Found.EXCHANGE_NOT_ALLOWED: Words(
        _("The client may not exchange tokens: its policy says for nothing."),
        _("Have it set for the client what it may exchange a person's token for: delegation, or impersonation."),
        is_for_all=True,
    ),
    Found.EXCHANGED_NOT_LIVE: Words(
        _("The %(about)s is no access token of this server that is live, or its person is not there any more."),
        _(
            "Send the access token whole, before it expires: not an id token, and not a refresh token. If its sign-in "
            "or its grant is over, the person must sign in again."
        ),
    ),
    Found.EXCHANGED_NOT_MEANT: Words(
        _("The %(about)s was neither issued to this client nor meant for its API."),
        _(
            "Have the application ask for its token with the resource parameter of the API that receives it, and name "
            "this client as the one of that resource. What is meant for somebody else is not exchanged."
        ),
    ),
    Found.EXCHANGES_TOO_MANY: Words(
        _("The %(about)s was exchanged too often already, each time for the next."),
        _("Exchange the token that the application sent, not one that came out of five exchanges."),
    ),
    Found.ACTOR_NOT_ALLOWED: Words(
        _("The actor is not this client, and the person's token does not name them as who may act."),
        _("Leave the actor_token out, or send one that this client got for itself (client_credentials)."),
    ),
}
