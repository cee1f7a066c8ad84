"""`manage.py audit_verify`: tells whether the audit trail is what was sealed, from the database or from an export."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trust.lib import clock
from trust.notary import files
from trust.notary.report import Report
from trust.notary.statements import Statement
from trust.notary.verification import verify_database, verify_export


class Command(BaseCommand):
    """Verify, print what there is to say, and end with 1 if anything is wrong."""

    help = "Find altered, removed and inserted events of the audit trail. Ends with 0 if the chain holds, else with 1."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --file and --head."""
        parser.add_argument("--file", type=Path, metavar="EXPORT.jsonl", help="an export, instead of the database")
        parser.add_argument("--head", type=Path, metavar="HEAD.json", help="a head that audit_head printed, kept apart")

    def handle(self, *args: Any, file: Path | None, head: Path | None, **options: Any) -> None:
        """Verify."""
        report = Report()
        try:
            self._verify(report, file, self._outside(head))
        except (files.NotReadable, OSError, UnicodeDecodeError) as refused:
            raise CommandError(f"cannot be read: {refused}") from refused
        for text in (*report.notes, *(f"FOUND {found}" for found in report.findings)):
            self.stdout.write(text)
        self.stdout.write("The chain holds." if report.holds else f"The chain does not hold: {report.count} findings.")
        if not report.holds:
            sys.exit(1)

    def _verify(self, report: Report, file: Path | None, outside: Statement | None) -> None:
        if file is None:
            verify_database(report, outside=outside, now=clock.now())
            return
        with file.open(encoding="utf-8") as lines:
            verify_export(report, files.read_events(report, lines), outside=outside)

    def _outside(self, head: Path | None) -> Statement | None:
        if head is None:
            return None
        said = files.read_head(head)
        self.stdout.write(
            f"The head says: {said.issuer}, {said.at:%Y-%m-%d %H:%M:%S} UTC, place {said.sequence},"
            f" {said.count} events, signed by the key of thumbprint {said.thumbprint}."
        )
        return said
