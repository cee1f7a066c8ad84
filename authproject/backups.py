"""Copies of an SQLite database while it is used (SQLite's backup API), and what is asked of a copy before it is used.

PostgreSQL has programs of its own for this: docs/operations.md.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from django.db import connection
from django.db.migrations.loader import MigrationLoader

_NOBODY_ELSE: Final = 0o600
_TIMEOUT_SECONDS: Final = 30.0


class NoBackup(Exception):
    """Something speaks against it; the message says what."""


def database_file() -> Path:
    """Return the file of the site's database. Raises NoBackup where it is no file."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        raise NoBackup("This is for SQLite alone. For PostgreSQL: docs/operations.md, pg_dump and pg_restore.")
    return Path(name)


def copy(source: Path, target: Path) -> None:
    """Copy a database into a new file that its owner alone may read, whole and sound. Raises NoBackup."""
    _pour_into_new(source, target)
    try:
        check(target)
    except NoBackup:
        target.unlink()
        raise


def keep_aside(place: Path, aside: Path) -> None:
    """Copy the database that is there; if it is damaged, move it, with what SQLite keeps beside it. Raises NoBackup."""
    try:
        _pour_into_new(place, aside)
    except NoBackup:
        for suffix in ("", "-wal", "-shm"):
            beside = place.with_name(place.name + suffix)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + suffix))


def put(source: Path, place: Path) -> None:
    """Let the database have what a backup has, in one transaction. Raises NoBackup."""
    if place.exists():
        _pour(source, place)
    else:
        _pour_into_new(source, place)


def check(path: Path) -> None:
    """Look through a copy. Raises NoBackup if it is damaged, of something else, or of a newer release."""
    if not path.is_file():
        raise NoBackup(f"{path} is not there.")
    try:
        with _opened(path, "ro") as database:
            [(verdict,), *_] = database.execute("PRAGMA integrity_check(1)").fetchall()
            applied = set(database.execute("SELECT app, name FROM django_migrations").fetchall())
    except sqlite3.Error as failed:
        raise NoBackup(f"{path} is no copy of this site's database, or is damaged: {failed}.") from failed
    if verdict != "ok":
        raise NoBackup(f"{path} is damaged: {verdict}.")
    newer = sorted(f"{app}.{name}" for app, name in applied - known_migrations())
    if newer or not applied:
        raise NoBackup(f"{path} is of a newer release, or of another site: {', '.join(newer[:3]) or 'it is empty'}.")


def known_migrations() -> set[tuple[str, str]]:
    """Return the migrations that this release has, those among them that it has squashed."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    replaced = {key for migration in disk.values() for key in migration.replaces}
    return set(disk) | replaced


def _pour_into_new(source: Path, target: Path) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _NOBODY_ELSE))
    except OSError as failed:
        raise NoBackup(f"{target} cannot be made: {failed.strerror}.") from failed
    try:
        _pour(source, target)
        with _opened(target, "rw") as made:
            made.execute("PRAGMA journal_mode=DELETE")  # one file, and none beside it
    except NoBackup:
        target.unlink()
        raise


def _pour(source: Path, target: Path) -> None:
    try:
        with _opened(source, "ro") as from_, _opened(target, "rw") as into:
            from_.backup(into)  # all at once: in WAL mode, nobody who writes waits for who reads
    except sqlite3.Error as failed:
        raise NoBackup(f"{source} could not be copied to {target}: {failed}.") from failed


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=_TIMEOUT_SECONDS)) as database:
        yield database
