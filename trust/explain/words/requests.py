"""What is found of the request itself, before it matters who sent it (RFC 6749, 7636, OpenID Connect Core)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

WORDS: Final[Mapping[str, Words]] = {
    Found.PARAMETER_MISSING: Words(
        _("The parameter %(about)s is missing."),
        _("Send the parameter %(about)s."),
        is_for_all=True,
    ),
    Found.PARAMETER_REPEATED: Words(
        _("A parameter came more than once: %(about)s."),
        _("Send each parameter once, in the query or in the body, not in both."),
        is_for_all=True,
    ),
    Found.PARAMETER_TOO_LONG: Words(
        _("A parameter is too long."),
        _("Shorten the parameters. What the application wants back goes by state, which can be short."),
        is_for_all=True,
    ),
    Found.UNREADABLE: Words(
        _("The parameters cannot be read."),
        _("Encode the parameters as application/x-www-form-urlencoded, in UTF-8; a registration as JSON."),
        is_for_all=True,
    ),
    Found.CONTENT_TYPE: Words(
        _("The body says that it is %(came)s; expected was %(expected)s."),
        _("Set the Content-Type to what the endpoint takes: a form, or JSON for a registration."),
        is_for_all=True,
    ),
    Found.LIMITED: Words(
        _("There were too many attempts; the next is let through in %(number)s s."),
        _("Wait, and look for what tries again and again: a retry without a pause, or a wrong secret."),
        is_for_all=True,
    ),
    Found.REDIRECT_URI_MISSING: Words(
        _("The parameter redirect_uri is missing, and the client has several, or none."),
        _("Send the parameter redirect_uri, with one of the registered addresses."),
        is_for_all=True,
    ),
    Found.REDIRECT_URI_DIFFERS: Words(
        _("The redirect_uri is not registered for this client."),
        _(
            "Compare the redirect_uri that the application sends with the registered ones character by character: http "
            "or https, upper and lower case, the port, a slash at the end, the query. They must be equal. Change the "
            "application, or register this address."
        ),
        is_for_all=True,
    ),
    Found.FORM_POST_IMPOSSIBLE: Words(
        _("The answer was asked for as a form, which cannot be sent to %(came)s."),
        _("Leave the response_mode out, or use a redirect_uri of https."),
        is_for_all=True,
    ),
    Found.VALUE_UNSUPPORTED: Words(
        _("The value of %(about)s is not supported: %(came)s came; supported: %(expected)s."),
        _("Change %(about)s to a value that the metadata of this server names."),
        is_for_all=True,
    ),
    Found.VALUE_MALFORMED: Words(
        _("The value of %(about)s is malformed, or too long."),
        _("Correct the value of %(about)s."),
        is_for_all=True,
    ),
    Found.PROMPT_CONTRADICTS: Words(
        _("prompt has none together with another value: %(came)s."),
        _("Send prompt=none alone, or leave none out."),
        is_for_all=True,
    ),
    Found.SCOPE_NOT_ALLOWED: Words(
        _("Of the scopes that were asked for, these are not allowed: %(came)s. Allowed are: %(expected)s."),
        _("Ask for fewer scopes, or have the missing ones allowed for the client."),
        is_for_all=True,
    ),
    Found.DETAIL_TYPE_NOT_ALLOWED: Words(
        _(
            "An authorization detail is of a type that this client may not ask for: %(came)s. It may ask for: "
            "%(expected)s."
        ),
        _("Correct the type, or have the client registered for it (authorization_details_types)."),
        is_for_all=True,
    ),
    Found.DETAIL_MALFORMED: Words(
        _("The authorization details cannot be taken as they are; what is wrong is about %(about)s."),
        _(
            "Send authorization_details as a JSON array of objects, each with its type and the fields that the type "
            "has: none twice, none beyond them, and text that people can read."
        ),
        is_for_all=True,
    ),
    Found.DETAIL_NOT_GRANTED: Words(
        _("A token was asked for authorization details that were not granted."),
        _(
            "At the token endpoint, send some of the granted authorization_details, unchanged, or leave the "
            "parameter out."
        ),
        is_for_all=True,
    ),
    Found.CHALLENGE_MISSING: Words(
        _("The request has no code_challenge, and this client must use PKCE."),
        _("Switch PKCE on in the application: code_challenge, and code_challenge_method=S256."),
        is_for_all=True,
    ),
    Found.CHALLENGE_METHOD: Words(
        _("The code_challenge_method is not S256 but %(came)s; one that is missing means plain."),
        _("Send code_challenge_method=S256. No other method is accepted."),
        is_for_all=True,
    ),
    Found.CHALLENGE_MALFORMED: Words(
        _("The code_challenge is no SHA-256 in base64url: %(number)s characters came, and 43 are expected."),
        _("Send the SHA-256 of the code_verifier, in base64url and without = at the end: 43 characters."),
        is_for_all=True,
    ),
    Found.REQUEST_TOO_OLD: Words(
        _("The request was kept here for its person, who came back too late, or it was answered already."),
        _(
            "Begin again at the application. A link that was kept for later does not work, nor does one a second time. "
            "A pushed request is brought here within a minute, and each sign-in pushes its own."
        ),
        is_for_all=True,
    ),
    Found.NOT_PUSHED: Words(
        _("The browser brought the request itself, and this client must push its requests."),
        _(
            "Post the parameters to the pushed_authorization_request_endpoint of the metadata, and send the browser "
            "with client_id and the request_uri of the answer alone."
        ),
        is_for_all=True,
    ),
    Found.REQUEST_URI_PUSHED: Words(
        _("What was pushed has a request_uri."),
        _("Push the parameters themselves, or a request object as request. A request_uri is for the browser alone."),
        is_for_all=True,
    ),
    Found.OBJECT_MISSING: Words(
        _("The request has no signed request object, and this client must sign its requests."),
        _("Send all parameters in one signed request object (request), and beside it the client_id alone."),
        is_for_all=True,
    ),
    Found.OUTSIDE_OBJECT: Words(
        _("The parameter %(about)s stands outside the request object alone, where nobody signed it."),
        _("Put every parameter into the request object."),
        is_for_all=True,
    ),
    Found.PAGE_NEEDED: Words(
        _("prompt=none was asked for, and the person would have to be shown a page."),
        _("Expected with prompt=none: send the same request without it, so that the person can sign in or consent."),
        is_for_all=True,
    ),
    Found.LEVEL_OUT_OF_REACH: Words(
        _("The level that the request calls essential (%(came)s) cannot be reached by this person."),
        _("Ask for a lower acr, or not as essential; or the person sets up a second factor first."),
        is_for_all=True,
    ),
}
