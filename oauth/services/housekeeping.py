"""The daily work: what is over is deleted everywhere, and keys whose time comes are followed by new ones.

Nothing depends on its being on time: what is over is refused by its dates, whether or not its row is there.
"""

from datetime import datetime, timedelta
from typing import Final

from django_tasks import task

from accounts.services import housekeeping as accounts_housekeeping
from oauth.conf import CODE_KEPT, OVER_REFRESH_TOKENS_KEPT, UNUSED_CLIENTS_KEPT
from oauth.models import (
    AccessToken,
    AuthorizationCode,
    Client,
    ClientSession,
    InitialAccessToken,
    RefreshToken,
    StoredRequest,
)
from trust.jobs import queue
from trust.keys import rotation
from trust.lib import clock
from trust.lib.batches import delete_in_batches
from trust.limits.models import GuessCounter
from trust.revocation.models import Revocation

_EVERY: Final = timedelta(days=1)


@task()
def daily() -> dict[str, int]:
    """Do the daily work, having first enqueued tomorrow's."""
    ensure_daily(first=clock.now() + _EVERY)
    return clear(now=clock.now())


def ensure_daily(*, first: datetime) -> bool:
    """Enqueue the daily work for `first`, unless it waits already; tell whether it did."""
    return queue.ensure_waiting(daily, run_after=first)


def clear(*, now: datetime) -> dict[str, int]:
    """Do what is due, and return how many of each were made or deleted. Consents stay."""
    return {
        "signing_keys_made": len(rotation.rotate_due(now=now)),
        "signing_keys": rotation.delete_expired(now=now),
        "authorization_codes": delete_in_batches(AuthorizationCode.objects.over_since(now - CODE_KEPT)),
        "access_tokens": delete_in_batches(AccessToken.objects.over_since(now)),
        "refresh_tokens": delete_in_batches(RefreshToken.objects.over_since(now - OVER_REFRESH_TOKENS_KEPT)),
        "initial_access_tokens": delete_in_batches(InitialAccessToken.objects.over_since(now)),
        "clients": delete_in_batches(Client.objects.never_used(now - UNUSED_CLIENTS_KEPT)),
        "stored_requests": delete_in_batches(StoredRequest.objects.over_since(now)),
        **accounts_housekeeping.clear(now=now),
        "client_sessions": delete_in_batches(ClientSession.objects.over()),
        "revocations": delete_in_batches(Revocation.objects.expired()),
        "guess_counters": delete_in_batches(GuessCounter.objects.forgotten(now)),
        "jobs": queue.clear(now=now),
        "jobs_begun_again": queue.begin_again_what_is_stuck(now=now),
    }
