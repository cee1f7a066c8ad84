"""An export is asked for, prepared by the worker, kept sealed for a week, and opened for its person alone."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from accounts.errors import ExportRefused
from accounts.models import DataExport, User
from accounts.services import closing, data_exports, housekeeping
from tests.job_queue import run_queue
from tests.people import MakePerson
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
HOME = Origin("198.51.100.1", "Firefox")
WEEK = timedelta(days=7)


def ask(person: User) -> None:
    data_exports.ask(user=person, now=clock.now(), origin=HOME)


def prepared(person: User) -> DataExport:
    ask(person)
    run_queue("default")
    row: DataExport = DataExport.objects.of_user(person.pk).first()
    assert row.ready_at is not None
    return row


def taken(person: User, row: DataExport, **later: int) -> bytes | None:
    return data_exports.take(user=person, export_id=row.pk, now=clock.now() + timedelta(**later), origin=HOME)


def test_an_export_is_prepared_mailed_and_taken(person: User, deliver_mail: Any) -> None:
    row = prepared(person)
    assert json.loads(taken(person, row) or b"")["account"]["username"] == "alice"
    mail = deliver_mail()[-1]
    assert mail.to == ["alice@example.com"]
    assert "http://testserver/accounts/data/" in mail.body
    assert str(row.pk) not in mail.body
    actions = AuditEvent.objects.about(person.pk).values_list("action", flat=True)
    assert [*actions[:2]] == ["data_export.taken", "data_export.asked"]


def test_the_mail_is_in_the_language_in_which_it_was_asked_for(person: User, deliver_mail: Any) -> None:
    with translation.override("ko"):
        ask(person)
    with translation.override("en"):
        run_queue("default")
        assert deliver_mail()[-1].subject == "[authproject] 데이터 사본이 준비되었습니다"


def test_it_is_sealed_and_the_job_knows_its_id_alone(person: User) -> None:
    row = prepared(person)
    assert "alice" not in row.sealed
    arguments = [job.args_kwargs for job in DBTaskResult.objects.filter(task_path__endswith="data_exports.prepare")]
    assert {argument["args"][0] for argument in arguments} == {str(row.pk)}
    assert "alice" not in str(arguments)


def test_one_at_a_time(person: User) -> None:
    ask(person)
    with pytest.raises(ExportRefused):
        ask(person)
    assert DataExport.objects.count() == 1


def test_one_that_never_became_ready_is_in_the_way_for_an_hour_only(person: User) -> None:
    ask(person)
    DataExport.objects.update(created=F("created") - timedelta(minutes=61))
    ask(person)
    assert DataExport.objects.count() == 2


def test_three_in_a_week(person: User, make_person: MakePerson) -> None:
    for _ in range(3):
        prepared(person)
    with pytest.raises(ExportRefused):
        ask(person)
    ask(make_person("bob"))
    DataExport.objects.update(created=F("created") - WEEK)
    ask(person)


def test_it_can_be_taken_for_a_week_and_then_goes(person: User) -> None:
    row = prepared(person)
    assert taken(person, row, days=6, hours=23) is not None
    assert taken(person, row, days=7, minutes=1) is None
    assert housekeeping.clear(now=clock.now() + timedelta(days=6, hours=23))["data_exports"] == 0
    assert housekeeping.clear(now=clock.now() + timedelta(days=7, minutes=1))["data_exports"] == 1


def test_nobody_else_takes_it(person: User, make_person: MakePerson) -> None:
    assert taken(make_person("bob"), prepared(person)) is None


def test_what_was_sealed_for_another_row_is_not_opened(person: User, make_person: MakePerson) -> None:
    """Who can write to the table cannot have another's data opened for them."""
    hers, bob = prepared(person), make_person("bob")
    his = prepared(bob)
    DataExport.objects.by_id(his.pk).update(sealed=hers.sealed)
    assert taken(bob, his) is None


def test_a_failure_is_tried_again_and_tells_nothing(
    person: User, settings: Any, caplog: pytest.LogCaptureFixture, deliver_mail: Any
) -> None:
    hooks = settings.PERSON_EXPORT
    settings.PERSON_EXPORT = [f"{__name__}.fail"]
    ask(person)
    run_queue("default")
    assert not DataExport.objects.get().ready_at
    assert "attempt 1 failed: RuntimeError" in caplog.text
    assert "alice" not in caplog.text
    settings.PERSON_EXPORT = hooks
    run_queue("default", later=timedelta(minutes=11))
    assert DataExport.objects.get().ready_at
    run_queue("default", later=timedelta(hours=2))
    assert len([mail for mail in deliver_mail() if mail.to == ["alice@example.com"]]) == 1


def fail(*, user_id: object) -> dict[str, Any]:
    raise RuntimeError("of alice")


def test_nothing_is_prepared_for_an_account_that_was_closed(person: User) -> None:
    ask(person)
    closing.close(user=person, now=clock.now(), origin=HOME)
    run_queue("default")
    assert not DataExport.objects.get().ready_at


def test_nothing_is_prepared_for_who_is_gone(person: User) -> None:
    ask(person)
    person.delete()
    run_queue("default")
    assert [job.status for job in DBTaskResult.objects.filter(task_path__endswith="data_exports.prepare")] == [
        "SUCCESSFUL"
    ]
