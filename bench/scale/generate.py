"""Filling a database that holds nobody, or only those who were generated before."""

import sys
import time
from datetime import timedelta
from typing import Final

from django.core.management import call_command
from django.db import connection

from accounts.models import Session, User
from bench.scale.names import DOMAIN, email_of, uuid_of
from bench.scale.rows import House
from bench.scale.sheets import LAST_WRITTEN, sheets_of
from bench.scale.writing import settle, write
from oauth.models import Client
from trust.audit.models import AuditEvent
from trust.keys.rotation import ensure_keys
from trust.lib import clock

_FRESH: Final = timedelta(hours=12)


class HoldsPeople(Exception):
    """The database holds people or clients who were not generated: nothing is written into it."""


def generate(size: int, *, over: bool = False) -> None:
    """Make the database one of so many people, clients and grants. Raises HoldsPeople.

    One that is so already is left alone.
    """
    call_command("migrate", interactive=False, verbosity=0)
    refuse_real_people()
    house = House(size, clock.now(), over)
    if is_fresh(house):
        return
    call_command("flush", interactive=False, verbosity=0)
    ensure_keys(now=clock.now())
    fill(house)


def refuse_real_people() -> None:
    """Raise HoldsPeople if anybody or anything here was not generated."""
    people = User.objects.exclude(email__endswith=f"@{DOMAIN}")
    clients = Client.objects.exclude(redirect_uris__contains=f".{DOMAIN}/")
    if people.exists() or clients.exists():
        raise HoldsPeople(f"{connection.settings_dict['NAME']} holds people or clients who were not generated")


def is_fresh(house: House) -> bool:
    """Tell whether the database was made one of this size not long ago, and not cleared: grants end."""
    larger = User.objects.by_email(email_of(house.size + 1)).exists()
    session = Session.objects.by_id(uuid_of("session", house.size)).first()
    written = AuditEvent.objects.about(uuid_of("person", house.size)).of_action(LAST_WRITTEN).exists()
    if larger or not written or session is None:
        return False
    return abs(house.came(house.size) - session.created) < _FRESH


def fill(house: House) -> None:
    """Write everything, each table in one transaction."""
    sheets = list(sheets_of(house))
    for sheet in sheets:
        began = time.perf_counter()
        written = write(sheet, house.size)
        seconds = time.perf_counter() - began
        print(f"{sheet.model._meta.db_table:32} {written:>9,} rows {seconds:7.1f} s", file=sys.stderr, flush=True)
    settle(sheets)
