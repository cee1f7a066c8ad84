"""A refusal: one shape of body and headers for every error under /api/, with or without DRF."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trust.guard.challenge import Challenge
from trust.guard.messages import message_of
from trust.lib.wire import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is refused and how it is said. `detail` is the code's message unless given; `retry_after` in seconds.

    `extra` goes into the body as it is, such as `errors` of a form or the `challenge` of a second factor; `nonce` is
    one for the next DPoP proof (RFC 9449 section 9).
    """

    status: int
    code: str
    detail: str = ""
    challenge: Challenge | None = None
    retry_after: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    nonce: str = ""

    def body(self) -> dict[str, Any]:
        """Return the JSON object: `detail` and `code`, and the same as `message` and `error`."""
        detail = self.detail or message_of(self.code)
        return {"detail": detail, "code": self.code, "message": detail, "error": self.code, **self.extra}

    def headers(self) -> dict[str, str]:
        """Return the headers; a 401 always has a challenge (RFC 9110 section 15.5.2)."""
        headers = {"Cache-Control": "no-store"}
        challenge = self.challenge
        if challenge is None and self.status == 401:
            challenge = Challenge(offers_dpop=self.code == "not_authenticated")
        if challenge is not None:
            headers["WWW-Authenticate"] = challenge.header
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.nonce:
            headers["DPoP-Nonce"] = self.nonce
        return headers

    def response(self) -> Response:
        """Return the answer on the wire."""
        return Response(status=self.status, body=self.body(), headers=self.headers())


def of_challenge(challenge: Challenge, code: str | None = None) -> Refusal:
    """Return the refusal that goes with a challenge; `code` where the body says more than the header."""
    return Refusal(status=challenge.status, code=code or challenge.error or "not_authenticated", challenge=challenge)
