"""What is found of what a client signed: an assertion or a request object (RFC 7523, 9101, 7519)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

_CLOCK: Final = _("Set the clock of the machine that signs, by NTP. A minute of difference is forgiven, no more.")
_KEYS: Final = _(
    "Compare the key, its kid and the algorithm with those that the client has registered, or publishes at its "
    "jwks_uri. That address must be reachable from here."
)

WORDS: Final[Mapping[str, Words]] = {
    Found.CLOCK_AHEAD: Words(
        _("%(about)s lies %(number)s s in the future: the clock of who signed is ahead, or ours is behind."), _CLOCK
    ),
    Found.CLOCK_BEHIND: Words(
        _("%(about)s was %(number)s s ago: it is too old, or the clock of who signed is behind."),
        _("Sign anew for each request. If that is done, set the clock of the machine that signs, by NTP."),
    ),
    Found.TOO_LONG_LIVED: Words(
        _("It is good for longer than an hour, by %(number)s s."),
        _("Set exp to a few minutes from now. NumericDate counts seconds, not milliseconds."),
    ),
    Found.TIME_MISSING: Words(
        _("%(about)s is missing, or is no number of seconds."),
        _("Set exp, and iat and nbf where they are sent, as seconds since 1970 (NumericDate)."),
    ),
    Found.ASSERTION_UNREADABLE: Words(
        _("The client_assertion is no signed JWT that can be read."),
        _("Send a compact JWS as client_assertion, without crit, signed by RS256, PS256, ES256 or EdDSA."),
    ),
    Found.ASSERTION_NOT_VERIFIED: Words(_("No known key of the client made the signature of the assertion."), _KEYS),
    Found.ASSERTION_NOT_MEANT_SO: Words(
        _("The %(about)s of the assertion is not right: %(expected)s was expected."),
        _(
            "An assertion has iss and sub = client_id, aud = the issuer or the token endpoint, exp, and a new jti each "
            "time; client_assertion_type is urn:ietf:params:oauth:client-assertion-type:jwt-bearer."
        ),
    ),
    Found.ASSERTION_USED: Words(
        _("The assertion has no jti, or one that was used before."),
        _("Sign anew for each request, with a new jti: also when a request is sent again."),
    ),
    Found.OBJECT_UNREADABLE: Words(
        _("The request object is no JWT that can be read, or has a parameter of a wrong type."),
        _("Send a compact JWS whose claims are the parameters, as texts."),
        is_for_all=True,
    ),
    Found.OBJECT_UNSIGNED: Words(
        _("The request object is not signed, or the client may not send one so."),
        _("Sign the request object, or have the client registered for unsigned ones (request_object_signing_alg)."),
        is_for_all=True,
    ),
    Found.OBJECT_NOT_VERIFIED: Words(
        _("No known key of the client made the signature of the request object, or the algorithm is another."), _KEYS
    ),
    Found.OBJECT_NOT_MEANT_SO: Words(
        _("The %(about)s of the request object is not right: %(expected)s was expected."),
        _("A request object has iss and client_id = the client_id, aud = the issuer, no sub, and no object inside."),
        is_for_all=True,
    ),
    Found.REQUEST_URI_UNREGISTERED: Words(
        _("The request_uri is not registered for this client, or none is."),
        _("Register the request_uri, with its fragment if it has one, or send the request by value."),
        is_for_all=True,
    ),
    Found.REQUEST_URI_UNREACHABLE: Words(
        _("The request object could not be fetched from the request_uri."),
        _("Check that the address answers over https, quickly, from this server, and with the object alone."),
        is_for_all=True,
    ),
}
