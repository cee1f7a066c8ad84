"""Delivery: after the commit, in order, tried again, never lost, given up after a day; nobody holds others up."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from accounts.services import people
from tests.loopback import saying
from tests.relying_party import verified
from tests.trust.events.receiving import (
    ACCEPTED,
    BROKEN,
    EventReceiver,
    happen,
    make_receiver,
    pass_time,
    run_events,
    seal,
    states,
)
from trust.audit.models import AuditEvent
from trust.audit.sealer import end_of_chain
from trust.events import deliveries, jobs, receivers, sending
from trust.events.conf import FIRST_WAIT
from trust.events.models import Cursor, Delivery, Receiver
from trust.events.receivers import By
from trust.lib import clock
from trust.lib.batches import Shift

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_TICK = 0.01  # seconds: SQLite tells milliseconds apart
REFUSING = saying(b'{"err": "jwtParse"}', status="400 Bad Request")


def told(server):
    return [verified(token, audience=server.url) for token in server.texts]


def test_what_was_recorded_is_told_once(server, person):
    make_receiver(server)
    happen(person)
    run_events()
    run_events(later=DAY)
    assert [claims["sub_id"]["sub"] for claims in told(server)] == [str(person.pk)]
    assert states() == [("delivered", 1, "202")]
    assert Receiver.objects.get().outcome == "202"


def test_nothing_is_sent_by_who_does_it_but_by_the_worker_alone(server, person):
    make_receiver(server)
    people.deactivate(user=person, actor=None)
    seal()
    assert server.connections == 0
    run_events()
    assert server.connections == 1


def test_what_is_rolled_back_is_not_told(server, person):
    make_receiver(server)
    with transaction.atomic():
        happen(person)
        transaction.set_rollback(True)
    run_events()
    assert server.connections == 0
    assert not Delivery.objects.exists()


def test_events_are_told_in_their_order_across_batches(server, person, monkeypatch):
    monkeypatch.setattr("trust.events.following.FOLLOW_BATCH", 2)
    make_receiver(server, "json")
    happen(person, *["person.deactivated", "person.activated"] * 3)
    run_events()
    assert [said["type"] for said in server.documents] == ["account.disabled", "account.enabled"] * 3
    assert Cursor.objects.get().sequence == AuditEvent.objects.order_by("sequence").last().sequence


def test_a_receiver_is_told_what_it_asked_for_and_nothing_else(server, person):
    with EventReceiver() as second:
        make_receiver(server, "json", events=["account.enabled"])
        make_receiver(second, "json", events=["account.disabled", "account.enabled"])
        happen(person, "person.deactivated", "person.activated", "person.profile_changed")
        run_events()
        assert [said["type"] for said in server.documents] == ["account.enabled"]
        assert [said["type"] for said in second.documents] == ["account.disabled", "account.enabled"]
        ids = {headers["webhook-id"] for each in (server, second) for headers in each.headers}
        assert len(ids) == 3


def test_nobody_is_told_of_what_was_before_they_were_switched_on(server, person):
    happen(person)
    seal()
    receiver, _ = make_receiver(server, "json")
    with EventReceiver() as second:
        happen(person, "person.activated")
        run_events()
        receivers.switch_off(receiver, by=By())
        happen(person, "person.closed")
        time.sleep(_TICK)
        make_receiver(second, "json")
        receivers.switch_on(receiver, by=By())
        time.sleep(_TICK)
        happen(person, "person.came_back")
        run_events()
        assert [said["type"] for said in server.documents] == ["account.enabled"] * 2
        assert [said["type"] for said in second.documents] == ["account.enabled"]


def test_a_trail_that_nobody_followed_is_not_read_through_for_the_first_receiver(server, person):
    happen(person, *["person.activated"] * 3)
    seal()
    make_receiver(server)
    assert Cursor.objects.get().sequence == end_of_chain()[0] > 3


def test_without_receivers_no_job_is_ever_enqueued(person):
    happen(person)
    seal()
    assert not DBTaskResult.objects.filter(queue_name="events").exists()


@pytest.mark.parametrize("failing", [BROKEN, lambda connection, request: connection.close()], ids=["503", "no answer"])
def test_a_receiver_that_is_down_gets_all_when_it_is_back_in_order_and_once(server, person, failing):
    make_receiver(server, "json")
    server.answers = failing
    happen(person, "person.deactivated", "person.activated")
    run_events()
    assert server.connections == 1  # the rest waits: nobody hammers who does not answer
    happen(person, "person.closed")
    run_events()
    assert server.connections == 1
    pass_time(FIRST_WAIT * 2)
    run_events()
    assert (server.connections, Receiver.objects.get().failures) == (2, 2)
    server.answers = ACCEPTED
    pass_time(HOUR)
    run_events()
    assert [said["type"] for said in server.documents[2:]] == [
        "account.disabled",
        "account.enabled",
        "account.disabled",
    ]
    assert {state for state, *_ in states()} == {"delivered"}
    receiver = Receiver.objects.get()
    assert (receiver.failures, receiver.failing_since, receiver.rest_until) == (0, None, None)


def test_a_test_event_goes_before_all_that_waits_for_who_fails(server, person):
    receiver, _ = make_receiver(server, "json")
    server.answers = BROKEN
    happen(person)
    run_events()
    assert deliveries.send_test(receiver.pk, now=clock.now(), actor=None, origin=By().origin)
    run_events()
    assert [said["type"] for said in server.documents] == ["account.disabled", "verification"]


def test_every_attempt_says_the_same_under_the_same_id(server, person):
    make_receiver(server)
    server.answers = BROKEN
    happen(person)
    run_events()
    Receiver.objects.update(rest_until=None)
    server.answers = ACCEPTED
    run_events()
    first, second = told(server)
    assert first == second


def test_a_worker_that_is_killed_after_sending_sends_the_same_again(server, person, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*args, **named):
        raise Killed

    make_receiver(server)
    happen(person)
    seal()
    jobs.follow.call()
    arguments = DBTaskResult.objects.get(task_path=jobs.take_turn.module_path).args_kwargs["args"]
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "note", die)
        with pytest.raises(Killed):
            jobs.take_turn.call(*arguments)
    DBTaskResult.objects.filter(task_path=jobs.take_turn.module_path).delete()
    run_events()
    assert server.connections == 1  # it may still be at it
    Receiver.objects.update(turn_until=clock.now())
    run_events()
    first, second = told(server)
    assert first == second
    assert states() == [("delivered", 2, "202")]


def test_a_worker_that_is_killed_between_two_batches_follows_on_where_it_was(server, person, monkeypatch):
    make_receiver(server, "json")
    happen(person, "person.deactivated", "person.activated")
    seal()
    monkeypatch.setattr("trust.events.following.FOLLOW_BATCH", 1)
    jobs.following.follow(now=clock.now(), shift=Shift(0))  # no time at all
    assert not Delivery.objects.exists()
    jobs.following._follow_batch(clock.now())
    run_events()
    assert [said["type"] for said in server.documents] == ["account.disabled", "account.enabled"]


def test_a_slow_receiver_has_short_turns_and_others_theirs_in_between(server, person, monkeypatch):
    monkeypatch.setattr(jobs, "TURN_SECONDS", 0.05)
    with EventReceiver() as second:
        slow, _ = make_receiver(server, "json", name="slow")
        quick, _ = make_receiver(second, "json", name="quick")
        server.answers = lambda connection, request: (time.sleep(0.2), ACCEPTED(connection, request))
        happen(person, *["person.activated"] * 3)
        seal()
        jobs.follow.call()
        turns = DBTaskResult.objects.filter(task_path=jobs.take_turn.module_path, status="READY")
        assert turns.count() == 2
        mine = turns.get(args_kwargs__args__0=str(slow.pk))
        before = clock.now()
        assert jobs.take_turn.call(*mine.args_kwargs["args"]) == 1
        mine.delete()
        next_turn = turns.get(args_kwargs__args__0=str(slow.pk))
        assert timedelta(seconds=0.3) < next_turn.run_after - before < timedelta(seconds=2)  # as long as it took
        assert jobs.take_turn.call(*turns.get(args_kwargs__args__0=str(quick.pk)).args_kwargs["args"]) >= 1
        assert (len(server.requests), len(second.requests) >= 1) == (1, True)


def test_a_receiver_has_one_turn_at_a_time(server, person):
    receiver, _ = make_receiver(server, "json")
    happen(person)
    seal()
    jobs.follow.call()
    jobs.follow.call()
    turns = DBTaskResult.objects.filter(task_path=jobs.take_turn.module_path)
    assert turns.count() == 1
    assert jobs.take_turn.call(str(receiver.pk), Receiver.objects.get().turn - 1) == 0  # an older one
    run_events()
    assert jobs.take_turn.call(str(receiver.pk), Receiver.objects.get().turn) == 0  # one that is over
    assert server.connections == 1


def test_who_is_switched_off_is_told_nothing_more_and_what_waits_goes_on_later(server, person):
    receiver, _ = make_receiver(server, "json")
    happen(person)
    seal()
    jobs.follow.call()
    receivers.switch_off(receiver, by=By())
    happen(person, "person.activated")
    run_events(later=DAY)
    assert server.connections == 0
    receivers.switch_on(receiver, by=By())
    run_events()
    assert [said["type"] for said in server.documents] == ["account.disabled"]


def test_the_audience_is_the_url_or_the_name_that_the_receiver_has_for_itself(server):
    receiver, _ = make_receiver(server)
    assert sending.audience_of(receiver) == server.url
    receiver.audience = "shop"
    assert sending.audience_of(receiver) == "shop"
