"""Authorization requests that are kept here and found by a reference: those too long for a URL, for an hour.

oauth/services/pushed_requests.py keeps those that clients push.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

from oauth.conf import LONGEST_CLIENT_ID, MOST_STORED_REQUESTS, STORED_REQUEST_LIFETIME
from oauth.models import StoredRequest
from oauth.services import clients
from oauth.services.digests import new_value
from trust.lib.busy import Busy
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of

REFERENCE: Final = "urn:ietf:params:oauth:request_uri:"  # RFC 9126 section 2.2
_FITS_A_URL: Final = 4096  # characters; servers and proxies on the way take 8 KiB
COME_AGAIN: Final = 60  # seconds


def fits_a_url(form: str) -> bool:
    """Tell whether a form may be a query as it is."""
    return len(form) <= _FITS_A_URL


def query_of(form: str) -> str:
    """Return a query that says what a form says: itself, or a reference to it where it is too long.

    What names no client of ours is not kept: its name is enough to refuse it. Raises Busy where as many are kept
    as may be: strangers must not fill the table.
    """
    if fits_a_url(form):
        return form
    client_id = parse_qs(form, errors="replace", max_num_fields=None).get("client_id", [""])[0][:LONGEST_CLIENT_ID]
    if clients.find(client_id.replace("\0", "")) is None:
        return urlencode({"client_id": client_id})
    if StoredRequest.objects.pushed_by("").unexpired().count() >= MOST_STORED_REQUESTS:
        raise Busy(COME_AGAIN)
    value = new_value()
    StoredRequest.objects.create(digest=digest_of(value), parameters=form, expires=DatabaseNow(STORED_REQUEST_LIFETIME))
    return urlencode({"client_id": client_id, "request_uri": f"{REFERENCE}{value}"})


@dataclass(frozen=True, slots=True)
class Stored:
    """What a reference stands for: a form, and the client that pushed it, empty where it came by its browser."""

    form: str
    pushed_by: str


def find(request_uri: str) -> Stored | None:
    """Return what a reference stands for, or None."""
    row = StoredRequest.objects.by_digest(digest_of_reference(request_uri)).unexpired().first()
    return None if row is None else Stored(row.parameters, row.pushed_by)


def digest_of_reference(request_uri: str) -> str:
    """Return by what a reference is kept."""
    return digest_of(request_uri.removeprefix(REFERENCE))
