"""Old events go, oldest first, and the chain is verifiable as before."""

from datetime import timedelta
from typing import Any

import pytest

from tests.trail import verify
from trust.audit.models import AuditEvent, SignedHead
from trust.audit.record import record
from trust.audit.sealer import end_of_chain, seal_waiting
from trust.keys.models import SigningKey
from trust.keys.ring import ring
from trust.keys.rotation import ensure_keys
from trust.lib import clock
from trust.lib.batches import Shift
from trust.notary import heads, retention

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def year(settings: Any) -> None:
    settings.AUDIT_RETENTION_DAYS = 365


def aged_trail(old: int, young: int) -> None:
    """A trail that was sealed when it was that old."""
    AuditEvent.objects.all().delete()
    for days, count in ((400, old), (10, young)):
        for _ in range(count):
            record("session.started")
            last = AuditEvent.objects.latest("pk")
            AuditEvent.objects.by_ids([last.pk]).update(at=clock.now() - days * DAY)
    seal_waiting()


def kept() -> list[int]:
    return list(AuditEvent.objects.sealed().values_list("sequence", flat=True))


def test_deletes_what_is_old_and_says_where_the_chain_begins() -> None:
    aged_trail(5, 3)
    assert retention.delete_old(now=clock.now()) == 5
    seal_waiting()
    assert kept() == [6, 7, 8, 9]
    event = AuditEvent.objects.of_action("audit.events_deleted").get()
    assert event.details == {"through": 5, "count": 5}
    status, said = verify()
    assert status == 0, said
    assert "begins behind place 5: cut off on" in said


def test_for_ever_is_for_ever(settings: Any) -> None:
    settings.AUDIT_RETENTION_DAYS = 0
    aged_trail(5, 3)
    assert retention.delete_old(now=clock.now()) == 0
    assert len(kept()) == 8


def test_what_is_not_sealed_stays(settings: Any) -> None:
    aged_trail(0, 0)
    record("session.started")
    AuditEvent.objects.all().update(at=clock.now() - 400 * DAY)
    assert retention.delete_old(now=clock.now()) == 0
    assert AuditEvent.objects.unsealed().count() == 1


def test_the_chain_goes_on_behind_a_trail_of_which_nothing_is_left() -> None:
    aged_trail(4, 0)
    hash_of_last = end_of_chain()
    retention.delete_old(now=clock.now())
    AuditEvent.objects.of_action("audit.events_deleted").delete()
    assert kept() == []
    assert end_of_chain() == hash_of_last
    record("session.started")
    seal_waiting()
    assert kept() == [5]
    assert verify()[0] == 0


def test_much_is_cut_in_stretches_and_a_shift_that_ends_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CUT_STRETCH", 2)
    aged_trail(7, 1)
    shift = Shift(0.0)
    assert retention.delete_old(now=clock.now(), shift=shift) == 0
    assert shift.left_something
    assert retention.delete_old(now=clock.now()) == 7
    seal_waiting()
    assert kept()[0] == 8
    assert verify()[0] == 0


def test_what_an_interrupted_deletion_left_is_no_part_of_the_chain_and_goes_the_next_time() -> None:
    aged_trail(4, 2)
    retention._cut(older_than=clock.now() - 365 * DAY, now=clock.now())
    status, said = verify()
    assert status == 0
    assert "4 events before the beginning wait to be deleted" in said
    assert retention.delete_old(now=clock.now()) == 4


def test_heads_and_checkpoints_live_together(tmp_path: Any) -> None:
    aged_trail(4, 2)
    before = heads.sign_next(now=clock.now() - DAY)
    retention.delete_old(now=clock.now())
    seal_waiting()
    head = heads.sign_next(now=clock.now())
    assert before is not None
    assert head is not None
    assert (head.sequence, head.count) == (7, 3)
    assert verify()[0] == 0


def test_a_checkpoint_is_signed_again_before_its_key_goes() -> None:
    aged_trail(4, 2)
    retention.delete_old(now=clock.now())
    first = SignedHead.objects.checkpoints().get()
    SignedHead.objects.filter(pk=first.pk).update(at=clock.now() - 31 * DAY)
    retention.delete_old(now=clock.now())
    again = SignedHead.objects.checkpoints().first()
    assert again is not None
    assert (again.pk, again.sequence) != (first.pk, 0)
    assert again.sequence == first.sequence
    seal_waiting()
    assert verify()[0] == 0


def test_a_checkpoint_whose_key_is_gone_deletes_nothing_until_somebody_vouches_for_it() -> None:
    from django.core.management import call_command

    aged_trail(4, 2)
    retention._cut(older_than=clock.now() - 365 * DAY, now=clock.now())
    SigningKey.objects.all().delete()
    ring.forget()
    ensure_keys(now=clock.now())
    with pytest.raises(heads.ChainBroken):
        retention.delete_old(now=clock.now())
    assert len(kept()) == 6
    seal_waiting()
    call_command("audit_head", vouch_for_checkpoint=True)
    assert verify()[0] == 0
    assert retention.delete_old(now=clock.now()) == 4


def test_the_daily_work_signs_and_cuts() -> None:
    from oauth.services import housekeeping

    aged_trail(3, 2)
    done = housekeeping.clear(now=clock.now())
    assert done["audit_heads"] == 1
    assert done["audit_events"] == 3
