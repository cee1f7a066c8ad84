"""JSON log lines: one object on one line whatever was said, with the ids of the request and of the trace."""

import json
import logging
import sys
from typing import Any

import pytest

from authproject.logs import JsonFormatter, request_id, trace


def line(message: str, *arguments: Any, exc_info: Any = None) -> str:
    return JsonFormatter().format(logging.LogRecord("house", logging.WARNING, "file", 1, message, arguments, exc_info))


def said(message: str, *arguments: Any, exc_info: Any = None) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(line(message, *arguments, exc_info=exc_info))
    return told


FORGED = ["a\nb", "a\r\nb", "a\x1b[31mb", "a\u2028b", "a\u0085b", "a\x00b", "a\u202eb", "a\ud800b", 'a", "level": "x']


@pytest.mark.parametrize("forged", FORGED)
def test_is_one_object_on_one_line_whatever_a_stranger_sent(forged: str) -> None:
    """CVE-2023-6484, CVE-2025-48432."""
    assert len(line("refused: %s", forged).splitlines()) == 1
    assert line("refused: %s", forged).isprintable()
    assert said("refused: %s", forged)["message"] == f"refused: {forged}"
    assert said("refused: %s", forged)["level"] == "WARNING"


def test_text_of_people_stays_readable() -> None:
    assert "hello 앨리스" in line("hello %s", "앨리스")


def test_names_time_level_logger_and_request() -> None:
    token = request_id.set("an-id-of-mine")
    try:
        told = said("refused")
    finally:
        request_id.reset(token)
    assert {name: told[name] for name in ("level", "logger", "message", "request_id")} == {
        "level": "WARNING",
        "logger": "house",
        "message": "refused",
        "request_id": "an-id-of-mine",
    }
    assert told["time"].endswith("+00:00")
    assert "trace_id" not in told


def test_names_the_trace_where_there_is_one() -> None:
    token = trace.set(("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"))
    try:
        told = said("refused")
    finally:
        trace.reset(token)
    assert (told["trace_id"], told["span_id"]) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")


def test_holds_a_traceback_whole() -> None:
    try:
        raise ValueError("bad name: x\nINFO forged")
    except ValueError:
        told = said("broken", exc_info=sys.exc_info())
    assert told["message"] == "broken"
    assert told["exception"].startswith("Traceback")
    assert told["exception"].endswith("ValueError: bad name: x\nINFO forged")
