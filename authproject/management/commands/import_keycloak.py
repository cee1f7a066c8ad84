"""`manage.py import_keycloak`: takes in what a realm of Keycloak had: clients, groups, scopes, providers, people."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.management.asking import is_agreed
from accounts.management.importing import asking, keycloak, taking_in
from accounts.management.scripting import read_documents, refusal
from authproject.configuration import document, plan
from authproject.configuration import keycloak as configuration
from authproject.configuration.section import Entry, WrongEntry


class Command(BaseCommand):
    """Convert the realm, show what would be done, and do all of it or nothing."""

    help = "Take in a realm that Keycloak exported with its users (docs/moving-in.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the export."""
        parser.add_argument("file", metavar="FILE", help="a realm as JSON")
        asking.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Show and do it."""
        realm = read_documents(options["file"])[0][0]
        try:
            converted = configuration.converted(realm)
            wanted = document.read(converted.document)
            changes = plan.planned(wanted, prune=False)
            people = taking_in.planned(keycloak.people(realm))
        except (WrongEntry, KeyError, TypeError, AttributeError) as wrong:
            raise refusal(f"{options['file']}: this realm cannot be read:", str(wrong)) from wrong
        lines = [line for change in changes for line in change.lines()]
        for line in (*converted.notes, *lines, *people.lines()):
            self.stderr.write(line)
        asking.check(people, options)
        if not (changes or people.newcomers) or not is_agreed(options, "Take this realm in?"):
            self.stderr.write("Nothing was changed.")
            return
        secrets = self._apply(wanted, people)
        self.stdout.write(json.dumps({"client_secrets": secrets}, indent=2))

    @transaction.atomic
    def _apply(self, wanted: dict[str, list[Entry]], people: taking_in.Plan) -> dict[str, str]:
        try:
            done, secrets = plan.apply(wanted, prune=False)
        except WrongEntry as wrong:
            raise refusal(str(wrong)) from wrong
        self.stderr.write(f"{len(done)} of the configuration changed. {asking.do(people)}")
        return secrets
