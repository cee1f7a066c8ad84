"""Telling clients of a session's end (Back-Channel Logout 1.0 section 2.5): tried with growing waits, then given up.

The job of the next attempt is written before this one begins, so a worker that dies on the way loses nothing; a
client may then hear twice. Jobs hold a row's id alone; a logout token is made anew for each attempt. Whatever is not
a success is tried again, a 400 too: section 2.8 has it for a request that the client finds invalid, which our new
token or its newer copy of our keys may mend, and for a logout that failed there, which may not fail twice.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django_tasks import task

from oauth.conf import LOGOUT_ATTEMPTS, LOGOUT_FIRST_WAIT, LOGOUT_LONGEST_WAIT, LOGOUT_PRIORITY, LOGOUT_QUEUE
from oauth.protocol.oidc import logout_token
from oauth.services import back_channel_logout, logout_requests
from oauth.services.logout_requests import Outcome
from trust.lib import clock
from trust.lib.origin import Origin


@transaction.atomic
def session_ended(*, user_id: uuid.UUID, session_id: uuid.UUID | None, reason: str) -> None:
    """Have every client of a session told that it ended. A hook of SESSION_ENDED.

    Where all of a person's sessions end, each of them is told of by itself before.
    """
    if session_id is not None:
        for pk in back_channel_logout.begin(session_id):
            tell.enqueue(pk, 1)


@transaction.atomic
def tell_again(pk: int, *, actor: uuid.UUID, origin: Origin) -> bool:
    """Begin anew with a client that was given up; False if it was not, or cannot be told."""
    begun = back_channel_logout.begin_again(pk, actor=actor, origin=origin)
    if begun:
        tell.enqueue(pk, 1)
    return begun


@task(queue_name=LOGOUT_QUEUE, priority=LOGOUT_PRIORITY)
def tell(pk: int, attempt: int) -> None:
    """Make one attempt at telling one client; nothing happens if it heard or this attempt was made."""
    if attempt > LOGOUT_ATTEMPTS:
        back_channel_logout.give_up(pk)
    elif _begin(pk, attempt):
        outcome = _told(pk, now=clock.now())
        back_channel_logout.note(pk, attempt=attempt, outcome=outcome.answer, delivered=outcome.delivered)


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after this attempt, the first being 1."""
    return min(LOGOUT_FIRST_WAIT * (1 << attempt - 1), LOGOUT_LONGEST_WAIT)


@transaction.atomic
def _begin(pk: int, attempt: int) -> bool:
    if not back_channel_logout.begin_attempt(pk, attempt=attempt):
        return False
    tell.using(run_after=clock.now() + wait_after(attempt)).enqueue(pk, attempt + 1)
    return True


def _told(pk: int, *, now: datetime) -> Outcome:
    notice = back_channel_logout.notice(pk)
    if notice is None:
        return Outcome(delivered=False, answer="not tried: disabled, or without an address")
    token = logout_token.issue(notice.client, notice.told, issuer=settings.ISSUER, now=now)
    return logout_requests.tell(notice.client, token)
