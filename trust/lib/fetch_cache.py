"""Fetched answers kept in the process for as long as they say, up to a bound (RFC 9111 section 4.2)."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Final
from weakref import WeakValueDictionary

from trust.lib.busy import Busy
from trust.lib.fetch import Fetched, FetchFailed, fetch

_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age=\"?(\d{1,9})\"?(?:$|[,\s])", re.IGNORECASE)
_NOT_KEPT: Final = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s=])", re.IGNORECASE)
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    """What came back, until when it is kept, and from when it may be asked for anew."""

    outcome: Fetched | FetchFailed
    until: float
    renewable: float

    def told(self) -> Fetched:
        if isinstance(self.outcome, FetchFailed):
            raise type(self.outcome)(str(self.outcome)) from self.outcome
        return self.outcome


class FetchCache:
    """Successful answers by URL, the least used leaving first. Failures are kept for the pause alone.

    With a pause, strangers cannot make us ask anybody often: one asks for a URL at a time, the others wait for what
    comes back, and that is kept for the pause whatever it is. Nor can they have every thread wait for a slow server:
    so many wait at once, and who comes then is told to come again (Busy).
    """

    def __init__(
        self,
        *,
        get: Callable[[str], Fetched] = fetch,
        unnamed: float = 300.0,
        longest: float = 3600.0,
        most: int = 1000,
        pause: float = 0.0,
        at_once: int = 1000,
    ) -> None:
        """Keep an answer `unnamed` seconds if it names no age, `longest` at most, and `most` answers in all.

        `at_once` is how many threads may wait for an answer, or for their turn to ask.
        """
        self._get, self._unnamed, self._longest, self._most, self._pause = get, unnamed, longest, most, pause
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._turns: WeakValueDictionary[str, Any] = WeakValueDictionary()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(at_once)

    def get(self, url: str) -> Fetched:
        """Return the answer of `url`, kept or fetched now. Raises FetchRefused, FetchFailed or Busy."""
        kept = self._found(url)
        if kept is None:
            with self._place(), self._turn(url):
                kept = self._found(url) or self._asked(url)
        return kept.told()

    def renewed(self, url: str) -> Fetched:
        """Return the answer of `url` fetched now: a key was not in it that should be. Raises as `get` does.

        Within the pause after such a fetch it is what that one brought; where nothing good comes, what was there.
        """
        with self._place(), self._turn(url):
            kept = self._found(url)
            if kept is None or time.monotonic() >= kept.renewable:
                kept = self._asked(url, before=kept, renewing=True)
        return kept.told()

    def _found(self, url: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(url)
            if kept is None or time.monotonic() >= kept.until:
                return None
            self._kept.move_to_end(url)
            return kept

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy(1)
        try:
            yield
        finally:
            self._places.release()

    def _turn(self, url: str) -> AbstractContextManager[Any]:
        if not self._pause:
            return nullcontext()
        with self._lock:
            turn: AbstractContextManager[Any] = self._turns.setdefault(url, threading.Lock())
            return turn

    def _asked(self, url: str, *, before: _Kept | None = None, renewing: bool = False) -> _Kept:
        outcome = self._outcome(url)
        now = time.monotonic()
        is_good = isinstance(outcome, Fetched) and outcome.status == _OK
        renewable = now if is_good and not renewing else now + self._pause
        if before is not None and not is_good:
            kept = replace(before, renewable=renewable)
        else:
            kept = _Kept(outcome, now + max(self._age(outcome), self._pause), renewable)
        self._keep(url, kept)
        return kept

    def _outcome(self, url: str) -> Fetched | FetchFailed:
        try:
            return self._get(url)
        except FetchFailed as failed:
            return failed

    def _keep(self, url: str, kept: _Kept) -> None:
        with self._lock:
            self._kept.pop(url, None)
            if kept.until > time.monotonic():
                self._kept[url] = kept
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _age(self, outcome: Fetched | FetchFailed) -> float:
        if isinstance(outcome, FetchFailed) or outcome.status != _OK:
            return 0.0
        named = named_age(outcome)
        return min(self._unnamed if named is None else named, self._longest)


def named_age(answer: Fetched) -> float | None:
    """Return for how many seconds an answer says that it may be kept, or None if it does not say."""
    control = answer.headers.get("cache-control", "")
    if _NOT_KEPT.search(control):
        return 0.0
    named = _MAX_AGE.search(control)
    return float(named[1]) if named else None
