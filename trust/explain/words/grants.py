"""What is found of a code, its verifier, or a refresh token (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.6).

None is for all: whoever holds somebody's code would learn what it lacks.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

_SAME_CLIENT: Final = _(
    "Use the same client_id throughout: look for two configurations, or a test and a production one."
)
_AGAIN: Final = _("Send the person through the authorization request again.")
_VERIFIER: Final = _(
    "Keep the code_verifier of each authorization request with its state, in the person's session, and send that very "
    "one: a second tab or a second request must not overwrite it. It has 43 to 128 characters."
)

_RESOURCES: Final = _(
    "Name one resource, by the very identifier that the API is registered by under Resources, and ask for a scope "
    "of it in the authorization request."
)

WORDS: Final[Mapping[str, Words]] = {
    Found.TARGET_UNKNOWN: Words(_("No resource “%(came)s” is registered here."), _RESOURCES),
    Found.TARGET_NOT_GRANTED: Words(
        _("The resource “%(came)s” was not in the authorization request, and cannot be had by this token request."),
        _RESOURCES,
    ),
    Found.TARGET_NOT_OPENED: Words(
        _("None of the scopes asked for opens the resource “%(came)s”; these do: %(expected)s."), _RESOURCES
    ),
    Found.TARGETS_TOO_MANY: Words(_("An access token is for one resource, and more were named."), _RESOURCES),
    Found.KEY_DIFFERS: Words(
        _("It is bound to a key (DPoP), and the request had no proof by that key."),
        _("Sign the DPoP proofs of one authorization with one key, from its beginning to its end."),
    ),
    Found.CODE_UNKNOWN: Words(
        _("There is no such code: it is cut, altered, of another server, or of yesterday."),
        _("Take the parameter code of the redirect whole, decode it once, and send it to this server."),
    ),
    Found.CODE_OF_ANOTHER_CLIENT: Words(_("The code was issued to another client."), _SAME_CLIENT),
    Found.CODE_EXPIRED: Words(
        _("The code was too old, by %(number)s s: it is good for a minute."),
        _("Exchange the code at once, in the request that the redirect brings."),
    ),
    Found.CODE_USED: Words(
        _("The code was used before. What was granted by it has been ended, since somebody else may have it."),
        _("Exchange a code once: look for a page that is loaded twice, a retry, or two processes that do the same."),
    ),
    Found.CODE_REDIRECT_URI: Words(
        _("The redirect_uri is not the one of the authorization request."),
        _("Send the redirect_uri of the authorization request, character by character."),
    ),
    Found.VERIFIER_MISSING: Words(_("The code_verifier is missing: the code was asked for with PKCE."), _VERIFIER),
    Found.VERIFIER_MALFORMED: Words(
        _("The code_verifier has %(number)s characters, or some that it may not have: 43 to 128 are expected."),
        _VERIFIER,
    ),
    Found.VERIFIER_WRONG: Words(
        _("The code_verifier does not match the code_challenge of the authorization request."), _VERIFIER
    ),
    Found.VERIFIER_UNEXPECTED: Words(
        _("A code_verifier came, and the authorization request had no code_challenge."),
        _("Send a code_challenge with the authorization request, or no code_verifier."),
    ),
    Found.REFRESH_TOKEN_UNKNOWN: Words(
        _("This is no refresh token of this server, or it is cut or altered."),
        _("Keep the refresh token whole, and send it to the server that issued it."),
    ),
    Found.REFRESH_TOKEN_EXPIRED: Words(_("The refresh token has reached its end."), _AGAIN),
    Found.REFRESH_TOKEN_OF_ANOTHER_CLIENT: Words(_("The refresh token was issued to another client."), _SAME_CLIENT),
    Found.REFRESH_TOKEN_SUPERSEDED: Words(
        _(
            "The refresh token was replaced by a newer one before, and this was not the same client trying again at "
            "once. The grant has been ended, since somebody else may have it."
        ),
        _("Keep the newest refresh token after each refresh, and let one process at a time refresh."),
    ),
    Found.REFRESH_TOKEN_ENDED: Words(
        _(
            "What the refresh token stood for is over: revoked, its session ended, or the person deactivated or no "
            "more in the client's groups."
        ),
        _AGAIN,
    ),
    Found.SIGN_IN_OVER: Words(
        _("The sign-in that the code came from is over, or the person may not use the client any more."), _AGAIN
    ),
    Found.DEVICE_CODE_USED: Words(
        _("The device code was used before, or what it was allowed was taken back."),
        _("Ask until tokens come, and then no more: look for two processes that ask with one device code."),
    ),
    Found.DEVICE_CODE_EXPIRED: Words(
        _("Nobody decided in time: the device code was too old, by %(number)s s."),
        _("Begin a new device authorization, and show its new code."),
    ),
}
