"""A trail of events that were sealed, and what somebody with access by SQL does to it."""

import io
import uuid
from typing import Any

from django.core.management import call_command
from django.db import connection

from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.audit.sealer import seal_waiting
from trust.lib.origin import Origin

HOME = Origin("198.51.100.1", "Firefox")
# What a column of times takes, and no program.
NO_TIME = "infinity" if connection.vendor == "postgresql" else "never"
ALICE, BOB = uuid.UUID(int=1), uuid.UUID(int=2)


def make_trail(count: int) -> None:
    """Make a trail of so many sealed events, and of nothing else."""
    AuditEvent.objects.all().delete()
    for number in range(1, count + 1):
        who = ALICE if number % 2 else BOB
        record("session.started", subject=who, origin=HOME, identifier=f"person-{number}", details={"number": number})
    seal_waiting()


def tamper(statement: str, *parameters: object) -> None:
    """Do what no code of ours does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def verify(**options: Any) -> tuple[int, str]:
    """Run `manage.py audit_verify`; return its exit status and what it printed."""
    printed = io.StringIO()
    try:
        call_command("audit_verify", stdout=printed, **options)
    except SystemExit as ended:
        return int(str(ended.code)), printed.getvalue()
    return 0, printed.getvalue()
