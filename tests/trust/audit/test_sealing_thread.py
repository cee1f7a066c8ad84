"""The sealer beside the jobs: how soon, through what goes wrong, and who is told."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from trust.audit import sealer, sealing_thread
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.audit.sealing_thread import SealingThread

pytestmark = pytest.mark.django_db(transaction=True)

TOLD: list[int] = []


def note(through: int) -> None:
    TOLD.append(through)


def note_badly(through: int) -> None:
    TOLD.append(through)
    raise RuntimeError("no")


@pytest.fixture(autouse=True)
def quiet(settings: Any) -> None:
    TOLD.clear()
    AuditEvent.objects.all().delete()
    settings.AUDIT_SEALED = ["tests.trust.audit.test_sealing_thread.note"]


@pytest.fixture
def running() -> Iterator[SealingThread]:
    thread = SealingThread(interval=0.05)
    thread.start()
    yield thread
    thread.stop()
    thread.join(timeout=10)
    assert not thread.is_alive()


def wait_for(happened: Any, within: float = 5.0) -> None:
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_seals_and_tells_how_far(running: SealingThread) -> None:
    wait_for(lambda: TOLD == [0])
    for _ in range(3):
        record("session.started")
    wait_for(lambda: not AuditEvent.objects.unsealed().exists())
    wait_for(lambda: TOLD[-1] == 3)


def test_a_hook_that_fails_stops_nothing_and_is_told_again(running: SealingThread, settings: Any) -> None:
    settings.AUDIT_SEALED = ["tests.trust.audit.test_sealing_thread.note_badly"]
    record("session.started")
    wait_for(lambda: TOLD.count(1) > 1)
    record("session.started")
    wait_for(lambda: 2 in TOLD)


def test_goes_on_when_the_database_is_there_again(monkeypatch: pytest.MonkeyPatch, running: SealingThread) -> None:
    failed = threading.Event()
    seal_batch = sealer.seal_batch

    def failing(**named: Any) -> int:
        failed.set()
        raise OperationalError("gone")

    monkeypatch.setattr(sealer, "seal_batch", failing)
    record("session.started")
    assert failed.wait(5)
    monkeypatch.setattr(sealer, "seal_batch", seal_batch)
    wait_for(lambda: not AuditEvent.objects.unsealed().exists())


def test_an_id_far_below_is_found_by_the_next_look_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing_thread, "_IN_VIEW", 2)
    thread = SealingThread()
    for _ in range(3):
        record("session.started")
    thread._look()
    thread._look()
    late = AuditEvent.objects.order_by("pk")[0]
    AuditEvent.objects.by_ids([late.pk]).update(sequence=None, chain_hash=None)
    thread._look()
    assert AuditEvent.objects.unsealed().exists()
    thread._all_at = float("-inf")
    thread._look()
    assert not AuditEvent.objects.unsealed().exists()
    connection.close()


def test_a_long_past_is_sealed_in_shifts_and_told_of_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing_thread, "_IN_VIEW", 2)
    monkeypatch.setattr(sealing_thread, "_SHIFT_SECONDS", 0.0)
    for _ in range(4):
        record("session.started")
    thread = SealingThread()
    seal_waiting = sealer.seal_waiting

    def of_one_batch(**named: Any) -> int:
        """Stand for a shift that has time for two events."""
        assert seal_waiting(**named) == 0
        return sealer.seal_batch(after=named["after"], at_most=2)

    monkeypatch.setattr(sealer, "seal_waiting", of_one_batch)
    thread._look()
    thread._look()
    assert TOLD == [2, 4]
    assert not AuditEvent.objects.unsealed().exists()
    connection.close()
