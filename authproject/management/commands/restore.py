"""`manage.py restore FILE`: the database of a backup in place of the one that is there, which is kept aside."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from authproject import backups
from trust.keys.ring import ring
from trust.lib import clock
from trust.lib.sealing import SealBroken


class Command(BaseCommand):
    """Look through the backup, keep what is there aside, and put the backup in its place."""

    help = "Put a backup of the SQLite database in its place; the one that was there is kept beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup's name, and whether to ask."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, file: Path, yes: bool, **options: Any) -> None:
        """Do it if nothing speaks against it and whoever asked is sure."""
        try:
            place = backups.database_file()
            backups.check(file)
            if not yes and not self._is_sure(place):
                raise CommandError("Nothing was changed.")
            self._put(file, place)
        except backups.NoBackup as refused:
            raise CommandError(str(refused)) from refused
        _check_seal()
        self.stdout.write("Now `manage.py prepare`, which migrates what an older release left, and start the site.")

    def _is_sure(self, place: Path) -> bool:
        self.stdout.write(f"The site must be stopped. {place} gets the contents of the backup.")
        return input("Type yes to go on: ") == "yes"

    def _put(self, file: Path, place: Path) -> None:
        connection.close()
        if place.exists():
            aside = place.with_name(f"{place.name}.{clock.now():%Y%m%dT%H%M%SZ}")
            backups.keep_aside(place, aside)
            self.stdout.write(f"What was there is in {aside}.")
        backups.put(file, place)
        self.stdout.write(f"{place} has the contents of {file}.")


def _check_seal() -> None:
    """Say at once if the keys of this environment are not those of the backup. Raises CommandError."""
    ring.forget()
    try:
        ring.can_sign(clock.now())
    except SealBroken as broken:
        unusable = "It was restored, but SEALING_KEYS do not open what is in it: set those of the time of the backup."
        raise CommandError(unusable) from broken
