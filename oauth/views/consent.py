"""The consent page: who asks, for what, in words. Its form posts to the address of the authorization request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_redirect_uri import form_action, is_local
from oauth.views.pending import let_end_at
from oauth.vocabulary import SCOPE_WORDS


def consent_page(request: HttpRequest, checked: AuthorizationRequest) -> HttpResponse:
    """Ask the person."""
    client = checked.known_client
    context = {
        "client_name": client.name,
        "destination": form_action(checked.redirect_uri),
        "is_local": is_local(checked.redirect_uri),
        "permissions": in_words(checked.scope),
    }
    return let_end_at(render(request, "oauth/consent.html", context), form_action(checked.redirect_uri))


def in_words(scope: tuple[str, ...]) -> list[str | Promise]:
    """Return scopes as sentences; one that has none is shown as it is."""
    return [SCOPE_WORDS.get(name, name) for name in scope]
