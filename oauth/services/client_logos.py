"""The logos of clients (`logo_uri`, RFC 7591 section 2): fetched safely, kept, and judged by what they are.

A person's browser never asks a client's server for one: it would tell who is about to consent, and from where.
"""

from dataclasses import dataclass, field
from typing import Final

from oauth.conf import LARGEST_LOGO
from oauth.models import Client
from trust.lib.busy import Busy
from trust.lib.fetch import Fetched, FetchFailed, Limits, fetch
from trust.lib.fetch_cache import FetchCache

# What a picture begins with, for each type that is shown. Never SVG: it is a document, and may hold scripts.
_SIGNATURES: Final = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
_WEBP: Final = b"WEBP"  # at byte 8, after the length; other kinds of files begin with RIFF too
_LIMITS: Final = Limits(total=3.0, size=LARGEST_LOGO)
_NOTHING: Final = Fetched(200, {"cache-control": "max-age=60"}, b"")  # so that what failed is not asked for at once


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, and what it is."""

    content_type: str
    content: bytes = field(repr=False)


def find(client_id: str) -> Logo | None:
    """Return the logo of an active client, or None: it has none, or what is there is no picture that we show."""
    uri = Client.objects.by_client_id(client_id).active().values_list("logo_uri", flat=True).first()
    return find_at(uri) if uri else None


def find_at(uri: str) -> Logo | None:
    """Return the logo that is at an address, or None; also while too many servers keep us waiting."""
    try:
        return _judged(_logos.get(uri))
    except Busy:
        return None


def _judged(answer: Fetched) -> Logo | None:
    named, content = answer.content_type, answer.body
    if not content.startswith(_SIGNATURES.get(named, ())):
        return None
    if named == "image/webp" and content[8:12] != _WEBP:
        return None
    return Logo(named, content)


def _fetched(uri: str) -> Fetched:
    try:
        answer = fetch(uri, accept=", ".join(_SIGNATURES), limits=_LIMITS)
    except FetchFailed:
        return _NOTHING
    return answer if answer.status == _NOTHING.status else _NOTHING


_logos: Final = FetchCache(get=_fetched, unnamed=3600.0, longest=86400.0, most=100, at_once=2)
