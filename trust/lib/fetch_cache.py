"""Fetched answers kept in the process for as long as they say, up to a bound (RFC 9111 section 4.2)."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from trust.lib.fetch import Fetched, fetch

_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age=\"?(\d{1,9})\"?(?:$|[,\s])", re.IGNORECASE)
_NOT_KEPT: Final = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s=])", re.IGNORECASE)


class FetchCache:
    """Successful answers by URL, the least used leaving first. Failures are never kept."""

    def __init__(
        self,
        *,
        get: Callable[[str], Fetched] = fetch,
        unnamed: float = 300.0,
        longest: float = 3600.0,
        most: int = 1000,
    ) -> None:
        """Keep an answer `unnamed` seconds if it names no age, `longest` at most, and `most` answers in all."""
        self._get, self._unnamed, self._longest, self._most = get, unnamed, longest, most
        self._kept: OrderedDict[str, tuple[float, Fetched]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, url: str) -> Fetched:
        """Return the answer of `url`, kept or fetched now. Raises FetchRefused or FetchFailed."""
        with self._lock:
            until, kept = self._kept.get(url, (0.0, None))
            if kept is not None and time.monotonic() < until:
                self._kept.move_to_end(url)
                return kept
        answer = self._get(url)
        self._keep(url, answer)
        return answer

    def forget(self, url: str) -> None:
        """Drop what is kept of `url`: a key was not in it that should be."""
        with self._lock:
            self._kept.pop(url, None)

    def _keep(self, url: str, answer: Fetched) -> None:
        seconds = self._age(answer)
        with self._lock:
            self._kept.pop(url, None)
            if seconds > 0:
                self._kept[url] = (time.monotonic() + seconds, answer)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _age(self, answer: Fetched) -> float:
        control = answer.headers.get("cache-control", "")
        if answer.status != 200 or _NOT_KEPT.search(control):
            return 0.0
        named = _MAX_AGE.search(control)
        return min(float(named[1]) if named else self._unnamed, self._longest)
