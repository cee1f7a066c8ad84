"""Exports: by who may, recorded, as a stream, and safe to open."""

import csv
import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.people import MakePerson
from tests.staff import sign_in_strongly
from tests.trail import ALICE, make_trail
from trust.audit import exports
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/audit/auditevent/export/"


@pytest.fixture
def auditor(client: Client, make_person: MakePerson) -> Client:
    user = make_person("auditor", staff=True)
    for codename in ("view_auditevent", "export_auditevent"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    sign_in_strongly(client, user)
    return client


def exported(client: Client, kind: str, query: str = "") -> str:
    answer: Any = client.post(f"{ADDRESS}{kind}/{query}")
    assert answer.status_code == 200
    assert answer.streaming
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit-')
    return b"".join(answer.streaming_content).decode()


def test_json_lines_hold_all_that_is_known(auditor: Client) -> None:
    make_trail(3)
    lines = [json.loads(line) for line in exported(auditor, "jsonl", "?action=session.started").splitlines()]
    assert [line["sequence"] for line in lines] == [1, 2, 3]
    assert lines[0]["identifier"] == "person-1"
    assert lines[0]["details"] == {"number": 1}
    assert len(lines[0]["chain_hash"]) == 64


def test_csv_is_for_people_and_holds_no_salt(auditor: Client) -> None:
    make_trail(3)
    rows = list(csv.DictReader(io.StringIO(exported(auditor, "csv", f"?person={ALICE}"))))
    assert [row["sequence"] for row in rows] == ["1", "3"]
    assert rows[0]["details"] == '{"number": 1}'
    assert "salt" not in rows[0]


@pytest.mark.parametrize("typed", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_cell_is_a_formula(auditor: Client, typed: str) -> None:
    record("sign_in.refused", identifier=typed, origin=Origin("198.51.100.1", typed))
    [row] = csv.DictReader(io.StringIO(exported(auditor, "csv", "?action=sign_in.refused"), newline=""))
    assert row["identifier"] == row["user_agent"] == f"'{typed}"


def test_every_export_is_recorded_with_what_was_asked_for(auditor: Client, person: Any) -> None:
    exported(auditor, "csv", f"?action=session.started&person={person.username}")
    event = AuditEvent.objects.of_action("audit.exported").get()
    assert event.actor is not None
    assert event.details == {
        "format": "csv",
        "filters": {"action": "session.started", "person": str(person.pk)},
        "searched": False,
    }


def test_nobody_exports_without_leave(client: Client, make_person: MakePerson) -> None:
    user = make_person("support", staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    sign_in_strongly(client, user)
    assert b"Export as CSV" not in client.get("/admin/audit/auditevent/").content
    assert client.post(f"{ADDRESS}csv/").status_code == 403
    assert not AuditEvent.objects.of_action("audit.exported").exists()


def test_a_link_exports_nothing_and_neither_does_another_sites_form(auditor: Client) -> None:
    assert auditor.get(f"{ADDRESS}csv/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = auditor.cookies
    assert strict.post(f"{ADDRESS}csv/").status_code == 403
    assert auditor.post(f"{ADDRESS}xml/").status_code == 404


def test_many_events_are_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_PAGE", 2)
    make_trail(5)
    pieces = list(exports.json_lines(AuditEvent.objects.all()))
    assert [len(piece.splitlines()) for piece in pieces] == [2, 2, 1]
