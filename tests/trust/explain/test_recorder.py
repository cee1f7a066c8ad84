"""The queue: bounded, never waited for, written together, and read back by what was given out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.broken_database import broken_database
from tests.explained import explained
from trust.explain import storing
from trust.explain.conf import KEPT, MOST_A_MINUTE, MOST_OF_ONE_CLIENT, MOST_WAITING
from trust.explain.finding import Finding
from trust.explain.models import Explanation
from trust.explain.note import note, reference_in
from trust.explain.recorder import Recorder, recorder
from trust.explain.vocabulary import Endpoint, Found
from trust.lib import clock


def refuse(client_id="app", endpoint=Endpoint.TOKEN):
    return note(endpoint, error="invalid_client", step="a step", client_id=client_id)


@pytest.fixture(autouse=True)
def never_trimmed():
    storing._last["trimmed"] = float("-inf")


@pytest.mark.django_db
def test_what_was_noted_is_written_together():
    references = [refuse() for _ in range(20)]
    assert len(set(references)) == 20
    with CaptureQueriesContext(connection) as statements:
        assert recorder.write() == 20
    assert len([one for one in statements if "INSERT" in one["sql"]]) == 1
    assert len(statements) <= 4  # which clients there are, the rows, and a savepoint around them
    assert {one.reference for one in Explanation.objects.all()} == set(references)
    assert recorder.write() == 0


def test_to_note_asks_no_database_and_begins_no_thread():
    for _ in range(5):
        refuse()
    assert recorder._thread is None


def test_a_client_in_a_loop_hides_nobody():
    given = [refuse("loop") for _ in range(MOST_OF_ONE_CLIENT + 5)]
    assert given[MOST_OF_ONE_CLIENT:] == [""] * 5
    assert refuse("another")
    assert refuse("loop", Endpoint.INTROSPECTION)
    assert recorder.dropped == 5


def test_the_queue_is_bounded_and_so_are_all_clients_together():
    given = [refuse(str(number)) for number in range(MOST_WAITING + 5)]
    assert all(given[:MOST_WAITING])
    assert not any(given[MOST_WAITING:])
    recorder._waiting.clear()
    more = [bool(refuse(f"more {number}")) for number in range(MOST_A_MINUTE)]
    recorder._waiting.clear()
    assert sum(more) <= MOST_WAITING
    assert not all(refuse(f"still more {number}") for number in range(MOST_A_MINUTE))


def test_a_reference_is_found_however_it_is_written_down():
    reference = refuse()
    assert reference_in(reference) == reference
    assert reference_in(f" {reference[:4].upper()}-{reference[4:8]} {reference[8:]}\n") == reference
    for wrong in ("", "short", reference + "a", reference[:-1] + "1", "\0" * 12, "../" * 4):
        assert reference_in(wrong) == ""


@pytest.mark.django_db
def test_what_is_over_and_what_is_too_much_is_deleted(monkeypatch):
    monkeypatch.setattr(storing, "MOST_KEPT", 3)
    for _ in range(6):
        refuse()
    rows = explained()
    Explanation.objects.by_reference(rows[1].reference).update(at=clock.now() - KEPT - timedelta(seconds=1))
    storing.trim()
    assert [row.reference for row in Explanation.objects.order_by("-pk")] == [rows[0].reference, rows[2].reference]


@pytest.mark.django_db
def test_it_is_trimmed_now_and_then_and_not_with_each_writing(django_assert_num_queries):
    storing.trim()
    with django_assert_num_queries(0):
        storing.trim()


@pytest.mark.django_db
def test_the_hour_is_kept_whether_or_not_somebody_has_deleted():
    refuse()
    (row,) = explained()
    assert Explanation.objects.kept_at(clock.now()).get() == row
    assert not Explanation.objects.kept_at(row.at + KEPT).exists()


def test_the_end_of_a_process_is_waited_for_by_its_thread():
    """What waits is written at the end, though nobody gave the thread the time that it takes to gather."""
    own = Recorder()
    written = []
    own._write_aside = lambda: written.extend(own._waiting) or own._waiting.clear()
    own.serve()
    finding = Finding(found=Found.SECRET_WRONG)
    assert own.put(_refused(finding))
    own.end()
    assert [one.finding for one in written] == [finding]
    assert not own._thread.is_alive()


def _refused(finding):
    note(Endpoint.TOKEN, error="invalid_client", step="", finding=finding)
    return recorder._waiting.pop()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_be_written_costs_the_records_alone(caplog):
    assert refuse()
    with broken_database():
        recorder._write_aside()
    assert "1 explanations were not written: OperationalError" in caplog.text
    kept = refuse()
    recorder._write_aside()
    assert [row.reference for row in Explanation.objects.all()] == [kept]


@pytest.mark.django_db(transaction=True)
def test_what_was_dropped_is_told_once(caplog):
    for _ in range(MOST_OF_ONE_CLIENT + 3):
        refuse()
    for _ in range(2):
        recorder._write_aside()
    assert caplog.text.count("3 explanations were dropped") == 1
