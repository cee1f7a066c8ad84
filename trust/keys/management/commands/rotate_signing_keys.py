"""`manage.py rotate_signing_keys`: makes the next key of each algorithm."""

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand

from trust.keys.rotation import rotate_by_hand
from trust.lib import clock

_AFTER_A_LEAK: Final = (
    "The old keys are deleted: what they signed is refused within a minute, by programs of others when they fetch the "
    "keys again.\nThe audit trail's last head was signed by one of them: `manage.py audit_verify` with a head that you "
    "kept, then `manage.py audit_head`."
)


class Command(BaseCommand):
    """Publish the next signing keys now; they sign an hour later, or at once."""

    help = "Make the next signing keys: they sign in an hour, or at once (--now); --distrust drops the old ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --now and --distrust."""
        parser.add_argument("--now", action="store_true", help="sign with the new keys at once")
        parser.add_argument(
            "--distrust",
            action="store_true",
            help="after a leak: sign with the new keys at once and refuse all that the old ones signed",
        )

    def handle(self, *args: Any, now: bool, distrust: bool, **options: Any) -> None:
        """Rotate, and name the keys made."""
        moment = clock.now()
        made = rotate_by_hand(now=moment, immediately=now, distrust=distrust)
        for key in made:
            self.stdout.write(f"{key.algorithm} {key.kid} signs from {key.signs_from:%Y-%m-%d %H:%M:%S} UTC")
        if not made:
            self.stdout.write("The next keys wait already: nothing to do.")
        if distrust:
            self.stdout.write(_AFTER_A_LEAK)
