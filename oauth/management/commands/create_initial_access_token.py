"""`manage.py create_initial_access_token`: prints leave to register clients over HTTP (RFC 7591 section 3)."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.management.scripting import refusal
from oauth.conf import LONGEST_INITIAL_ACCESS_TOKEN, MOST_REGISTRATIONS
from oauth.services import initial_access_tokens


class Command(BaseCommand):
    """Make an initial access token; its value is printed this once."""

    help = "Make an initial access token, by which clients may be registered, and print it as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what the token is good for."""
        parser.add_argument("--uses", metavar="N", default="1", help="for how many clients (default: 1)")
        parser.add_argument("--expires", metavar="SECONDS", help="for how long (default: until it is used up)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print it."""
        uses = _number("--uses", options["uses"], most=MOST_REGISTRATIONS)
        lifetime = None
        if options["expires"] is not None:
            longest = int(LONGEST_INITIAL_ACCESS_TOKEN.total_seconds())
            lifetime = timedelta(seconds=_number("--expires", options["expires"], most=longest))
        row, value = initial_access_tokens.issue(uses=uses, lifetime=lifetime)
        printed = {
            "initial_access_token": value,
            "uses": row.uses_left,
            "expires_at": int(row.expires.timestamp()) if row.expires else None,
            "registration_endpoint": f"{settings.ISSUER}/oauth/register",
        }
        self.stdout.write(json.dumps(printed, indent=2))


def _number(option: str, given: object, *, most: int) -> int:
    text = str(given)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 0 < int(text) <= most):
        raise refusal(f"{option}: {text} is no number from 1 to {most}")
    return int(text)
