"""Telling clients: when, how often, until when; and who is not told."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import login
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.test import RequestFactory
from django_tasks_db.models import DBTaskResult

from accounts.models import Session
from accounts.services import administration, people, sessions
from oauth.conf import LOGOUT_ATTEMPTS
from oauth.jobs.back_channel_logout import tell, tell_again, wait_after
from oauth.models import ClientSession
from oauth.services import housekeeping, registration
from tests.clients import Application, make_client
from tests.logout_receiver import LogoutReceiver, run_logouts
from tests.loopback import saying
from tests.mail_queue import deliver_mail
from tests.relying_party import verified
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[LogoutReceiver]:
    with LogoutReceiver() as server:
        yield server


@pytest.fixture
def application(person, receiver):
    program = Application(make_client(backchannel_logout_uri=receiver.uri))
    program.sign_in()
    return program


def hang_up(connection, request):
    connection.close()


def jobs():
    return DBTaskResult.objects.filter(queue_name="logout")


def end_session():
    assert sessions.end(session_id=Session.objects.get().pk, reason="test")


def state():
    row = ClientSession.objects.get()
    return row.logout, row.attempts, row.outcome


def test_a_client_without_an_address_is_not_noted(person):
    application = Application(make_client())
    application.sign_in()
    application.tokens()
    end_session()
    assert not ClientSession.objects.exists()
    assert not jobs().exists()


def test_nothing_is_told_before_the_session_ends_nor_by_anybody_but_the_worker(application, receiver):
    application.tokens()
    run_logouts()
    assert state() == ("", 0, "")
    end_session()
    assert state() == ("waiting", 0, "")
    assert receiver.connections == 0
    run_logouts()
    assert state() == ("delivered", 1, "200")
    assert receiver.connections == 1


def test_a_job_holds_the_id_of_the_row_alone(application):
    application.tokens()
    end_session()
    assert jobs().get().args_kwargs == {"args": [ClientSession.objects.get().pk, 1], "kwargs": {}}


def end_by_deactivation(person):
    people.deactivate(user=person, actor=None)


def end_by_new_password(person):
    people.replace_password(user=person, password="a quite different passphrase", keep=None, origin=Origin())


def end_by_changed_factor(person):
    people.factor_changed(user=person, keep=None, factor="totp", origin=Origin())


def end_everywhere(person):
    sessions.end_all(user=person, reason="test")


@pytest.mark.parametrize("end", [end_by_deactivation, end_by_new_password, end_by_changed_factor, end_everywhere])
def test_every_way_in_which_sessions_end_is_told(person, application, receiver, end):
    application.tokens()
    elsewhere = Application(application.client)
    elsewhere.sign_in()
    elsewhere.tokens()
    end(person)
    run_logouts()
    told = sorted(claims["sid"] for claims in receiver.claims("app"))
    assert told == sorted(str(pk) for pk in Session.objects.values_list("pk", flat=True))


def test_a_session_whose_place_another_takes_is_told_of(person, application, receiver):
    application.tokens()
    first = Session.objects.get()
    request = RequestFactory().get("/")
    request.session, request.account_session = application.browser.session, first
    login(request, person, "allauth.account.auth_backends.AuthenticationBackend")
    run_logouts()
    assert [claims["sid"] for claims in receiver.claims("app")] == [str(first.pk)]


def test_what_is_rolled_back_is_not_told(application, receiver):
    application.tokens()
    with transaction.atomic():
        end_session()
        transaction.set_rollback(True)
    run_logouts()
    assert state() == ("", 0, "")
    assert receiver.connections == 0


def test_a_disabled_client_is_not_told(application, receiver):
    application.tokens()
    registration.disable(client_pk=application.client.pk)
    end_session()
    run_logouts()
    assert receiver.connections == 0
    assert state() == ("", 0, "")


def test_a_client_that_is_disabled_while_it_waits_is_not_told(application, receiver):
    application.tokens()
    end_session()
    registration.disable(client_pk=application.client.pk)
    run_logouts()
    assert receiver.connections == 0
    assert state() == ("waiting", 1, "not tried: disabled, or without an address")


def test_a_client_that_is_deleted_while_it_waits_is_nobodys_trouble(application, receiver):
    application.tokens()
    end_session()
    registration.delete(client_pk=application.client.pk)
    run_logouts()
    assert receiver.connections == 0
    assert not jobs().exclude(status="SUCCESSFUL").exists()


@pytest.mark.parametrize("subject_type", ["public", "pairwise"])
def test_a_person_who_is_deleted_is_signed_out_under_the_names_that_the_client_knows(
    person, make_person, receiver, subject_type
):
    application = Application(make_client(backchannel_logout_uri=receiver.uri, subject_type=subject_type))
    application.sign_in()
    said = verified(application.tokens()["id_token"], audience="app")
    administration.delete_person(user=person, actor=make_person("root"), origin=Origin())
    run_logouts()
    (told,) = receiver.claims("app")
    assert (told["sub"], told["sid"]) == (said["sub"], said["sid"])
    assert housekeeping.clear(now=clock.now())["client_sessions"] == 1


def test_waits_double_from_half_a_minute_to_an_hour_and_last_some_hours():
    seconds = [wait_after(attempt).total_seconds() for attempt in range(1, LOGOUT_ATTEMPTS + 1)]
    assert seconds[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert 4 * 3600 < sum(seconds) < 6 * 3600


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.8")
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (saying(b'{"error": "invalid_request"}', status="400 Bad Request"), "400 invalid_request"),
        (saying(b"<html>", status="400 Bad Request"), "400"),
        (saying(b'{"error": "<b>no</b>"}', status="400 Bad Request"), "400"),
        (saying(b'["error"]', status="500 Internal Server Error"), "500"),
        (saying(b"", status="201 Created"), "201"),
        (saying(b"", status="302 Found", location="https://elsewhere.example/"), "refused by us: a redirect is not followed"),
        (hang_up, "no answer: RemoteDisconnected"),
    ],
)  # fmt: skip
def test_what_is_no_success_is_tried_again_with_a_new_token(application, receiver, answer, outcome):
    receiver.answers = answer
    application.tokens()
    end_session()
    before = clock.now()
    run_logouts()
    assert state() == ("waiting", 1, outcome)
    waiting = jobs().get(status="READY")
    assert timedelta(seconds=29) < waiting.run_after - before < timedelta(seconds=40)
    receiver.answers = saying(b"")
    cache.clear()  # the client has rested
    run_logouts(later=timedelta(seconds=30))
    assert state() == ("delivered", 2, "200")
    first, second = receiver.claims("app")
    assert first["jti"] != second["jti"]
    assert first["sid"] == second["sid"]


def test_a_client_that_never_hears_is_given_up_and_audited(application, receiver, caplog):
    receiver.answers = saying(b"", status="503 Service Unavailable")
    application.tokens()
    end_session()
    session = Session.objects.get()
    for _ in range(LOGOUT_ATTEMPTS):
        run_logouts(later=HOUR)
    assert state() == ("waiting", LOGOUT_ATTEMPTS, "503")
    with caplog.at_level(logging.ERROR):
        run_logouts(later=HOUR)
    assert state() == ("failed", LOGOUT_ATTEMPTS, "503")
    assert len(receiver.tokens) == LOGOUT_ATTEMPTS
    assert not jobs().exclude(status="SUCCESSFUL").exists()
    event = AuditEvent.objects.of_action("logout.given_up").get()
    assert (event.subject, event.session, event.client_id) == (session.user_id, session.pk, "app")
    assert event.details == {"attempts": LOGOUT_ATTEMPTS, "outcome": "503"}
    assert "given up" in caplog.text


def test_who_was_given_up_is_told_again_from_the_beginning(person, application, receiver):
    application.tokens()
    end_session()
    ClientSession.objects.update(logout="failed", attempts=LOGOUT_ATTEMPTS, outcome="503")
    jobs().delete()
    pk = ClientSession.objects.get().pk
    assert tell_again(pk, actor=person.pk, origin=Origin())
    assert not tell_again(pk, actor=person.pk, origin=Origin())
    run_logouts()
    assert state() == ("delivered", 1, "200")
    assert len(receiver.tokens) == 1
    assert AuditEvent.objects.of_action("logout.told_again").get().actor == person.pk


def test_an_attempt_is_made_once_however_often_its_job_runs(application, receiver):
    application.tokens()
    end_session()
    pk = ClientSession.objects.get().pk
    receiver.answers = saying(b"", status="503 Service Unavailable")
    run_logouts()
    tell.call(pk, 1)
    assert state() == ("waiting", 1, "503")
    assert len(receiver.tokens) == 1
    assert jobs().filter(status="READY").count() == 1


def test_a_client_that_does_not_answer_is_left_alone_for_a_while_whatever_sessions_wait(application, receiver):
    """A dead client costs the worker one attempt, not one for each session."""
    receiver.answers = hang_up
    for _ in range(4):
        elsewhere = Application(application.client)
        elsewhere.sign_in()
        elsewhere.tokens()
    sessions.end_all(user=Session.objects.first().user, reason="test")
    run_logouts()
    assert receiver.connections == 1
    outcomes = sorted(ClientSession.objects.values_list("outcome", flat=True))
    assert outcomes == ["no answer: RemoteDisconnected", *["not tried: no answer a moment ago"] * 3]
    assert set(ClientSession.objects.values_list("logout", "attempts")) == {("waiting", 1)}


def test_one_client_that_does_not_answer_is_not_in_the_way_of_another(application, receiver):
    receiver.answers = hang_up
    with LogoutReceiver() as second:
        made = make_client("second", redirect_uris="https://b.example/callback", backchannel_logout_uri=second.uri)
        beside = Application(made)
        beside.browser = application.browser
        application.tokens()
        beside.tokens()
        end_session()
        run_logouts()
        assert len(second.claims("second")) == 1


def test_mail_goes_before_logouts(person, application):
    """A flood of logouts, or a client that hangs, holds a mail up for one attempt at most."""
    application.tokens()
    deliver_mail()
    end_session()
    send_mail("Hello", "text", None, ["alice@example.com"])
    assert [job.queue_name for job in DBTaskResult.objects.ready()] == ["mail", "logout"]
