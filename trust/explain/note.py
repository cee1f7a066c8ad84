"""Leaving a record of a refusal: what every endpoint calls that refuses."""

import base64
import re
import secrets
from typing import Final

from trust.explain.finding import NOTHING, Finding, Refused
from trust.explain.recorder import recorder
from trust.explain.vocabulary import Endpoint
from trust.lib import clock

_BYTES: Final = 8
_LENGTH: Final = 12  # characters of base32: 60 random bits, short enough to be read out
_REFERENCE: Final = re.compile(r"[a-z2-7]{%d}" % _LENGTH)  # noqa: UP031
_BETWEEN: Final = re.compile(r"[\s-]+")


def note(endpoint: Endpoint, *, error: str, step: str = "", finding: Finding = NOTHING, client_id: str = "") -> str:
    """Leave a record of a refusal; return its reference, empty if there were too many. Waits for nothing.

    `client_id` is what the request says, registered or not.
    """
    reference = base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii")[:_LENGTH].lower()
    refused = Refused(
        reference=reference,
        at=clock.now(),
        endpoint=endpoint,
        client_id=client_id,
        error=error,
        step=step,
        finding=finding,
    )
    return reference if recorder.put(refused) else ""


def reference_in(text: str) -> str:
    """Return the reference that somebody wrote down or read out, empty if it is none."""
    written = _BETWEEN.sub("", text).lower()
    return written if _REFERENCE.fullmatch(written) else ""
