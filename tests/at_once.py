"""Doing the same thing many times at the same moment, for races."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def at_once(times: int, act: Callable[[], Result]) -> list[Result]:
    """Run `act` in that many threads, begun together, each with a database connection of its own."""
    begin = threading.Barrier(times)

    def run() -> Result:
        try:
            begin.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return [running.result(timeout=60) for running in [pool.submit(run) for _ in range(times)]]
