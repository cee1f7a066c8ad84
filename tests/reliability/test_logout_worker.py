"""The worker dies, the client is down, the database is busy: logouts are late at worst, and nothing else waits."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import OperationalError
from django_tasks_db.models import DBTaskResult

from accounts.models import Session
from accounts.services import sessions
from oauth.jobs.back_channel_logout import tell
from oauth.models import ClientSession
from tests.clients import Application, make_client
from tests.live_site import database_url
from tests.logout_receiver import LogoutReceiver, run_logouts
from tests.loopback import saying
from trust.jobs import queue
from trust.lib import clock

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


def waiting_at(uri):
    """End a session of which a client at this address knows."""
    application = Application(make_client(backchannel_logout_uri=uri))
    application.sign_in()
    application.tokens()
    sessions.end(session_id=Session.objects.get().pk, reason="test")


def states():
    return list(ClientSession.objects.values_list("logout", "attempts"))


def worker():
    """Start a worker of the queue of logouts as operators do."""
    command = [
        *(sys.executable, str(site.BASE_DIR / "manage.py"), "db_worker", "--queue-name", "logout"),
        *("--interval", "0.1", "--no-startup-delay", "--no-reload"),
    ]
    environment = os.environ | {"DATABASE_URL": database_url(), "OUTBOUND_ALLOW_PRIVATE": "1"}
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)


def wait_until(true, seconds=40.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_it_tells_loses_nothing(person):
    def never(connection, request):
        time.sleep(10)

    with LogoutReceiver(never) as receiver:
        waiting_at(receiver.uri)
        with worker() as killed:
            wait_until(lambda: receiver.connections == 1)
            killed.send_signal(signal.SIGKILL)
        assert states() == [("waiting", 1)]
        receiver.answers = saying(b"")
        run_logouts(later=MINUTE)
        assert states() == [("delivered", 2)]
        queue.begin_again_what_is_stuck(now=clock.now() + timedelta(hours=1))
        run_logouts()  # the killed attempt's own job, begun again, does nothing
        run_logouts(later=3 * MINUTE)  # nor does the one of the attempt after
        assert receiver.connections == 2
        assert states() == [("delivered", 2)]
        assert set(DBTaskResult.objects.filter(queue_name="logout").values_list("status", flat=True)) == {"SUCCESSFUL"}


@pytest.mark.django_db(transaction=True)
def test_the_worker_tells_within_moments(person):
    with LogoutReceiver() as receiver, worker() as running:
        wait_until(DBTaskResult.objects.exists)  # it has begun: the daily work waits
        waiting_at(receiver.uri)
        wait_until(lambda: states() == [("delivered", 1)], seconds=10)
        running.terminate()


@pytest.mark.django_db
def test_a_client_that_is_down_is_waited_for(person):
    with LogoutReceiver() as receiver:
        uri = receiver.uri
    waiting_at(uri)
    run_logouts()
    assert states() == [("waiting", 1)]
    assert ClientSession.objects.get().outcome == "no answer: ConnectionRefusedError"


@pytest.mark.django_db
def test_an_outcome_that_could_not_be_written_is_told_twice_rather_than_never(person, monkeypatch):
    """The database goes away after the client heard: a logout that is told twice ends nothing more."""

    def busy(*args, **named):
        raise OperationalError("database is locked")

    with LogoutReceiver() as receiver:
        waiting_at(receiver.uri)
        [job] = DBTaskResult.objects.filter(queue_name="logout")
        with monkeypatch.context() as patch:
            patch.setattr("oauth.models.client_session.ClientSessionQuerySet.at_attempt", _busy_from_second(busy))
            with pytest.raises(OperationalError):
                tell.call(*job.args_kwargs["args"])
        assert states() == [("waiting", 1)]
        run_logouts(later=MINUTE)
        assert states() == [("delivered", 2)]
        assert len(receiver.tokens) == 2


def _busy_from_second(busy):
    """Let the attempt begin, and fail when its outcome is kept."""
    from oauth.models.client_session import ClientSessionQuerySet

    at_attempt, calls = ClientSessionQuerySet.at_attempt, []

    def at(queryset, attempt):
        calls.append(attempt)
        return at_attempt(queryset, attempt) if len(calls) == 1 else busy()

    return at
