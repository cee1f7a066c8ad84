"""Exports verified without the database, and files that are none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from tests.trail import ALICE, make_trail, verify
from trust.audit.erase import erase
from trust.audit.exports import json_lines
from trust.audit.models import AuditEvent
from trust.audit.record import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    def write(change: Callable[[list[str]], list[str]] = lambda lines: lines) -> Path:
        make_trail(6)
        erase(ALICE)
        record("session.ended")
        lines = "".join(json_lines(AuditEvent.objects.all())).splitlines()
        path = tmp_path / "export.jsonl"
        path.write_text("".join(f"{line}\n" for line in change(lines)))
        return path

    return write


def edited(lines: list[str], number: int, **columns: Any) -> list[str]:
    lines[number] = json.dumps(json.loads(lines[number]) | columns)
    return lines


def test_an_honest_export_holds_and_its_tail_is_named(export: Any, django_assert_num_queries: Any) -> None:
    path = export()
    with django_assert_num_queries(0):
        status, said = verify(file=path)
    assert status == 0, said
    assert "Read 6 events" in said
    assert "Not sealed yet when it was exported: 1 events." in said


def test_lines_may_be_out_of_order_and_begin_anywhere(export: Any) -> None:
    status, said = verify(file=export(lambda lines: [lines[4], lines[2], lines[5], lines[3]]))
    assert status == 0, said
    assert "It begins at place 3: what that event follows is not in the file." in said


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda lines: edited(lines, 2, action="x"), "FOUND place 3: altered"),
        (lambda lines: edited(lines, 2, details={"number": 3, "more": True}), "FOUND place 3: altered"),
        (lambda lines: edited(lines, 1, identifier="eve"), "FOUND place 2: altered: the personal fields"),
        (lambda lines: edited(lines, 2, chain_hash="zz"), "FOUND place 3: altered"),
        (lambda lines: edited(lines, 2, details=None), "FOUND place 3: altered"),
        (lambda lines: lines[:2] + lines[3:], "FOUND place 3: removed"),
        (lambda lines: [*lines[:3], *lines[2:]], "FOUND place 3: inserted"),
        (lambda lines: [*lines, lines[0].replace('"sequence": 1', '"sequence": -1')], "FOUND"),
    ],
)
def test_what_was_done_to_an_export_is_found(export: Any, change: Any, found: str) -> None:
    status, said = verify(file=export(change))
    assert status == 1
    assert found in said


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "{}", '{"id": 1, "sequence": "1"}', '{"sequence": 1}', "[" * 100_000, "\x00"]
)
def test_what_is_no_export_is_refused_with_its_line(export: Any, line: str) -> None:
    with pytest.raises(CommandError, match="line 2"):
        verify(file=export(lambda lines: [lines[0], line]))


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        verify(file=tmp_path / "nothing")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError):
        verify(file=tmp_path / "binary")
    with pytest.raises(CommandError):
        verify(head=tmp_path / "binary")
