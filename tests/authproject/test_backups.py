"""Copies of SQLite databases: whole while they are written to, refused where they are damaged or of a newer release."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from authproject import backups
from authproject.backups import NoBackup

KNOWN = ("accounts", "0001_initial")


def make(path: Path, *applied: tuple[str, str], rows: int = 0) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        database.executemany("INSERT INTO django_migrations VALUES (?, ?)", applied)
        database.execute("CREATE TABLE thing (number INTEGER)")
        database.executemany("INSERT INTO thing VALUES (?)", [(number,) for number in range(rows)])
        database.commit()
    return path


def things(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        [count] = database.execute("SELECT count(*) FROM thing").fetchone()
    return int(count)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A database that somebody has open and writes to."""
    path = make(tmp_path / "site.sqlite3", KNOWN, rows=10)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO thing VALUES (10)")
        writer.commit()
        writer.execute("INSERT INTO thing VALUES (11)")  # and is not through with this one
        yield path


def test_a_copy_has_all_that_was_committed_and_is_for_its_owner_alone(site: Path, tmp_path: Path) -> None:
    backups.copy(site, tmp_path / "copy")
    assert things(tmp_path / "copy") == 11
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.glob("copy*")} == {"copy"}


def test_a_copy_takes_no_place_that_is_taken(site: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(NoBackup, match="cannot be made"):
        backups.copy(site, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"


def test_a_damaged_database_leaves_no_copy(tmp_path: Path) -> None:
    broken = make(tmp_path / "site.sqlite3", KNOWN, rows=5000)
    content = bytearray(broken.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    broken.write_bytes(content)
    with pytest.raises(NoBackup, match="damaged"):
        backups.copy(broken, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    ("applied", "said"),
    [
        ([KNOWN, ("accounts", "9999_of_tomorrow")], "newer release, or of another site: accounts.9999_of_tomorrow"),
        ([("shop", "0001_initial")], "shop.0001_initial"),
        ([], "it is empty"),
    ],
)
def test_refuses_what_this_release_cannot_read(tmp_path: Path, applied: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(NoBackup, match=said):
        backups.check(make(tmp_path / "copy", *applied))


def test_refuses_what_is_no_database_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, and long enough to be taken for one" * 100)
    for name in ("text", "nowhere"):
        with pytest.raises(NoBackup):
            backups.check(tmp_path / name)


def test_what_is_put_in_place_replaces_all_that_was_there(site: Path, tmp_path: Path) -> None:
    backup = make(tmp_path / "backup", KNOWN, rows=3)
    elsewhere = make(tmp_path / "elsewhere.sqlite3", KNOWN, rows=100)
    backups.keep_aside(elsewhere, tmp_path / "aside")
    backups.put(backup, elsewhere)
    assert (things(elsewhere), things(tmp_path / "aside")) == (3, 100)


def test_a_damaged_database_is_moved_aside(tmp_path: Path) -> None:
    place = tmp_path / "site.sqlite3"
    place.write_text("no database any more" * 1000)
    backups.keep_aside(place, tmp_path / "aside")
    backups.put(make(tmp_path / "backup", KNOWN, rows=3), place)
    assert things(place) == 3
    assert (tmp_path / "aside").read_text().startswith("no database any more")


@pytest.mark.django_db
def test_the_commands_are_for_sqlite_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict, "NAME", ":memory:")
    for command in ("backup", "restore"):
        with pytest.raises(CommandError, match="pg_dump and pg_restore"):
            call_command(command, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
