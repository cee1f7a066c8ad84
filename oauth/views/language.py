"""The language of the pages on the way to a client: `ui_locales` (OpenID Connect Core section 3.1.2.1).

What a person chose here themselves goes before what a client asks for.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from oauth.protocol.pending import AuthorizationRequest


def language_of(request: HttpRequest, checked: AuthorizationRequest) -> str:
    """Return the first language that the request asks for and we speak; empty if none, or the person chose one."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return ""
    for tag in checked.parameters.get("ui_locales").split():
        try:
            return translation.get_supported_language_variant(tag.lower())
        except LookupError:
            continue
    return ""


def speak(request: HttpRequest, language: str) -> None:
    """Speak a language until the request is answered; an empty one changes nothing."""
    if language:
        translation.activate(language)
        request.LANGUAGE_CODE = language
