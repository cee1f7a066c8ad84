"""The pages on which an authorization request asks its person: as whom to go on; who asks, and for what, in words.

Their forms post to the address of the authorization request.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oauth.protocol.oidc.authentication_request import CREATE, consent_scope
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_redirect_uri import form_action, is_local
from oauth.views.pending import let_end_at
from oauth.views.permissions import in_words


def consent_page(request: HttpRequest, checked: AuthorizationRequest) -> HttpResponse:
    """Ask the person."""
    client = checked.known_client
    context = {
        "client": client,
        "client_name": client.shown_name,
        "initials": _initials(client.shown_name),
        "destination": urlsplit(checked.redirect_uri).netloc,
        "is_local": is_local(checked.redirect_uri),
        "permissions": in_words(consent_scope(checked)),
    }
    return let_end_at(render(request, "oauth/consent.html", context), *form_action(checked.redirect_uri))


def account_page(request: HttpRequest, checked: AuthorizationRequest) -> HttpResponse:
    """Ask the person as whom to go on (prompt=select_account and prompt=create)."""
    creates = CREATE in checked.prompt and settings.SIGNUP == "open"
    context = {"client_name": checked.known_client.shown_name, "creates": creates}
    return let_end_at(render(request, "oauth/account.html", context), *form_action(checked.redirect_uri))


def _initials(name: str) -> str:
    """Return what stands in the place of a logo that cannot be shown."""
    letters = (next((letter for letter in word if letter.isalnum()), "") for word in name.split())
    return "".join(letters)[:2].upper()
