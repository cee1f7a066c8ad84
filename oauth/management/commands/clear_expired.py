"""`manage.py clear_expired`: the daily work, now. The job queue's worker does it by itself each day."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from oauth.services import housekeeping
from trust.lib import clock


class Command(BaseCommand):
    """Delete what is over, make the signing keys that are due, and print the counts as JSON."""

    help = "Delete what is over everywhere; the worker does so daily. Prints the counts as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print."""
        self.stdout.write(json.dumps(housekeeping.clear(now=clock.now()), indent=2))
