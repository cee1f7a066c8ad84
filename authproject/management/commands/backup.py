"""`manage.py backup FILE`: a copy of an SQLite database, while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authproject import backups


class Command(BaseCommand):
    """Copy the database into a new file, and look through the copy."""

    help = "Copy the SQLite database into a new file, while the site runs. SEALING_KEYS are not in it: keep them apart."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name of a file that is not there yet."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Make the copy. A file that is there already is left as it is."""
        try:
            backups.copy(backups.database_file(), file)
        except backups.NoBackup as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{file}: {file.stat().st_size} bytes, looked through and sound.")
        self.stdout.write("Without SEALING_KEYS it cannot be used: keep them too, and elsewhere.")
