"""The sealer under a real worker, and beside others who seal, insert, erase and commit late."""

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.live_site import database_url
from tests.trail import HOME, verify
from trust.audit.erase import erase
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.audit.sealer import seal_batch, seal_waiting

pytestmark = pytest.mark.django_db(transaction=True)
postgresql = pytest.mark.postgresql

SUBJECT = uuid.UUID(int=3)
_START = 60.0  # seconds: a machine full of tests starts a worker slowly


@pytest.fixture(autouse=True)
def empty() -> None:
    AuditEvent.objects.all().delete()


def apart(work: Callable[[], Any]) -> Callable[[], Any]:
    """Run in a thread with a connection of its own, which is closed."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


def sealed_without_gaps(count: int) -> bool:
    return list(AuditEvent.objects.sealed().values_list("sequence", flat=True)) == list(range(1, count + 1))


def record_many(count: int) -> None:
    for _ in range(count):
        record("session.started", subject=SUBJECT, origin=HOME)


def wait_until(happened: Callable[[], bool], within: float) -> float:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < within
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_worker_seals_what_is_committed_within_five_seconds() -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "db_worker", "--queue-name", "*", "--no-reload"]
    with subprocess.Popen(command, env=os.environ | {"DATABASE_URL": database_url()}) as worker:
        try:
            record_many(1)
            wait_until(lambda: AuditEvent.objects.sealed().exists(), _START)
            for _ in range(3):
                record_many(20)
                wait_until(lambda: not AuditEvent.objects.unsealed().exists(), 5.0)
            assert worker.poll() is None
        finally:
            worker.terminate()
            worker.wait(timeout=20)
    assert verify()[0] == 0


def test_many_sealers_at_once_give_each_place_once() -> None:
    record_many(300)
    with ThreadPoolExecutor(4) as pool:
        sealers = [pool.submit(apart(lambda: sum(seal_batch(at_most=20) for _ in range(8)))) for _ in range(4)]
        given = sum(sealer.result() for sealer in sealers)
    assert given + seal_waiting() == 300
    assert sealed_without_gaps(300)
    assert verify()[0] == 0


def test_sealing_misses_nothing_while_others_insert_and_erase() -> None:
    inserted = threading.Event()

    def insert() -> None:
        for _ in range(10):
            with transaction.atomic():
                record_many(5)

    def seal() -> None:
        while not inserted.is_set():
            seal_batch(at_most=30)
            time.sleep(0.02)

    with ThreadPoolExecutor(5) as pool:
        sealing = [pool.submit(apart(seal)) for _ in range(2)]
        inserting = [pool.submit(apart(insert)) for _ in range(2)]
        erasing = pool.submit(apart(lambda: [erase(SUBJECT) for _ in range(5)]))
        for one in (*inserting, erasing):
            one.result()
        inserted.set()
        for one in sealing:
            one.result()
    seal_waiting()
    assert sealed_without_gaps(100)
    assert verify()[0] == 0


@postgresql
def test_a_transaction_that_commits_late_is_sealed_later_and_holds_nobody_up() -> None:
    begun, finish = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            record("late.one")
            begun.set()
            assert finish.wait(10)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(apart(late))
        assert begun.wait(10)
        record_many(3)
        assert seal_waiting() == 3
        finish.set()
        running.result()
    assert seal_waiting() == 1
    last = AuditEvent.objects.sealed().last()
    assert last is not None
    assert (last.action, last.sequence) == ("late.one", 4)
    assert last.pk < max(AuditEvent.objects.values_list("pk", flat=True))
    assert verify()[0] == 0


@postgresql
def test_the_sealer_holds_up_no_insert_and_waits_for_no_row() -> None:
    record_many(5)
    holding, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            first = AuditEvent.objects.order_by("pk").select_for_update()[0]
            AuditEvent.objects.by_ids([first.pk]).forget()
            holding.set()
            assert let_go.wait(10)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(apart(hold))
        assert holding.wait(10)
        with transaction.atomic():
            assert seal_batch() == 4  # the one that is held is left
            pool_of_another = ThreadPoolExecutor(1)
            pool_of_another.submit(apart(lambda: record("session.ended"))).result(timeout=5)
        let_go.set()
        running.result()
    assert seal_waiting() == 2
    assert sealed_without_gaps(6)
    assert verify()[0] == 0
