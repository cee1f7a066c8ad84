"""The chain: which bytes each event's hash covers (docs/decisions/0025). Nothing here knows the database.

An event is read as the dict that a line of an export holds; what is covered of it is all but the personal fields, for
which `personal_digest` stands, so that they can be erased.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

GENESIS: Final = bytes(32)  # what stands before the first event
# The first bytes of what is hashed. Whatever changes what follows them changes their number.
_DOMAIN: Final = b"authproject audit chain 1\n"
COVERED: Final = (
    *("sequence", "id", "at", "action", "subject", "actor", "session", "client_id", "details"),
    "personal_digest",
)
_canonical: Final[Callable[[Any], str]] = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
).encode


def chain_hash(previous: bytes, line: Mapping[str, Any]) -> bytes:
    """Return the hash of an event behind the one whose hash is `previous`.

    Raises KeyError, TypeError or ValueError for what is no event.
    """
    covered = {name: line[name] for name in COVERED}
    return hashlib.sha256(_DOMAIN + previous + _canonical(covered).encode("ascii")).digest()
