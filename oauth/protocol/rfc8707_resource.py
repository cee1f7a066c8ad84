"""RFC 8707 section 2: what identifies a resource, an API that tokens are for, and what people read of it."""

from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from oauth.conf import ACCESS_TOKEN_LIFETIMES, LONGEST_RESOURCE_IDENTIFIER, LONGEST_RESOURCE_NAME
from oauth.protocol import rfc7591_values
from oauth.protocol.rfc6749_scope import is_scope_token, problems_of_words
from oauth.protocol.rfc7591_metadata import Problem
from oauth.protocol.rfc7591_values import Malformed
from oauth.scope_description import BUILT_IN_SCOPES, ResourceDescription

_WEB: Final = frozenset({"https", "http"})


def check_identifier(identifier: str, *, issuer: str) -> str | None:
    """Return what is wrong with an identifier, or None: an absolute URI without a fragment, and not our own."""
    try:
        rfc7591_values.uri(identifier)
        parts = urlsplit(identifier)
    except (Malformed, ValueError):
        return gettext_noop("is not a URI")
    if not parts.scheme or not (parts.netloc if parts.scheme in _WEB else parts.path or parts.netloc):
        return gettext_noop("must be an absolute URI, such as https://api.example.com")
    if "#" in identifier:
        return gettext_noop("must have no fragment")
    if identifier.rstrip("/") == issuer:
        return gettext_noop("is this server itself")
    return gettext_noop("is too long") if len(identifier) > LONGEST_RESOURCE_IDENTIFIER else None


def problems_of(resource: ResourceDescription, *, issuer: str) -> list[Problem]:
    """Return what is wrong with a resource that somebody describes."""
    problems = []
    if wrong := check_identifier(resource.identifier, issuer=issuer):
        problems.append(Problem("identifier", wrong, resource.identifier))
    if not resource.name_en.strip():
        problems.append(Problem("name_en", gettext_noop("is missing: people read it when they are asked to consent")))
    for member in ("name_en", "name_ko"):
        problems += problems_of_words(member, getattr(resource, member), longest=LONGEST_RESOURCE_NAME)
    shortest, longest = ACCESS_TOKEN_LIFETIMES
    if resource.access_token_lifetime is not None and not shortest <= resource.access_token_lifetime <= longest:
        allowed = gettext_noop("are the seconds allowed")
        problems.append(Problem("access_token_lifetime", allowed, f"{shortest} - {longest}"))
    unusable = [name for name in resource.scopes if not is_scope_token(name) or name in BUILT_IN_SCOPES]
    return problems + [Problem("scopes", gettext_noop("is not a scope of an API"), name) for name in unusable]
