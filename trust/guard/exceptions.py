"""Our own exceptions that are refusals: raised where something is found wrong, rendered in trust.guard.errors."""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import APIException

from trust.guard.refusal import Refusal


class Refused(APIException):
    """A refusal, raised from wherever it is found. It is DRF's exception too, so that DRF forgets the user."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal; DRF reads the status."""
        super().__init__(refusal.body()["detail"], refusal.code)
        self.refusal = refusal
        self.status_code = refusal.status


class Unauthorized(Refused):
    """A 401 of a sign-in: no bearer token is at fault, so the challenge names no error."""

    def __init__(self, code: str, *, extra: Mapping[str, Any] | None = None) -> None:
        """Take the code, whose message is in trust.guard.messages, and further members of the body."""
        super().__init__(Refusal(status=401, code=code, extra=extra or {}))
