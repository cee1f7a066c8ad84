"""`manage.py export_config`: prints what the installation is set up as, for a repository."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from authproject.configuration import document


class Command(BaseCommand):
    """Export groups, scopes, resources, clients, providers, trusted issuers and workloads as one JSON document."""

    help = (
        "Print groups, scopes, resources, clients, external providers, trusted issuers and workloads as JSON, for "
        "import_config."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Leave secrets out unless they are asked for."""
        parser.add_argument(
            "--secrets",
            action="store_true",
            help="with the secrets of providers, and the digests of client secrets: keep that file as you keep a key",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        exported = document.exported(with_secrets=options["secrets"])
        self.stdout.write(json.dumps(exported, ensure_ascii=False, indent=2))
