"""How many workers there are, and what the server is told."""

from typing import Any

import pytest
from django.db import connection

from authproject import server, supervisor
from trust.lib import processors


@pytest.fixture(autouse=True)
def on_four_processors(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(processors, "usable", lambda: 4)
    settings.WORKERS = 0


@pytest.mark.parametrize(
    ("vendor", "debug", "given", "workers"),
    [("postgresql", False, 0, 4), ("postgresql", True, 0, 1), ("sqlite", False, 0, 1), ("sqlite", True, 3, 3)],
    ids=["one for each processor", "one while debugging", "one on SQLite", "as many as were asked for"],
)
def test_workers(
    monkeypatch: pytest.MonkeyPatch, settings: Any, vendor: str, debug: bool, given: int, workers: int
) -> None:
    monkeypatch.setattr(connection, "vendor", vendor)
    settings.DEBUG, settings.WORKERS = debug, given
    assert server.workers_here() == workers


def test_threads_are_granians_or_our_own_by_its_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_INTERFACE", "wsgi")
    assert {"--blocking-threads", "7"} <= set(server.server_command(listening=[], workers=1, threads=7))
    monkeypatch.setattr(server, "_INTERFACE", "rsgi")
    assert "--blocking-threads" not in server.server_command(listening=[], workers=1, threads=7)


def test_the_server_gives_up_on_a_request_before_the_supervisor_gives_up_on_the_server() -> None:
    assert server.STOP_PATIENCE_SECONDS < supervisor.PATIENCE_SECONDS
