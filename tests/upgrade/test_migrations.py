"""Migrations since the previous release only expand, unless they say why they may do more (docs/upgrading.md)."""

import importlib
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.architecture.house import PACKAGES
from tests.upgrade.expanding import refused
from tests.upgrade.release import ARCHIVE
from tests.upgrade.release import migrations as of_the_previous_release

LOADER = MigrationLoader(None)
NEW = [
    (app, name)
    for app, name in sorted(LOADER.disk_migrations)
    if (module := LOADER.disk_migrations[app, name].__module__).split(".")[0] in PACKAGES
    and f"{module.replace('.', '/')}.py" not in of_the_previous_release()
]


@pytest.mark.parametrize(("app", "name"), NEW)
def test_a_new_migration_only_expands_or_says_why_it_may_do_more(app: str, name: str) -> None:
    migration = LOADER.disk_migrations[app, name]
    before = LOADER.project_state((app, name), at_end=False)
    found = list(refused(app, migration.operations, before))
    marked = getattr(importlib.import_module(migration.__module__), "BESIDE_THE_OLD_CODE", "")
    assert not found or marked, found
    assert found or not marked, "it needs no mark"


def test_the_archive_is_of_a_release_and_small() -> None:
    assert "accounts/migrations/0004_indexes.py" in of_the_previous_release()
    assert ARCHIVE.stat().st_size < 400_000


TEXT = models.CharField(max_length=10)
REFUSED = [
    migrations.RemoveField("thing", "text"),
    migrations.RenameField("thing", "text", "words"),
    migrations.DeleteModel("Thing"),
    migrations.RenameModel("Thing", "Other"),
    migrations.AlterModelTable("thing", "elsewhere"),
    migrations.AddField("thing", "other", models.CharField(max_length=10)),
    migrations.AddField("thing", "other", models.CharField(max_length=10, default="")),
    migrations.AlterField("thing", "maybe", models.CharField(max_length=10)),
    migrations.AlterField("thing", "text", models.CharField(max_length=5)),
    migrations.AlterField("thing", "text", models.TextField()),
    migrations.AlterField("thing", "text", models.CharField(max_length=10, unique=True)),
    migrations.AddIndex("thing", models.Index(fields=["text"], name="thing_by_text")),
    migrations.AddConstraint("thing", models.UniqueConstraint(fields=["text"], name="one_text")),
    migrations.RunSQL("DELETE FROM thing"),
    migrations.RunPython(lambda apps, editor: None),
    migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("thing", "text")]),
]
TAKEN = [
    migrations.CreateModel("New", [("id", models.AutoField(primary_key=True))]),
    migrations.AddField("thing", "other", models.CharField(max_length=10, null=True)),
    migrations.AddField("thing", "other", models.CharField(max_length=10, db_default="")),
    migrations.AlterField("thing", "text", models.CharField(max_length=20, verbose_name="words", default="x")),
    migrations.AlterField("thing", "text", models.CharField(max_length=10, null=True)),
    migrations.AlterModelOptions("thing", {"verbose_name": "thing"}),
]


def _before() -> ProjectState:
    state = ProjectState()
    fields: list[Any] = [("id", models.AutoField(primary_key=True)), ("text", TEXT)]
    fields.append(("maybe", models.CharField(max_length=10, null=True)))
    migrations.CreateModel("Thing", fields).state_forwards("things", state)
    return state


@pytest.mark.parametrize("operation", REFUSED, ids=lambda each: type(each).__name__)
def test_refuses_what_the_old_code_would_not_survive(operation: Any) -> None:
    assert len(list(refused("things", [operation], _before()))) == 1


@pytest.mark.parametrize("operation", TAKEN, ids=lambda each: type(each).__name__)
def test_takes_what_the_old_code_does_not_notice(operation: Any) -> None:
    assert list(refused("things", [operation], _before())) == []


def test_a_table_that_is_new_itself_may_be_changed_in_any_way() -> None:
    made = migrations.CreateModel("New", [("id", models.AutoField(primary_key=True)), ("text", TEXT)])
    index = migrations.AddIndex("new", models.Index(fields=["text"], name="new_by_text"))
    assert list(refused("things", [made, index], _before())) == []
