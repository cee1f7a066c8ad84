"""Tokens are issued while clear_expired deletes beside them, from the same tables, and nobody waits for long."""

import threading
import time
from typing import Final

import pytest

from bench.scale import rows
from bench.scale.explain import InProcess
from bench.scale.generate import fill
from bench.scale.material import material
from bench.scale.rows import House
from bench.scale.workloads import WORKLOADS
from oauth.models import AuthorizationCode, RefreshToken
from oauth.services import housekeeping
from tests.at_once import at_once
from trust.lib import clock

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
SIZE, STILL_HERE = 1500, 100
THREADS: Final = 3
BOUND: Final = 3.0  # seconds, on a machine full of tests; docs/measurements.md has what it is on a quiet one
ISSUING: Final = ("code exchange", "refresh", "client credentials")


def test_nobody_waits_for_clear_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "STILL_HERE", STILL_HERE)
    fill(House(SIZE, clock.now(), over=True))
    held = material(SIZE, among=STILL_HERE, count=4 * THREADS)
    turns = iter(range(THREADS + 1))
    cleared, longest = threading.Event(), []

    def work() -> None:
        turn = next(turns)
        if turn == THREADS:
            assert housekeeping.clear(now=clock.now())["refresh_tokens"] >= SIZE - STILL_HERE
            cleared.set()
            return
        site = InProcess(0, held | {"visitors": held["visitors"][turn::THREADS]})
        longest.append(_issue_until(cleared, site))

    at_once(THREADS + 1, work)
    assert len(longest) == THREADS
    assert max(longest) < BOUND
    assert not AuthorizationCode.objects.over_since(clock.now() - rows._LONG_AGO / 2).exists()
    assert RefreshToken.objects.alive().count() >= STILL_HERE


def _issue_until(cleared: threading.Event, site: InProcess) -> float:
    """Issue to each visitor once at least, and go on refreshing until all is cleared; return the longest wait."""
    longest = 0.0
    issuing = list(ISSUING)
    while issuing:
        for visitor in site.visitors:
            for name in issuing:
                began = time.monotonic()
                WORKLOADS[name](site, visitor)
                longest = max(longest, time.monotonic() - began)
        issuing = [] if cleared.is_set() else list(ISSUING[1:])
    return longest
