"""What is refused, given up, sent again and deleted: of one delivery, and of all to a receiver that fails."""

import logging
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from tests.loopback import saying
from tests.trust.events.receiving import (
    ACCEPTED,
    BROKEN,
    happen,
    make_receiver,
    pass_time,
    run_events,
    seal,
    states,
)
from trust.audit.models import AuditEvent
from trust.events import deliveries, housekeeping, jobs, receivers
from trust.events.conf import ATTEMPTS, FIRST_WAIT, LONGEST_WAIT
from trust.events.models import Delivery, Receiver
from trust.events.receivers import By
from trust.lib import clock
from trust.lib.batches import Shift
from trust.lib.chores import do_each

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REFUSING = saying(b'{"err": "jwtParse"}', status="400 Bad Request")


def test_one_event_that_is_refused_is_tried_again_and_holds_no_other_up(server, person):
    make_receiver(server, "json")
    server.answers = REFUSING
    happen(person)
    run_events()
    server.answers = ACCEPTED
    happen(person, "person.activated")
    run_events()
    assert [state for state, *_ in states()] == ["waiting", "delivered"]
    assert Receiver.objects.get().failures == 0
    pass_time(FIRST_WAIT * 2)
    run_events()
    assert [state for state, *_ in states()] == ["delivered", "delivered"]


def test_one_event_that_is_always_refused_is_given_up_after_a_day(server, person, caplog):
    make_receiver(server, "json")
    server.answers = REFUSING
    happen(person)
    for _ in range(ATTEMPTS + 2):
        run_events()
        pass_time(LONGEST_WAIT * 2)
    assert states() == [("given_up", ATTEMPTS, '400 {"err": "jwtParse"}')]
    assert server.connections == ATTEMPTS
    assert "given up" in caplog.text


def test_waits_double_to_an_hour_by_chance_and_last_about_a_day():
    waits = [deliveries.wait_after(failures) for failures in range(1, ATTEMPTS + 1)]
    assert all(FIRST_WAIT * 0.8 <= wait <= LONGEST_WAIT * 1.2 for wait in waits)
    assert waits[0] < waits[3] < waits[6]
    assert DAY * 0.75 < sum(waits, timedelta()) < DAY * 1.25
    assert len({deliveries.wait_after(1) for _ in range(10)}) > 1


def test_a_receiver_that_failed_for_a_day_is_left_with_dead_letters_and_tried_on_with_what_is_new(
    server, person, caplog
):
    make_receiver(server, "json")
    server.answers = BROKEN
    happen(person, "person.deactivated", "person.activated")
    run_events()
    pass_time(DAY)
    happen(person, "person.closed")
    with caplog.at_level(logging.ERROR):
        run_events()
    assert [state for state, *_ in states()] == ["given_up", "given_up", "waiting"]
    assert "2 deliveries were given up" in caplog.text
    server.answers = ACCEPTED
    pass_time(2 * HOUR)
    run_events()
    assert server.documents[-1]["type"] == "account.disabled"


def test_a_worker_that_stood_still_for_days_gives_nothing_up(server, person):
    make_receiver(server, "json")
    happen(person)
    run_events()
    happen(person)
    seal()
    jobs.following.follow(now=clock.now(), shift=Shift())
    pass_time(3 * DAY)
    server.answers = BROKEN
    run_events()
    assert states()[1][0] == "waiting"


def test_dead_letters_are_sent_again_from_the_first_attempt_on(server, person):
    receiver, _ = make_receiver(server, "json")
    server.answers = BROKEN
    happen(person)
    run_events()
    pass_time(2 * DAY)
    run_events()
    assert states()[0][0] == "given_up"
    server.answers = ACCEPTED
    again = {"now": clock.now(), "actor": person.pk, "origin": By().origin}
    pk = Delivery.objects.get().pk
    assert deliveries.send_again([pk], **again) == 1
    assert deliveries.send_again([pk], **again) == 0
    Receiver.objects.update(rest_until=None)
    run_events()
    assert states() == [("delivered", 1, "202")]
    assert len({headers["webhook-id"] for headers in server.headers}) == 1
    event = AuditEvent.objects.of_action("delivery.sent_again").get()
    assert (event.actor, event.details) == (person.pk, {"deliveries": 1, "receivers": [str(receiver.pk)]})


