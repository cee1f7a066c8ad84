"""The sealer: places in order and without gaps, to what is committed, by one at a time."""

import uuid

import pytest

from tests.trail import NO_TIME, tamper
from trust.audit import sealer
from trust.audit.chain import GENESIS, chain_hash
from trust.audit.lines import read_lines
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.audit.sealer import seal_batch, seal_waiting
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

HOME = Origin("198.51.100.1", "Firefox")


def recorded(count: int) -> None:
    for number in range(count):
        record(
            "session.started", subject=uuid.UUID(int=number), origin=HOME, details={"number": number, "b": [1.5, "é"]}
        )


@pytest.fixture(autouse=True)
def empty() -> None:
    AuditEvent.objects.all().delete()


def test_gives_places_from_one_on_without_gaps() -> None:
    recorded(3)
    assert seal_waiting() == 3
    recorded(2)
    assert seal_waiting() == 2
    assert list(AuditEvent.objects.sealed().values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]


def test_each_hash_is_made_over_the_one_before() -> None:
    recorded(4)
    seal_waiting()
    previous = GENESIS
    for line in read_lines(AuditEvent.objects.sealed()):
        previous = chain_hash(previous, line)
        assert line["chain_hash"] == previous.hex()


def test_a_batch_has_a_bounded_size_and_what_waits_is_sealed_in_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "_BATCH", 2)
    recorded(5)
    assert seal_batch(at_most=2) == 2
    assert seal_waiting() == 3
    assert not AuditEvent.objects.unsealed().exists()


def test_an_id_that_appears_late_is_sealed_behind_the_higher_ones() -> None:
    recorded(3)
    late = AuditEvent.objects.order_by("id")[0]
    values = {name: getattr(late, name) for name in ("at", "action", "details", "salt", "personal_digest")}
    late_id = late.pk
    late.delete()
    seal_waiting()
    AuditEvent.objects.create(id=late_id, **values)
    assert seal_waiting() == 1
    assert list(AuditEvent.objects.sealed().values_list("pk", flat=True))[-1] == late_id


def test_nothing_waits_for_a_place_twice() -> None:
    recorded(2)
    seal_waiting()
    before = list(AuditEvent.objects.sealed().values_list("pk", "sequence", "chain_hash"))
    assert seal_waiting() == 0
    assert list(AuditEvent.objects.sealed().values_list("pk", "sequence", "chain_hash")) == before


def test_what_follows_reads_from_where_it_was() -> None:
    recorded(4)
    assert not AuditEvent.objects.sealed_after(0).exists()
    seal_waiting()
    assert [event.sequence for event in AuditEvent.objects.sealed_after(2)] == [3, 4]


def test_a_row_that_cannot_be_read_stops_no_other() -> None:
    recorded(3)
    broken = AuditEvent.objects.order_by("id")[1].pk
    tamper("UPDATE audit_auditevent SET at = %s WHERE id = %s", NO_TIME, broken)
    assert seal_waiting() == 2
    assert list(AuditEvent.objects.unsealed().values_list("pk", flat=True)) == [broken]


def test_looks_for_nothing_below_the_floor() -> None:
    recorded(3)
    floor = AuditEvent.objects.order_by("id")[0].pk
    assert seal_waiting(after=floor) == 2
