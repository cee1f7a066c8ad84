"""The pages on which an authorization request asks its person: as whom to go on; who asks, and for what, in words.

Their forms post to the address of the authorization request.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oauth.authorization_detail import each_of
from oauth.given_consent import GivenConsent
from oauth.protocol.oidc.authentication_request import CREATE
from oauth.protocol.oidc.consent import consent_scope, needed_scope
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_redirect_uri import form_action, is_local
from oauth.registered_client import RegisteredClient
from oauth.views.details_in_words import details_in_words
from oauth.views.pending import let_end_at
from oauth.views.permissions import in_words

_BY_DOCUMENT: Final = "cimd"  # its client_id is the address of its description


def consent_page(request: HttpRequest, checked: AuthorizationRequest, *, given: GivenConsent | None) -> HttpResponse:
    """Ask the person; what they unticked before comes unticked."""
    client = checked.known_client
    context = {
        "client": client,
        "client_name": client.shown_name,
        "initials": initials(client.shown_name),
        **_destination(client, checked.redirect_uri),
        **asked_in_words(checked),
        "unticked": given.declined if given else (),
    }
    return let_end_at(render(request, "oauth/consent.html", context), *form_action(checked.redirect_uri))


def asked_in_words(checked: AuthorizationRequest) -> dict[str, Any]:
    """Return what is asked for in words, each by its name, and what of it has no box."""
    asked, needed = consent_scope(checked), needed_scope(checked)
    return {
        "permissions": in_words(asked),
        "asked": asked,
        "needed": needed,
        "has_boxes": not needed.issuperset(asked),
        "details": details_in_words(each_of(checked.authorization_details)),
    }


def _destination(client: RegisteredClient, redirect_uri: str) -> dict[str, Any]:
    """Return where an answer leads, as it is, and the domain that a client's own document vouches for."""
    leads_to, on_device = urlsplit(redirect_uri), is_local(redirect_uri)
    is_by_document = client.registration_source == _BY_DOCUMENT
    document = urlsplit(client.client_id if is_by_document else "")
    return {
        "destination": leads_to.netloc or leads_to.scheme,
        "is_local": on_device,
        "domain": document.netloc,
        "leads_elsewhere": is_by_document and not on_device and leads_to.hostname != document.hostname,
    }


def account_page(request: HttpRequest, checked: AuthorizationRequest) -> HttpResponse:
    """Ask the person as whom to go on (prompt=select_account and prompt=create)."""
    creates = CREATE in checked.prompt and settings.SIGNUP == "open"
    context = {"client_name": checked.known_client.shown_name, "creates": creates}
    return let_end_at(render(request, "oauth/account.html", context), *form_action(checked.redirect_uri))


def initials(name: str) -> str:
    """Return what stands in the place of a logo that cannot be shown."""
    letters = (next((letter for letter in word if letter.isalnum()), "") for word in name.split())
    return "".join(letters)[:2].upper()
