"""A notice: what one receiver is told of one event, in whichever format."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trust.events.vocabulary import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event for one receiver. Every attempt says the same, `jti` and `issued_at` included.

    `at` is when it happened, `issued_at` when the trail was followed so far. A test event has no `subject`.
    """

    jti: uuid.UUID
    receiver: uuid.UUID
    kind: EventType
    at: datetime
    issued_at: datetime
    subject: uuid.UUID | None
    claims: Mapping[str, Any]
