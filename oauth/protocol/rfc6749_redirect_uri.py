"""RFC 6749 section 3.1.2, RFC 9700 section 2.1, RFC 8252 sections 7 and 8: redirect URIs, compared exactly.

The one exception is the port of a loopback address literal for public clients (RFC 8252 section 7.3): a native
application listens where it can.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext_noop

from oauth.errors import UnshowableRequest
from oauth.registered_client import RegisteredClient
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
# All but the port, which may be any for an address literal.
_ON_LOOPBACK: Final = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::[0-9]{1,5})?((?:[/?].*)?)")
_LOOPBACK_SOURCES: Final = ("http://127.0.0.1:*", "http://localhost:*")
# Not every character that RFC 3986 allows: a host goes into a Content-Security-Policy, where ; and , part things.
_HOST: Final = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:]{2,39}")
_PRIVATE_USE: Final = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")  # RFC 8252 section 7.1: a reversed domain
_PLAIN: Final = re.compile(r"[\x21\x23-\x3B\x3D\x3F-\x5B\x5D\x5F\x61-\x7A\x7E]+")  # no space, quote, bracket, backslash


def chosen(client: RegisteredClient, asked: str) -> str:
    """Return the redirect URI of a request: the one asked for if it is registered, or the only one registered.

    Raises UnshowableRequest: what is not known to be right is never redirected to.
    """
    if not asked:
        if len(client.redirect_uris) != 1:
            finding = Finding(found=Found.REDIRECT_URI_MISSING)
            raise UnshowableRequest("The parameter redirect_uri is missing.", finding=finding)
        return client.redirect_uris[0]
    if not any(matches(asked, registered, public=client.is_public) for registered in client.redirect_uris):
        finding = Finding(found=Found.REDIRECT_URI_DIFFERS, came=asked, one_of=client.redirect_uris)
        raise UnshowableRequest("The redirect_uri is not registered for this client.", finding=finding)
    return asked


def matches(asked: str, registered: str, *, public: bool) -> bool:
    """Tell whether a redirect URI is the registered one, character by character but for a loopback port."""
    if asked == registered:
        return True
    if not public or check_registrable(asked) is not None:
        return False
    one, other = _ON_LOOPBACK.fullmatch(asked), _ON_LOOPBACK.fullmatch(registered)
    return one is not None and other is not None and one.groups() == other.groups()


def check_registrable(uri: str) -> str | None:
    """Return what is wrong with a redirect URI that somebody wants to register, or None if nothing is."""
    if not _PLAIN.fullmatch(uri):
        return gettext_noop("has characters that a URI may not have")
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return gettext_noop("is not a URI")
    if parts.hostname is not None and not _HOST.fullmatch(parts.hostname):
        return gettext_noop("is not a URI")
    if "#" in uri:
        return gettext_noop("has a fragment")
    if parts.username is not None or parts.password is not None:
        return gettext_noop("has user information")
    return _scheme_problem(parts)


def _scheme_problem(parts: SplitResult) -> str | None:
    if parts.scheme == "https":
        return None if parts.hostname else gettext_noop("has no host")
    if parts.scheme == "http":
        return None if parts.hostname in _LOOPBACK else gettext_noop("must be https, except on loopback")
    if not _PRIVATE_USE.fullmatch(parts.scheme):
        return gettext_noop("must be https, http on loopback, or a private scheme with a dot, such as com.example.app")
    return None


def is_local(uri: str) -> bool:
    """Tell whether a redirect URI leads to a program on the person's device: anybody's program may be there."""
    parts = urlsplit(uri)
    return parts.scheme != "https"


def with_query(uri: str, added: Mapping[str, str]) -> str:
    """Return a URI with these parameters; what it has as query stays as it is (RFC 6749 section 3.1.2)."""
    if not added:
        return uri
    parts, encoded = urlsplit(uri), urlencode(added)
    return urlunsplit(parts._replace(query=f"{parts.query}&{encoded}" if parts.query else encoded))


def is_web(uri: str) -> bool:
    """Tell whether a browser speaks HTTP with a redirect URI."""
    return urlsplit(uri).scheme in {"https", "http"}


def form_action(uri: str) -> tuple[str, ...]:
    """Return the sources that a page's CSP form-action must allow so that its POST may end at `uri`.

    A browser holds the policy against every hop of the redirect, the client's own ones too: a callback that sends
    its person on to another of its hosts needs more than its own origin (docs/decisions/0016). A policy cannot name
    an IPv6 address (CSP 3 section 2.3.1), so that its scheme must do.
    """
    parts = urlsplit(uri)
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme == "https":
        return (origin, "https:")
    if parts.scheme != "http":
        return (f"{parts.scheme}:",)
    return ("http:", "https:") if parts.netloc.startswith("[") else (origin, *_LOOPBACK_SOURCES, "https:")
