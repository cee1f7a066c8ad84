"""A restart of the database: those who ask meanwhile are told to come again, and nobody afterwards."""

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accounts.models import User
from tests.live_site import Answer, LiveSite, live_site
from tests.people import PASSWORD
from tests.postgresql_server import PostgreSQLServer, is_installed

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not is_installed(), reason="needs PostgreSQL's own programs: apt install postgresql"),
]

CALLERS = 6  # at once; the site has 8 threads, each with a connection of its own


@pytest.fixture
def server(person: User) -> Iterator[PostgreSQLServer]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # its user is another
        with PostgreSQLServer(Path(folder) / "postgresql") as server:
            yield server


@pytest.fixture
def site(server: PostgreSQLServer) -> Iterator[LiveSite]:
    with live_site(DATABASE_URL=server.url) as site:
        yield site


def ask_until(stop: threading.Event, site: LiveSite, access: str) -> list[tuple[float, Answer]]:
    """Ask who one is again and again, as one caller; return each answer with when it was asked for."""
    answers = []
    while not stop.is_set():
        asked = time.monotonic()
        answers.append((asked, site.call("GET", "/api/me/", authorization=f"Bearer {access}")))
    return answers


def test_costs_those_who_ask_meanwhile_one_answer_and_nobody_afterwards(
    server: PostgreSQLServer, site: LiveSite
) -> None:
    access = site.call("POST", "/api/token/", {"username": "alice", "password": PASSWORD}).body["access"]
    stop = threading.Event()
    with ThreadPoolExecutor(CALLERS) as pool:
        callers = [pool.submit(ask_until, stop, site, access) for _ in range(CALLERS)]
        time.sleep(0.5)
        server.restart()
        restarted = time.monotonic()
        time.sleep(1)
        stop.set()
    answers = [answer for caller in callers for answer in caller.result()]
    assert Counter(answer.status for asked, answer in answers if asked > restarted).keys() == {200}
    refused = [answer for _, answer in answers if answer.status != 200]
    assert {answer.status for answer in refused} == {503}, "nobody noticed the restart"
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
