"""Authorization requests that came by a form and are too long for a URL: kept for an hour, found by a reference."""

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
_COME_AGAIN: Final = 60  # seconds


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
    if StoredRequest.objects.unexpired().count() >= MOST_STORED_REQUESTS:
        raise Busy(_COME_AGAIN)
    value = new_value()
    StoredRequest.objects.create(digest=digest_of(value), parameters=form, expires=DatabaseNow(STORED_REQUEST_LIFETIME))
    return urlencode({"client_id": client_id, "request_uri": f"{REFERENCE}{value}"})


def find(request_uri: str) -> str | None:
    """Return the form that a reference stands for, or None."""
    row = StoredRequest.objects.by_digest(digest_of(request_uri.removeprefix(REFERENCE))).unexpired().first()
    return None if row is None else row.parameters
