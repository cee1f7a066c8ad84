"""The language of the pages on the way to a client, and out: `ui_locales` (OpenID Connect Core section 3.1.2.1).

What a person chose here themselves, in this browser or in their account, goes before what a client asks for.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from accounts.middleware import language_of_account
from oauth.protocol.pending import AuthorizationRequest


def language_of(request: HttpRequest, checked: AuthorizationRequest) -> str:
    """Return the first language that the request asks for and we speak; empty if none, or the person chose one."""
    return preferred(request, checked.parameters.get("ui_locales"))


def preferred(request: HttpRequest, ui_locales: str) -> str:
    """Return the first of these languages that we speak; empty if none, or the person chose one."""
    if _is_chosen(request):
        return ""
    for tag in ui_locales.split():
        try:
            return translation.get_supported_language_variant(tag.lower())
        except LookupError:
            continue
    return ""


def speak(request: HttpRequest, language: str) -> None:
    """Speak a language until the request is answered; an empty one changes nothing, nor any where the person chose."""
    if language and not _is_chosen(request):
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _is_chosen(request: HttpRequest) -> bool:
    """Tell whether the person chose a language, in this browser or in the account that is signed in."""
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES or bool(language_of_account(request))
