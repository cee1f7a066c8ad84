"""`manage.py import_config`: sets the installation up as a document says; shows the plan before anything is done."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from accounts.management import asking
from accounts.management.scripting import read_documents, refusal
from authproject.configuration import document, plan
from authproject.configuration.plan import Change
from authproject.configuration.section import Entry, WrongEntry


class Command(BaseCommand):
    """Put what a document says, all of it or nothing; a second time there is nothing to do."""

    help = (
        "Make groups, scopes, resources, clients, external providers, trusted issuers and workloads what a JSON "
        "document says."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the document, and how far to go."""
        parser.add_argument("file", metavar="FILE", help="as export_config prints it; - is stdin")
        asking.add_options(parser)
        parser.add_argument(
            "--prune", action="store_true", help="take away what the sections of the document do not name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the plan, ask, and do it; print the secrets of new clients as JSON."""
        try:
            wanted = self._wanted(options["file"])
            changes = plan.planned(wanted, prune=options["prune"])
            self._show(changes)
            if not changes or not asking.is_agreed(options, "Apply this plan?"):
                self.stderr.write("Nothing was changed.")
                return
            done, secrets = plan.apply(wanted, prune=options["prune"])
        except WrongEntry as wrong:
            raise refusal(str(wrong)) from wrong
        self.stderr.write(f"Done: {len(done)} changed.")
        if secrets:
            self.stderr.write("The secrets of new clients, which are not shown again:")
        self.stdout.write(json.dumps({"client_secrets": secrets}, indent=2))

    def _wanted(self, path: str) -> dict[str, list[Entry]]:
        documents, is_list = read_documents(path)
        return document.read(None if is_list else documents[0])

    def _show(self, changes: Sequence[Change]) -> None:
        for change in changes:
            for line in change.lines():
                self.stderr.write(line)
