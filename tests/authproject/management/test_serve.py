"""`manage.py serve`: it stops without breaking off an answer, and outlives its workers."""

import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from accounts.models import User
from tests.people import PASSWORD
from tests.served import Served, served, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux shows them"),
]


class SlowSignIn:
    """A sign-in that a worker has begun to read and that is half told."""

    def __init__(self, port: int) -> None:
        body = json.dumps({"username": "alice", "password": PASSWORD}).encode()
        self._rest = body[10:]
        head = [
            "POST /api/token/ HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
        ]
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.sendall("\r\n".join([*head, "", ""]).encode())
        assert self._socket.recv(4096).startswith(b"HTTP/1.1 100"), "said once the body is wanted"
        self._socket.sendall(body[:10])

    def finish(self) -> bytes:
        """Tell the rest; return the whole answer, up to where the server closes."""
        self._socket.sendall(self._rest)
        with self._socket.makefile("rb") as answer:
            return answer.read()


def asked_by_socket(path: Path) -> bytes:
    """Return the first words of an answer, or none while nobody listens."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return client.recv(12)
    except OSError:
        return b""


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def test_asked_to_stop_it_answers_what_it_has_begun_and_nothing_new(person: User) -> None:
    with served("--workers", "2") as running:
        until(lambda: len(running.listening()) == 2)
        sign_in = SlowSignIn(running.port)
        everything = [running.process.pid, running.server(), *running.workers()]
        running.process.send_signal(signal.SIGTERM)
        until(lambda: is_refused(running.port))
        head, _, body = sign_in.finish().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert set(json.loads(body)) == {"access", "refresh", "token_type", "expires_in"}
        _, errors = running.process.communicate(timeout=40)
        assert running.process.returncode == 0
        assert "Traceback" not in errors
        assert len(everything) == 4
        assert [pid for pid in everything if Path(f"/proc/{pid}").exists()] == []


def test_a_killed_worker_is_started_again_while_the_other_goes_on(db: None) -> None:
    with served("--workers", "2") as running:
        until(lambda: len(running.listening()) == 2)
        killed, other = running.listening()
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in running.listening())
        assert [_asked_as_a_proxy_asks(running) for _ in range(10)] == [200] * 10
        until(lambda: len(running.listening()) == 2)
        assert other in running.listening()
        assert running.site.call("GET", "/health/ready").status == 200
        assert running.stop()[0] == 0


def _asked_as_a_proxy_asks(running: Served) -> int:
    """Return the status; the system resets a connection that it had handed to the killed worker, which is made anew."""
    try:
        return running.site.call("GET", "/health/live").status
    except OSError:
        return running.site.call("GET", "/health/live").status


def test_what_cannot_start_ends_with_a_failure() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        served("--port", str(taken.getsockname()[1]), until_ready=False) as running,
    ):
        _, errors = running.process.communicate(timeout=60)
    assert running.process.returncode == 1
    assert "The server ended with status 1; stopping." in errors


def test_listens_on_a_socket_of_the_file_system_for_the_proxys_group_alone(tmp_path: Path) -> None:
    path = tmp_path / "site.sock"
    with served("--uds", str(path), until_ready=False) as running:
        until(lambda: asked_by_socket(path) == b"HTTP/1.1 200", within=60)
        assert path.stat().st_mode & 0o777 == 0o660
        assert running.stop()[0] == 0