def test_a_delivery_that_cannot_be_written_is_in_nobodys_way(server, person, monkeypatch):
    make_receiver(server, "json")
    happen(person, "person.deactivated", "person.activated")
    seal()
    jobs.follow.call()
    Delivery.objects.filter(event="account.disabled").update(event="of another release")
    run_events()
    assert [said["type"] for said in server.documents] == ["account.enabled"]
    assert states()[0] == ("waiting", 1, "not sent: ValueError")


def test_what_is_over_goes_and_what_waits_in_vain_too(server, person):
    receiver, _ = make_receiver(server, "json")
    happen(person)
    run_events()
    happen(person)
    seal()
    jobs.follow.call()
    receivers.switch_off(receiver, by=By())
    happen(person)

    def clear(after):
        return do_each(housekeeping.daily(now=clock.now() + after, shift=Shift()))["event_deliveries"]

    assert clear(6 * DAY) == 0
    assert clear(8 * DAY) == 2
    Delivery.objects.all().delete()
    assert not Delivery.objects.exists()


def test_dead_letters_stay_a_month(server, person):
    make_receiver(server, "json")
    happen(person)
    seal()
    jobs.follow.call()
    Delivery.objects.update(state="given_up", ended_at=clock.now())
    assert deliveries.clear(now=clock.now() + 29 * DAY) == 0
    assert deliveries.clear(now=clock.now() + 31 * DAY) == 1


def test_who_has_failed_for_a_week_is_switched_off(server, person):
    make_receiver(server, "json")
    server.answers = BROKEN
    happen(person)
    run_events()
    assert receivers.switch_off_what_never_answers(now=clock.now() + 6 * DAY) == 0
    assert receivers.switch_off_what_never_answers(now=clock.now() + 8 * DAY) == 1
    assert not Receiver.objects.get().is_active
    assert AuditEvent.objects.of_action("receiver.switched_off").get().details["reason"] == "failing"


def test_the_rows_of_such_jobs_go_within_an_hour(server, person):
    make_receiver(server, "json")
    happen(person)
    run_events()
    done = DBTaskResult.objects.filter(queue_name="events", status="SUCCESSFUL")
    assert done.count() >= 3
    assert jobs.clear_rows(now=clock.now()) == 0
    jobs.clear_rows(now=clock.now() + 2 * HOUR)
    assert not done.exists()
    assert DBTaskResult.objects.filter(queue_name="events", status="READY").count() == 1  # the next look


def test_a_receiver_that_asks_for_time_is_given_it(server, person):
    make_receiver(server, "json")
    server.answers = saying(b"", status="429 Too Many Requests", retry_after="600")
    happen(person)
    run_events()
    rest = Receiver.objects.get().rest_until - clock.now()
    assert timedelta(seconds=590) < rest <= timedelta(seconds=600)


def test_a_seal_that_cannot_be_opened_waits_for_its_key(server, person, settings):
    make_receiver(server, "json")
    happen(person)
    keys, settings.SEALING_KEYS = settings.SEALING_KEYS, ["quite another sealing key, also long enough"]
    run_events()
    assert states() == [("waiting", 1, "not sent: the seal of event-secret cannot be opened")]
    settings.SEALING_KEYS = keys
    pass_time(HOUR)
    run_events()
    assert states()[0][0] == "delivered"


def test_a_deleted_receiver_with_much_on_its_way_is_deleted_by_the_worker(server, person, monkeypatch):
    monkeypatch.setattr(receivers, "DELETED_AT_ONCE", 1)
    receiver, _ = make_receiver(server, "json")
    happen(person, "person.deactivated", "person.activated")
    seal()
    jobs.follow.call()
    receivers.delete(receiver, by=By())
    assert not Receiver.objects.get().is_active
    run_events()
    assert not Receiver.objects.exists()
    assert not Delivery.objects.exists()
    assert server.connections == 0


def test_a_deleted_receiver_takes_with_it_what_waits(server, person):
    receiver, _ = make_receiver(server, "json")
    happen(person)
    seal()
    jobs.follow.call()
    receivers.delete(receiver, by=By())
    run_events(later=DAY)
    assert server.connections == 0
    assert not Delivery.objects.exists()
    assert not DBTaskResult.objects.filter(queue_name="events").exclude(status="SUCCESSFUL").exists()
