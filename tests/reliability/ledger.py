"""What a site acknowledged while it was being damaged, and every answer that it gave, with its times."""

import base64
import json
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

# No answer at all, or one that says that there is none just now: whoever asked may ask again.
UNAVAILABLE: Final = frozenset({0, 502, 503, 504})

_QUARTER: Final = 0.25


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; status 0 if the connection broke."""

    kind: str
    status: int
    body: Any
    headers: dict[str, str]
    sent: float
    received: float

    @property
    def is_lost(self) -> bool:
        """Whether nobody knows what came of it."""
        return self.status in UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds by an acknowledged answer, and since when; a code where one was exchanged for it."""

    refresh: str
    access: str
    at: float
    code: str = ""
    verifier: str = ""


@dataclass
class Chain:
    """The refresh tokens of one session or grant, as they were acknowledged."""

    held: Held  # the latest
    is_oauth: bool
    first: Held = field(init=False)
    rotations: int = 0
    is_over: bool = False  # its last answer was lost for longer than the grace

    def __post_init__(self) -> None:
        self.first = self.held


@dataclass
class Ledger:
    """What was acknowledged. Many threads write; each list is only added to."""

    replies: list[Reply] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    signed_in: list[Held] = field(default_factory=list)
    signed_out: list[Held] = field(default_factory=list)
    exchanged: list[Held] = field(default_factory=list)
    revoked: list[Held] = field(default_factory=list)
    judged: list[Reply] = field(default_factory=list)  # wrong passwords that were looked at
    stop: threading.Event = field(default_factory=threading.Event)

    def is_right(self, what: str, reply: Reply, *allowed: int) -> bool:
        """Tell whether an answer is one of those that may be; note it if it is not."""
        if reply.status in allowed:
            return True
        self.wrong.append(f"{what}: {reply.status} {str(reply.body)[:200]} after {reply.received - reply.sent:.2f} s")
        return False

    def between(self, begin: float, end: float) -> list[Reply]:
        """Return what was asked in a time, and is no guess at a password."""
        return [reply for reply in self.replies if begin <= reply.sent < end and reply.kind != "guess"]


def generation_of(refresh: str) -> int:
    """Read which one of its chain a refresh token is; nobody but the site can know whether it is genuine."""
    payload = refresh.split(".")[1]
    return int(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["gen"])


def failures(replies: Iterable[Reply]) -> list[Reply]:
    """Return those without an answer."""
    return [reply for reply in replies if reply.is_lost]


def statuses(replies: Iterable[Reply]) -> Counter[int]:
    """Count the answers by their status."""
    return Counter(reply.status for reply in replies)


def seconds_until_success(replies: Iterable[Reply], since: float) -> float:
    """Return how long after `since` the first answer came to a question that was asked after it."""
    return min(reply.received for reply in replies if reply.sent >= since and not reply.is_lost) - since


def seconds_until_99_percent(replies: Iterable[Reply], since: float) -> float:
    """Return how long after `since` the last quarter of a second ended in which fewer than 99 of 100 were answered."""
    quarters: dict[int, list[Reply]] = {}
    for reply in replies:
        quarters.setdefault(int((reply.sent - since) // _QUARTER), []).append(reply)
    bad = [number for number, asked in quarters.items() if len(failures(asked)) > 0.01 * len(asked) and number >= 0]
    return _QUARTER * (max(bad, default=-1) + 1)
