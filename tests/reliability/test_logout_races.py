"""A code is exchanged while its session ends: whichever comes first, no client that got tokens is left untold."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from accounts.models import Session
from accounts.services import people, sessions
from oauth.jobs import back_channel_logout as jobs
from oauth.models import ClientSession
from tests.at_once import at_once
from tests.clients import Application, make_client
from tests.logout_receiver import LogoutReceiver, run_logouts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def application(person):
    made = Application(make_client(backchannel_logout_uri="https://app.example/logout"))
    made.sign_in()
    return made


def end_one(person):
    for session in Session.objects.of_user(person.pk).not_ended():
        sessions.end(session_id=session.pk, reason="test")


def end_all(person):
    sessions.end_all(user=person, reason="test")


def deactivate(person):
    people.deactivate(user=person, actor=None)


def both_at_once(one, other):
    """Run two different things at the same moment; return what the first one gave."""
    turns, lock = iter([(0, one), (1, other)]), threading.Lock()

    def act():
        with lock:
            number, mine = next(turns)
        return number, mine()

    return dict(at_once(2, act))[0]


@pytest.mark.parametrize("end", [end_one, end_all, deactivate])
@pytest.mark.parametrize("scope", ["openid", "openid offline_access"])
def test_an_exchange_while_the_session_ends_is_refused_or_told(person, application, end, scope):
    for _ in range(4):
        code = application.code(scope=scope)
        answer = both_at_once(lambda code=code: application.exchange(code), lambda: end(person))
        people.activate(user=person, actor=None)
        told = list(ClientSession.objects.values_list("logout", flat=True))
        if answer.status_code == 200:
            assert told == ["waiting"]
        else:
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
            assert told == []
        ClientSession.objects.all().delete()
        application.browser.cookies.clear()
        application.sign_in()


@pytest.mark.postgresql  # on SQLite writers are one at a time from their first statement
def test_an_exchange_waits_for_the_end_that_is_under_way(person, application):
    """Without the lock it would see the session alive, note its client after the hook had looked, and commit."""
    code = application.code()
    ended, exchanging = threading.Event(), threading.Event()

    def end_slowly():
        try:
            with transaction.atomic():
                end_one(person)
                ended.set()
                exchanging.wait(timeout=10)
                _wait_until_somebody_waits()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(end_slowly)
        assert ended.wait(timeout=10)
        exchanging.set()
        answer = application.exchange(code)
        ending.result(timeout=20)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert not ClientSession.objects.exists()


def _wait_until_somebody_waits():
    """Wait until another connection of this database waits for a lock."""
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_eight_exchanges_of_a_session_at_once_are_one_note(person, application):
    codes = [application.code() for _ in range(8)]
    lock = threading.Lock()

    def exchange():
        with lock:
            code = codes.pop()
        return application.exchange(code)

    answers = at_once(8, exchange)
    assert {answer.status_code for answer in answers} == {200}
    assert ClientSession.objects.count() == 1


def test_a_session_that_is_ended_by_eight_at_once_is_told_of_once(person, settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with LogoutReceiver() as receiver:
        application = Application(make_client(backchannel_logout_uri=receiver.uri))
        application.sign_in()
        application.tokens()
        session = Session.objects.get()
        ended = at_once(8, lambda: sessions.end(session_id=session.pk, reason="test"))
        assert sorted(ended) == [False] * 7 + [True]
        run_logouts()
        assert len(receiver.tokens) == 1


def test_an_attempt_that_eight_workers_make_at_once_is_made_once(person, settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with LogoutReceiver() as receiver:
        application = Application(make_client(backchannel_logout_uri=receiver.uri))
        application.sign_in()
        application.tokens()
        end_one(person)
        pk = ClientSession.objects.get().pk
        at_once(8, lambda: jobs.tell.call(pk, 1))
        assert len(receiver.tokens) == 1
        assert ClientSession.objects.get().logout == "delivered"
