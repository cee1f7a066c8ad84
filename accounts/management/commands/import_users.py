"""`manage.py import_users`: takes in the people of another system, with their passwords where the hash is known."""

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand

from accounts.management.asking import is_agreed
from accounts.management.importing import asking, rows, taking_in

_READERS: Final = {"csv": rows.from_csv, "django": rows.from_django}


class Command(BaseCommand):
    """Take people in from CSV, or from another Django's dump; who is here already is left as they are."""

    help = "Take in people from a CSV file or from `dumpdata auth.user` of another Django (docs/moving-in.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and its kind."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--format", choices=sorted(_READERS), default="csv")
        asking.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Show what would be done, and do it."""
        plan = taking_in.planned(_READERS[options["format"]](options["file"]))
        for line in plan.lines():
            self.stdout.write(line)
        asking.check(plan, options)
        if plan.newcomers and is_agreed(options, "Take them in?"):
            self.stdout.write(asking.do(plan))
        else:
            self.stdout.write("Nobody was taken in.")
