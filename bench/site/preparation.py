"""Rows that columns need, made by our services: sessions of people, and authorization codes of them.

    python -m bench.site.preparation sessions|codes < wanted.json

Codes are printed, one a line.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any, Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "authproject.settings")
django.setup()

from django.db import transaction  # noqa: E402 - the settings come first

from accounts.authentication import by_password  # noqa: E402
from accounts.models import Session, User  # noqa: E402
from accounts.services import sessions  # noqa: E402
from oauth.models import Client  # noqa: E402
from oauth.services import codes  # noqa: E402
from trust.lib import clock  # noqa: E402
from trust.lib.origin import Origin  # noqa: E402

_BATCH: Final = 500  # codes in one transaction


def start_sessions(wanted: dict[str, Any]) -> None:
    """Begin so many sessions, of all people in turn."""
    people = list(User.objects.filter(username__startswith="bench"))
    origin, proved = Origin("192.0.2.1", "bench/1.0"), by_password(auth_time=clock.now())
    with transaction.atomic():
        for _, user in zip(range(wanted["count"]), cycle(people), strict=False):
            sessions.start(user=user, kind=Session.Kind.BROWSER, authentication=proved, origin=origin)


def issue_codes(wanted: dict[str, Any]) -> Iterator[str]:
    """Issue so many codes, of all sessions in turn, until the time is over."""
    rows = cycle(list(Session.objects.filter(kind=Session.Kind.BROWSER, user__username__startswith="bench")))
    client_pk = Client.objects.get(client_id=wanted["client_id"]).pk
    left, until = wanted["count"], time.monotonic() + wanted["seconds"]
    while left and time.monotonic() < until:
        batch = min(left, _BATCH)
        left -= batch
        with transaction.atomic():
            yield from [_issued(next(rows), client_pk, wanted) for _ in range(batch)]


def _issued(session: Session, client_pk: int, wanted: dict[str, Any]) -> str:
    return codes.issue(
        codes.Authorized(
            client_pk=client_pk,
            session_id=session.pk,
            user_id=session.user_id,
            redirect_uri=wanted["redirect_uri"],
            redirect_uri_given=True,
            scope=tuple(wanted["scope"].split()),
            code_challenge=wanted["challenge"],
        )
    )


if __name__ == "__main__":
    given = json.load(sys.stdin)
    if sys.argv[1] == "sessions":
        start_sessions(given)
    else:
        print("\n".join(issue_codes(given)))
