"""`manage.py backup` and `restore`, as one types them, on a site of their own; and what the documents say of PostgreSQL."""

import os
import re
import secrets
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from authproject import backups
from tests.architecture.house import text
from tests.people import MakePerson

SEED = """
import django; django.setup()
from django.core.management import call_command
from accounts.services import people
people.create_person(username="bob", email="bob@example.com", password=None, verified=True)
call_command("backup", {backup!r})
people.create_person(username="alice", email="alice@example.com", password=None, verified=True)
"""


class Site:
    """A site on an SQLite file of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "site.sqlite3"
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{self.file}",
            "ADMIN_PASSWORD": "a long passphrase",
        }

    def run(self, *arguments: str, said: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | variables,
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def manage(self, *arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
        return self.run("manage.py", *arguments, **more)


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Site:
    """A site that is prepared: a copy of the tests' own where that is SQLite, since migrating takes a while."""
    made = Site(tmp_path)
    if connection.vendor == "sqlite":
        backups.copy(Path(connection.settings_dict["NAME"]), made.file)
    else:
        assert made.manage("prepare").returncode == 0
    return made


def people(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [
            name
            for (name,) in database.execute("SELECT username FROM accounts_user WHERE username != 'admin' ORDER BY 1")
        ]


def test_a_restored_site_is_as_it_was_and_what_came_after_is_kept_aside(site: Site, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    seeded = site.run("-c", SEED.format(backup=str(backup)))
    assert seeded.returncode == 0, seeded.stderr
    assert "SEALING_KEYS" in seeded.stdout
    assert not re.search(rb"a sealing key that only tests use", backup.read_bytes())
    assert people(site.file) == ["alice", "bob"]

    unsure = site.manage("restore", str(backup), said="no\n")
    assert (unsure.returncode, people(site.file)) == (1, ["alice", "bob"])

    done = site.manage("restore", str(backup), "--yes")
    assert done.returncode == 0, done.stderr
    assert people(site.file) == ["bob"]
    [aside] = tmp_path.glob("site.sqlite3.2*")
    assert people(aside) == ["alice", "bob"]

    other_keys = site.manage("restore", str(backup), "--yes", SEALING_KEYS=secrets.token_hex(32))
    assert other_keys.returncode == 1
    assert "SEALING_KEYS do not open what is in it" in other_keys.stderr


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_the_documents_say_of_postgresql_brings_a_database_back(make_person: MakePerson, tmp_path: Path) -> None:
    make_person()
    named = connection.settings_dict
    section = text(Path("docs/operations.md")).split("## Backups", 1)[1].split("\n## ", 1)[0]
    said = [line for line in section.splitlines() if line.startswith(("pg_dump", "createdb", "pg_restore"))]
    assert [line.split()[0] for line in said] == ["pg_dump", "createdb", "pg_restore"]
    restored = f"restored_{secrets.token_hex(6)}"
    environment = os.environ | {"PGHOST": named["HOST"], "PGPORT": str(named["PORT"]), "PGUSER": named["USER"]}
    try:
        for line in said:
            command = [
                {"authproject": str(named["NAME"]), "restored": restored}.get(word, word)
                for word in shlex.split(line.partition("#")[0])
            ]
            subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=60, capture_output=True)
        asked = ["psql", "-At", "-d", restored, "-c", "SELECT username FROM accounts_user"]
        found = subprocess.run(asked, env=environment, check=True, capture_output=True, text=True, timeout=60)
        assert found.stdout.split() == ["alice"]
    finally:
        subprocess.run(["dropdb", "--if-exists", restored], env=environment, check=True, timeout=60)
