"""The worker as operators start it: it seals, follows and sends; killed while it sends, it loses nothing."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as site

from tests.live_site import database_url
from tests.relying_party import verified
from tests.trust.events.receiving import ACCEPTED, EventReceiver, happen, make_receiver, states
from trust.events.models import Receiver
from trust.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


def worker() -> "subprocess.Popen[bytes]":
    command = [
        *(sys.executable, str(site.BASE_DIR / "manage.py"), "db_worker", "--queue-name", "*"),
        *("--interval", "0.1", "--no-startup-delay", "--no-reload"),
    ]
    environment = os.environ | {"DATABASE_URL": database_url(), "OUTBOUND_ALLOW_PRIVATE": "1"}
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)


def wait_until(true, seconds=40.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_is_killed_while_it_sends_loses_nothing_and_repeats_itself(person):
    with EventReceiver(lambda connection, request: time.sleep(10)) as server:
        make_receiver(server)
        happen(person, "person.deactivated", "person.activated")
        with worker() as killed:
            wait_until(lambda: len(server.requests) == 1)
            killed.send_signal(signal.SIGKILL)
        assert states()[0][:2] == ("waiting", 1)
        Receiver.objects.update(turn_until=clock.now())  # a minute later
        server.answers = ACCEPTED
        with worker() as second:
            wait_until(lambda: [state for state, *_ in states()] == ["delivered", "delivered"])
            second.send_signal(signal.SIGTERM)
        told = [verified(token, audience=server.url) for token in server.texts]
    assert told[0] == told[1]
    assert [next(iter(claims["events"])).rpartition("/")[2] for claims in told[1:]] == [
        "account-disabled",
        "account-enabled",
    ]
