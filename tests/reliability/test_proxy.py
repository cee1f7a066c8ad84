"""nginx by the files of deploy/nginx: whom it asks when a node dies, and what it never asks twice."""

import http.client
import shutil
import socket
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cluster.machine import free_port
from deploy.cluster.nginx import Nginx
from tests.loopback import Answer, Server, saying

pytestmark = pytest.mark.nginx


@pytest.fixture
def nginx() -> Iterator[Nginx]:
    folder = Path(tempfile.mkdtemp(prefix="authproject-nginx-", dir="/var/tmp"))
    folder.chmod(0o755)
    nginx = Nginx(folder / "nginx")
    try:
        yield nginx
    finally:
        nginx.kill()
        shutil.rmtree(folder)


def ask(nginx: Nginx, method: str) -> int:
    """Ask once, on a connection of its own."""
    trusted = ssl.create_default_context(cafile=str(nginx.certificate))
    connection = http.client.HTTPSConnection("127.0.0.1", nginx.port, context=trusted, timeout=30)
    connection.request(method, "/oauth/token", "grant_type=x")
    status = connection.getresponse().status
    connection.close()
    return status


def answering() -> Answer:
    """Answer, and say that the connection ends with it, as it does: nginx would ask the next request on it else."""
    return saying(connection="close")


def hanging_up(connection: socket.socket, request: bytes) -> None:
    """Take a request and die."""


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_node_that_takes_no_connection_costs_nobody_an_answer(nginx: Nginx, method: str) -> None:
    with Server(answering()) as other:
        nginx.start([free_port(), other.port])
        assert {ask(nginx, method) for _ in range(10)} == {200}


def test_a_post_that_a_node_may_have_worked_on_is_not_sent_to_another(nginx: Nginx) -> None:
    with Server(hanging_up) as dying, Server(answering()) as other:
        nginx.start([dying.port, other.port])
        statuses = [ask(nginx, "POST") for _ in range(4)]
        assert len(dying.requests) >= 1
        assert statuses.count(502) == len(dying.requests)
        assert statuses.count(200) == len(other.requests) == 4 - len(dying.requests)


def test_what_changes_nothing_is_asked_of_another_node(nginx: Nginx) -> None:
    with Server(hanging_up) as dying, Server(answering()) as other:
        nginx.start([dying.port, other.port])
        assert {ask(nginx, "GET") for _ in range(4)} == {200}
        assert dying.requests


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_node_that_is_back_is_asked_at_once_where_the_other_goes(nginx: Nginx, method: str) -> None:
    first = free_port()
    with Server(answering()) as second:
        nginx.start([first, second.port])
        assert {ask(nginx, method) for _ in range(4)} == {200}  # by now the first is left alone for ten seconds
        with Server(answering(), port=first):
            second.stop()
            assert {ask(nginx, method) for _ in range(8)} == {200}
