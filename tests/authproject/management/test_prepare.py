"""Preparing makes what is missing, and a second time nothing."""

from io import StringIO

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from trust.keys.models import Algorithm, SigningKey


def prepare() -> str:
    output = StringIO()
    call_command("prepare", stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_makes_keys_and_the_first_administrator_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    SigningKey.objects.all().delete()
    assert "password" in prepare()
    keys = set(SigningKey.objects.values_list("kid", "algorithm"))
    assert {algorithm for _, algorithm in keys} == set(Algorithm.values)
    assert prepare() == ""
    assert set(SigningKey.objects.values_list("kid", "algorithm")) == keys
    assert User.objects.count() == 1
    waiting = DBTaskResult.objects.values_list("task_path", flat=True)
    assert sorted(waiting) == ["oauth.services.housekeeping.daily", "oauth.services.housekeeping.hourly"]
