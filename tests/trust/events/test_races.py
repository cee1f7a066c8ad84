"""Several workers at the same moment: each event is delivered once, in order, and a receiver has one turn."""

import pytest
from django_tasks_db.models import DBTaskResult

from tests.at_once import at_once
from tests.trust.events.receiving import happen, make_receiver, seal, states
from trust.events import deliveries, following, jobs
from trust.events.models import Delivery, Receiver
from trust.lib import clock
from trust.lib.batches import Shift
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db(transaction=True)
ACTIONS = ["person.deactivated", "person.activated"] * 10


@pytest.fixture
def receiver(server, person, monkeypatch):
    monkeypatch.setattr("trust.events.following.FOLLOW_BATCH", 3)
    made, _ = make_receiver(server, "json", events=["account.disabled", "account.enabled"])
    happen(person, *ACTIONS)
    seal()
    return made


def test_the_trail_is_followed_once_by_however_many(receiver):
    made = at_once(4, lambda: following.follow(now=clock.now(), shift=Shift()))
    assert sum(made) == len(ACTIONS)
    sequences = list(Delivery.objects.order_by("pk").values_list("sequence", flat=True))
    assert sequences == sorted(set(sequences))


def test_a_turn_is_given_once_and_taken_once(receiver, server):
    following.follow(now=clock.now(), shift=Shift())
    at_once(4, jobs.follow.call)
    turn = DBTaskResult.objects.get(task_path=jobs.take_turn.module_path)
    at_once(4, lambda: jobs.take_turn.call(*turn.args_kwargs["args"]))
    turns = DBTaskResult.objects.filter(task_path=jobs.take_turn.module_path)
    while waiting := list(turns.exclude(pk=turn.pk)):
        turns.exclude(pk=turn.pk).delete()
        for each in waiting:
            jobs.take_turn.call(*each.args_kwargs["args"])
    assert states() == [("delivered", 1, "202")] * len(ACTIONS)
    assert [said["type"] for said in server.documents] == ["account.disabled", "account.enabled"] * 10


def test_a_dead_letter_is_sent_again_once_by_however_many(receiver):
    following.follow(now=clock.now(), shift=Shift())
    Delivery.objects.update(state="given_up", ended_at=clock.now())
    pks = list(Delivery.objects.values_list("pk", flat=True))
    again = at_once(4, lambda: deliveries.send_again(pks, now=clock.now(), actor=None, origin=Origin()))
    assert sum(again) == len(pks)
    assert Receiver.objects.get().failures == 0
