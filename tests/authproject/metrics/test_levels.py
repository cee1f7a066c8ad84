"""Levels are noted once a minute by whoever comes first, and a look that took long is followed by a long rest."""

import time
from datetime import timedelta
from typing import Any

import pytest

from accounts.authentication import by_password
from accounts.models import Session, User
from accounts.services import sign_ins
from authproject.metrics import levels
from authproject.metrics.levels import LevelNotes
from tests.authproject.metrics.test_site import _job, _site
from trust.lib import clock
from trust.lib.origin import Origin
from trust.statistics.models import Count, Key, Resolution

pytestmark = pytest.mark.django_db


def _noted() -> dict[Key, int]:
    rows = Count.objects.since(Resolution.MINUTE, clock.now() - timedelta(hours=1))
    return {Key(row.name, row.label): row.value for row in rows}


@pytest.fixture
def two_sessions(person: User) -> list[Session]:
    """One that lasts, one that ended, one that expired."""
    now = clock.now()
    found = []
    for _ in range(3):
        session, _mark = sign_ins.begin(
            user=person, kind=Session.Kind.API, authentication=by_password(auth_time=now), marks=(), origin=Origin()
        )
        found.append(session)
    Session.objects.by_id(found[1].pk).update(ended_at=now)
    Session.objects.by_id(found[2].pk).update(expires_at=now)
    return found


@pytest.mark.usefixtures("two_sessions")
def test_counts_sessions_that_last_and_jobs_that_wait_or_were_given_up() -> None:
    _job(enqueued_at=clock.now())
    _job("FAILED", enqueued_at=clock.now(), finished_at=clock.now())
    before = _noted()
    assert LevelNotes().note_if_due(clock.now())
    noted = _noted()
    assert before == {}
    assert noted[Key("sessions")] == 1
    assert noted[Key("jobs", "mail")] >= 1
    assert noted[Key("jobs", "logout")] == 0
    assert (noted[Key("given_up", "jobs")], noted[Key("given_up", "events")]) == (1, 0)


def test_is_done_once_a_minute_whoever_asks() -> None:
    one, other, now = LevelNotes(), LevelNotes(), clock.now()
    assert [one.note_if_due(now), one.note_if_due(now), other.note_if_due(now)] == [True, False, False]


def test_rests_a_hundred_times_as_long_as_it_took(monkeypatch: Any) -> None:
    def slow(now: Any) -> dict[Key, int]:
        time.sleep(0.02)
        return {Key("sessions"): 1}

    monkeypatch.setattr(levels, "_LOOKS", (slow,))
    monkeypatch.setattr(levels, "LEVEL_SECONDS", 0.0)
    notes, now = LevelNotes(), clock.now()
    assert notes.note_if_due(now)
    assert not notes.note_if_due(now + timedelta(minutes=1))
    assert notes._not_before - time.monotonic() > 1.5


def test_a_scrape_tells_the_levels_as_they_were_noted_last() -> None:
    assert not _site().series("authproject_sessions_active")
    Count.objects.raise_to({Key("sessions"): 41, Key("given_up", "jobs"): 2}, at=clock.now() - timedelta(minutes=20))
    assert not _site().series("authproject_sessions_active")
    Count.objects.raise_to({Key("sessions"): 42, Key("given_up", "jobs"): 3}, at=clock.now() - timedelta(minutes=2))
    found = _site()
    assert found.value("authproject_sessions_active") == 42
    assert found.value("authproject_given_up", kind="jobs") == 3
