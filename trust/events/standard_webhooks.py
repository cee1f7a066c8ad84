"""Standard Webhooks 1.0: a JSON body, signed with an HMAC over its id, the time of the attempt and itself."""

import base64
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from trust.events.answers import Outcome, Verdict, by_status, judged
from trust.events.notice import Notice
from trust.lib.fetch import Fetched
from trust.lib.plain_json import dump_json

SECRET_PREFIX: Final = "whsec_"


def body_of(notice: Notice, *, issuer: str) -> bytes:
    """Return the body, the same at every attempt."""
    at = notice.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    named = {"iss": issuer, "sub": None if notice.subject is None else str(notice.subject), **notice.claims}
    said = {name: value for name, value in named.items() if value is not None}
    return dump_json({"type": str(notice.kind), "timestamp": at, "data": said})


def headers(webhook_id: str, body: bytes, *, secrets: Iterable[str], now: datetime) -> dict[str, str]:
    """Return the headers of one attempt; each live secret signs, so that a receiver may change to the new one."""
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, f"{webhook_id}.{timestamp}.", body) for secret in secrets),
    }


def _signature(secret: str, named: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    made = hmac.digest(key, named.encode("ascii") + body, "sha256")
    return f"v1,{base64.b64encode(made).decode('ascii')}"


def read(answer: Fetched) -> Outcome:
    """Return what an answer says: every 2xx is a delivery."""
    if 200 <= answer.status < 300:
        return Outcome(Verdict.DELIVERED, str(answer.status))
    return judged(answer, by_status(answer))
