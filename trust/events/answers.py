"""What a receiver's answer means for the delivery and for the receiver, and the few words that are kept of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Final

from trust.events.conf import LONGEST_OUTCOME, LONGEST_WAIT
from trust.lib.fetch import Fetched, FetchFailed, FetchRefused

# A receiver may repeat what it was sent: whatever could be a secret, a token or a signature is left out.
_LOOKS_SECRET: Final = re.compile(r"[A-Za-z0-9+/=_.~-]{20,}")
_SECONDS: Final = re.compile(r"[0-9]{1,6}")
# The status speaks of this one message; any other failure of the receiver itself, or of how it was set up.
_OF_THIS_ONE: Final = frozenset({400, 409, 413, 415, 422})


class Verdict(Enum):
    """What comes of an attempt."""

    DELIVERED = "delivered"
    REFUSED = "refused"  # this one alone: others are tried
    HOPELESS = "hopeless"  # this one alone, and it would be refused again
    FAILING = "failing"  # whatever is sent to it: it is left alone for a while


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt, in a few words without secrets; how long the receiver asks to be left alone."""

    verdict: Verdict
    words: str
    rest: timedelta = timedelta(0)

    def without(self, hidden: Iterable[str]) -> "Outcome":
        """Return the same outcome with these texts left out of its words."""
        words = self.words
        for text in sorted(filter(None, hidden), key=len, reverse=True):
            words = words.replace(text, "…")
        return replace(self, words=words)


def judged(answer: Fetched, verdict: Verdict, note: str = "") -> Outcome:
    """Return the outcome of an answer that was judged so."""
    words = " ".join(filter(None, (str(answer.status), note, excerpt(answer.body))))
    return Outcome(verdict, words[:LONGEST_OUTCOME], _asked_for(answer))


def by_status(answer: Fetched) -> Verdict:
    """Return what an unsuccessful status says of what was sent, or of the receiver."""
    return Verdict.REFUSED if answer.status in _OF_THIS_ONE else Verdict.FAILING


def without_answer(failure: FetchFailed) -> Outcome:
    """Return the outcome of an attempt that nothing came back of, without the address that was asked."""
    refused = isinstance(failure, FetchRefused)
    words = f"refused by us: {failure}" if refused else f"no answer: {type(failure.__cause__ or failure).__name__}"
    return Outcome(Verdict.FAILING, words[:LONGEST_OUTCOME])


def excerpt(body: bytes) -> str:
    """Return the beginning of a body as one line of text, with whatever looks like a secret left out."""
    text = "".join(letter if letter.isprintable() else " " for letter in body.decode(errors="replace"))
    return _LOOKS_SECRET.sub("…", " ".join(text.split()))


def _asked_for(answer: Fetched) -> timedelta:
    """Return what Retry-After says in seconds (RFC 9110 section 10.2.3), within reason."""
    asked = answer.headers.get("retry-after", "")
    return min(timedelta(seconds=int(asked)), LONGEST_WAIT) if _SECONDS.fullmatch(asked) else timedelta(0)
