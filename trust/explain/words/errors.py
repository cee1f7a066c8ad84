"""What is said of each error where its finding is not for all: every reason that it may have, and which is not told."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ERRORS: Final[Mapping[str, str | Promise]] = {
    "invalid_client": _(
        "Check the client_id, the secret or the key, and the method by which the client authenticates, against what is "
        "registered; for an assertion also the clock."
    ),
    "invalid_grant": _(
        "The code or the refresh token is unknown, too old, used before, of another client, or of a sign-in that is "
        "over; or the redirect_uri or the code_verifier is not that of the authorization request. Exchange a code once "
        "and at once, and keep the newest refresh token."
    ),
    "invalid_request": _("Compare the parameters with the documentation: one is missing, malformed, or came twice."),
    "invalid_request_object": _(
        "Check the request object: its signature, algorithm and key, iss, aud, the times, and the clock."
    ),
    "invalid_token": _("The token is unknown, used up, too old, or not for this. Ask for a new one."),
    "login_required": _("Send the person through the authorization request again, without prompt=none."),
    "access_denied": _("It was not allowed. Those who run this server, or the application, can tell more."),
}
OTHERWISE: Final = _("Those who run this server can look up more by the reference.")
