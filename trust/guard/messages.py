"""What a refusal says to people: one sentence for each code, in the language of the request.

settings.API_MESSAGES names, by dotted path, a mapping of code to text that stands before this one: so that a site
says its own sentences by changing one line (docs/recipes).
"""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

MESSAGES: Final[Mapping[str, str | Promise]] = {
    # The request
    "invalid": _("The request is not valid."),
    "invalid_request": _("The request cannot be understood."),
    "parse_error": _("The body cannot be read as JSON."),
    "not_found": _("There is nothing here."),
    "conflict": _("This cannot be done now."),
    "method_not_allowed": _("This method is not allowed here."),
    "not_acceptable": _("The answer cannot be given in the form that was asked for."),
    "unsupported_media_type": _("The body's content type is not supported."),
    "content_too_large": _("The request is larger than it may be."),
    "uri_too_long": _("The address is longer than it may be."),
    "headers_too_large": _("The request's headers are larger than they may be."),
    # The token
    "not_authenticated": _("You are not signed in."),
    "invalid_token": _("The token is not valid."),
    "token_expired": _("The token has expired."),
    "invalid_dpop_proof": _("The DPoP proof is not valid."),
    "use_dpop_nonce": _("Send the request again, with the nonce in the DPoP proof."),
    "insufficient_scope": _("The token does not allow this."),
    "insufficient_user_authentication": _("Sign in again to do this."),
    "permission_denied": _("You may not do this."),
    # The sign-in
    "authentication_failed": _("You could not be signed in."),
    "invalid_credentials": _("The username or the password is not right."),
    "email_unverified": _("Verify your e-mail address first."),
    "mfa_required": _("Enter a code of your second factor."),
    "invalid_challenge": _("Sign in from the beginning: this step is over."),
    "invalid_code": _("The code is not right."),
    "invalid_passkey": _("The passkey could not be checked."),
    # The house
    "throttled": _("Too many attempts. Try again later."),
    "temporarily_unavailable": _("Not available right now. Try again in a moment."),
    "server_error": _("Something went wrong on our side."),
}


def message_of(code: str) -> str:
    """Return the sentence for `code`, or an empty string for a code that has none."""
    own: Mapping[str, str | Promise] = import_string(settings.API_MESSAGES) if settings.API_MESSAGES else {}
    return str(own.get(code) or MESSAGES.get(code, ""))
