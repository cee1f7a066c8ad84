"""`manage.py prepare`: what must stand before serving; quick and harmless when it stands already."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from oauth.services import housekeeping
from trust.keys.rotation import ensure_keys
from trust.lib import clock


class Command(BaseCommand):
    """Migrate the database, make the signing keys and the first administrator where there are none.

    The daily work waits in the job queue from now on.
    """

    help = "Migrate, and make the signing keys and the first administrator where there are none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it in this order."""
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        ensure_keys(now=clock.now())
        housekeeping.ensure_daily(first=clock.now())
        call_command("create_first_administrator", stdout=self.stdout, stderr=self.stderr)
