"""Client ID metadata documents section 3 (draft-ietf-oauth-client-id-metadata-document-01): a client_id that is a URL.

Each has one spelling, since identifiers are compared as they are written (section 4.1): who was shut out by one must
not come back by another. People are shown its host: it is a domain name.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from oauth.conf import LONGEST_CLIENT_ID
from trust.lib.addresses import is_loopback
from trust.lib.fetch_target import FetchRefused, Target, parse_target

_DOMAIN: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*")  # not an address in any of its spellings
_DOT_SEGMENT: Final = re.compile(r"/(?:\.|%2e){1,2}(?=/|$)", re.IGNORECASE)


def may_be_one(client_id: str) -> bool:
    """Tell whether a client_id asks to be looked up where it leads: all that other clients cost."""
    return client_id.startswith(("https://", "http://"))


def problem_of(client_id: str, *, issuer: str, on_loopback: bool) -> str | None:
    """Return what is wrong with the URL that a client is known by, or None.

    `on_loopback` is for test beds, where clients publish on this machine, by http too. Queries, which clients SHOULD
    NOT have, are refused: a page of another site that repeats what its query says would speak in that site's name.
    """
    if len(client_id) > LONGEST_CLIENT_ID:
        return gettext_noop("is too long")
    try:
        target = parse_target(client_id)
    except FetchRefused:
        return gettext_noop("is no plain https URL")
    if not _DOMAIN.fullmatch(target.host) and not (on_loopback and _is_here(target.host)):
        return gettext_noop("has no domain name for a host")
    parts = urlsplit(client_id)
    if parts.netloc != _authority(target):
        return gettext_noop("has a host in capitals, or a port that goes without saying")
    if f"{parts.scheme}://{parts.netloc}" == issuer:
        return gettext_noop("is this server itself")
    return _path_problem(parts.path, has_query="?" in client_id)


def host_of(client_id: str) -> str:
    """Return the host of a client_id that is one."""
    return urlsplit(client_id).hostname or ""


def _path_problem(path: str, *, has_query: bool) -> str | None:
    if not path:
        return gettext_noop("has no path")
    if _DOT_SEGMENT.search(path):
        return gettext_noop("has a dot segment in its path")
    return gettext_noop("has a query") if has_query else None


def _is_here(host: str) -> bool:
    return host == "localhost" or is_loopback(host)


def _authority(target: Target) -> str:
    """Return host and port as they are written in one way alone."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.is_tls else 80) else f"{host}:{target.port}"
