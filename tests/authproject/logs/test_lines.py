"""Log lines: one for each record, none that a stranger could forge, each with the id of its request."""

import logging
import sys

import pytest
from django.test import Client

from authproject.logs import LineFormatter


def record(message, *arguments, exc_info=None) -> str:
    made = logging.LogRecord("house", logging.WARNING, "file", 1, message, arguments, exc_info)
    return LineFormatter().format(made)


@pytest.mark.parametrize("forged", ["a\nb", "a\r\nb", "a\x1b[31mb", "a\u2028b", "a\u0085b", "a\x00b", "a\u202eb"])
def test_a_name_never_begins_a_line_of_its_own(forged) -> None:
    """CVE-2023-6484, CVE-2025-48432."""
    line = record("refused: %s", forged)
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_the_text_of_an_exception_never_begins_a_line_of_its_own() -> None:
    try:
        raise ValueError("bad name: x\n2026-11-20 00:00:00,000 INFO [-] house signed in: root\x1b[2K")
    except ValueError:
        text = record("broken", exc_info=sys.exc_info())
    first, *rest = text.splitlines()
    assert first.endswith("broken")
    assert all(line.startswith("    ") for line in rest)
    assert "\x1b" not in text


def test_text_of_people_stays_readable() -> None:
    assert record("hello %s", "앨리스").endswith("hello 앨리스")


@pytest.mark.django_db
def test_a_line_names_its_request(client: Client) -> None:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda entry: lines.append(LineFormatter().format(entry))  # type: ignore[method-assign]
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = client.get("/nowhere/")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    [line] = lines
    assert f"[{answer.headers['X-Request-ID']}]" in line
