"""`manage.py rotate_signing_keys`: makes the next key of each algorithm."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from trust.keys.rotation import rotate
from trust.lib import clock


class Command(BaseCommand):
    """Publish the next signing keys now; they sign an hour later, or at once after a leak."""

    help = "Make the next signing key of each algorithm; it signs in an hour, or at once with --now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --now."""
        parser.add_argument("--now", action="store_true", help="sign with the new keys at once: after a leak")

    def handle(self, *args: Any, now: bool, **options: Any) -> None:
        """Rotate, and name the keys made."""
        made = rotate(now=clock.now(), immediately=now)
        for key in made:
            self.stdout.write(f"{key.algorithm} {key.kid} signs from {key.signs_from:%Y-%m-%d %H:%M:%S} UTC")
        if not made:
            self.stdout.write("The next keys wait already: nothing to do.")
