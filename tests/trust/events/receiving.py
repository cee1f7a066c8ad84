"""A receiver of security events on loopback, and the worker's part played by the tests."""

import json
import socket
from datetime import timedelta
from typing import Any

from django.db.models import F

from tests.job_queue import run_queue
from tests.loopback import Answer, Server, saying
from trust.audit import sealer
from trust.audit.record import record
from trust.events import jobs, receivers
from trust.events.models import Delivery, Receiver
from trust.events.receivers import By, Settings
from trust.events.vocabulary import EventType
from trust.lib import clock

ACCEPTED = saying(b"", status="202 Accepted")
BROKEN = saying(b"", status="503 Service Unavailable")
ALL = tuple(EventType.subscribable())


class EventReceiver(Server):
    """Answers by `answers`, which a test may change on the way, and keeps what it was sent."""

    def __init__(self, answer: Answer = ACCEPTED) -> None:
        super().__init__(self._answer_now)
        self.answers = answer

    def _answer_now(self, connection: socket.socket, request: bytes) -> None:
        self.answers(connection, request)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/of-the-shop"

    @property
    def bodies(self) -> list[bytes]:
        return [request.partition(b"\r\n\r\n")[2] for request in self.requests]

    @property
    def texts(self) -> list[str]:
        return [body.decode() for body in self.bodies]

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    @property
    def headers(self) -> list[dict[str, str]]:
        heads = [request.partition(b"\r\n\r\n")[0].decode() for request in self.requests]
        lines = [head.split("\r\n")[1:] for head in heads]
        return [{name.lower(): value for name, _, value in (line.partition(": ") for line in each)} for each in lines]


def make_receiver(server: EventReceiver, kind: str = "set", **named: Any) -> tuple[Receiver, str]:
    """Make a receiver of all events, unless told otherwise; return it and its secret."""
    settings = {"name": f"shop {server.port}", "url": server.url, "events": ALL, **named}
    return receivers.create(format=kind, settings=Settings(**settings), now=clock.now(), by=By())


def seal() -> None:
    """Do what the worker's sealing thread does."""
    sealer.seal_waiting()
    jobs.audit_sealed(through=0)


def run_events(later: timedelta = timedelta(0)) -> None:
    """Seal what was recorded, and run what the worker would run of the queue of events after `later`."""
    seal()
    run_queue("events", later=later)


def happen(person, *actions):
    for action in actions or ["person.deactivated"]:
        record(action, subject=person.pk)


def pass_time(time):
    """Let everything that was, have been earlier."""
    names = ("created", "waits_since", "due_at", "ended_at", "at")
    Delivery.objects.update(**{name: F(name) - time for name in names})
    Receiver.objects.update(
        **{name: F(name) - time for name in ("failing_since", "rest_until", "turn_until", "active_since")}
    )


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", "attempts", "outcome"))
