"""`manage.py audit_head`: signs the head of the audit trail's chain and prints it, to be kept elsewhere."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trust.audit.models import SignedHead
from trust.lib import clock
from trust.notary import heads, retention


class Command(BaseCommand):
    """Print the head as JSON; sign one first if events were sealed since the last."""

    help = "Sign the head of the audit trail's chain, and print it as JSON: keep it where this site cannot write."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --last and --vouch-for-checkpoint."""
        parser.add_argument("--last", action="store_true", help="print the last head as it is; sign nothing")
        parser.add_argument(
            "--vouch-for-checkpoint",
            action="store_true",
            help="after all keys were replaced: sign anew where the chain begins, which you know to be right",
        )

    def handle(self, *args: Any, last: bool, vouch_for_checkpoint: bool, **options: Any) -> None:
        """Sign as many heads as it takes to come to the chain's end, and print the last."""
        checkpoint = SignedHead.objects.checkpoints().first()
        if vouch_for_checkpoint and checkpoint:
            retention.renew_checkpoint(checkpoint, now=clock.now())
        try:
            while not last and heads.sign_next(now=clock.now()):
                pass
        except heads.ChainBroken as broken:
            raise CommandError(f"The chain does not hold, so nothing was signed: {broken}") from broken
        head = SignedHead.objects.heads().first()
        if head is None:
            raise CommandError("Nothing is sealed yet: is a worker running (manage.py db_worker)?")
        self.stdout.write(json.dumps(heads.exported(head), indent=2))
