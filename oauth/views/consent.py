"""The pages that an authorization request ends on: who asks, for what, in words; or that it is not for this person.

The consent form posts to the address of the authorization request.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_redirect_uri import form_action, is_local
from oauth.views.pending import let_end_at
from oauth.vocabulary import SCOPE_WORDS


def consent_page(request: HttpRequest, checked: AuthorizationRequest) -> HttpResponse:
    """Ask the person."""
    client = checked.known_client
    context = {
        "client_name": client.name,
        "destination": urlsplit(checked.redirect_uri).netloc,
        "is_local": is_local(checked.redirect_uri),
        "permissions": in_words(checked.scope),
    }
    return let_end_at(render(request, "oauth/consent.html", context), *form_action(checked.redirect_uri))


def not_open_page(request: HttpRequest, checked: AuthorizationRequest, *, back: str) -> HttpResponse:
    """Tell a person that the client is not for them; `back` brings its access_denied to the client."""
    context = {"client_name": checked.known_client.name, "back": back}
    return render(request, "oauth/not_open.html", context, status=403)


def in_words(scope: tuple[str, ...]) -> list[str | Promise]:
    """Return scopes as sentences; one that has none is named."""
    return [SCOPE_WORDS.get(name) or _("Use the permission “%(name)s”") % {"name": name} for name in scope]
