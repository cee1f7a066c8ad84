"""What is done each hour and each day: what is over is deleted, and keys whose time comes are followed by new ones.

Nothing depends on its being on time: what is over is refused by its dates, whether or not its row is there. The worker
does it in shifts, so that a mail never waits for long, and whatever a shift left is gone on with behind the mail.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django_tasks import task

from accounts.services import housekeeping as accounts_housekeeping
from oauth.conf import (
    CODE_KEPT,
    EXPIRED_PERSONAL_TOKENS_KEPT,
    LOGOUT_PRIORITY,
    OVER_REFRESH_TOKENS_KEPT,
    UNDECIDED_DEVICES_KEPT,
    UNUSED_CLIENTS_KEPT,
    UNUSED_PUBLISHED_CLIENTS_KEPT,
)
from oauth.models import (
    AccessToken,
    AuthorizationCode,
    Client,
    ClientSession,
    DeviceAuthorization,
    InitialAccessToken,
    PersonalAccessToken,
    RefreshToken,
    StoredRequest,
)
from trust.dpop.models import UsedProof
from trust.events import housekeeping as events_housekeeping
from trust.explain.models import Explanation
from trust.jobs import queue
from trust.keys import rotation
from trust.lib import clock
from trust.lib.batches import Shift, delete_in_batches
from trust.lib.chores import Chores, do_each
from trust.limits.models import GuessCounter
from trust.notary import heads, retention
from trust.revocation.models import Revocation
from trust.statistics.models import Count, Meter, Resolution

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_SHIFT_SECONDS: Final = 5.0


@task()
def hourly() -> dict[str, int]:
    """Do the hourly work for one shift, having first enqueued the next hour's."""
    queue.ensure_waiting(hourly, run_after=clock.now() + _HOUR)
    return _work_for_a_shift(_hourly)


@task()
def daily() -> dict[str, int]:
    """Do the daily work for one shift, having first enqueued tomorrow's."""
    ensure_daily(first=clock.now() + _DAY)
    return _work_for_a_shift(_all)


@task(priority=LOGOUT_PRIORITY)
def go_on() -> dict[str, int]:
    """Go on with what the last shift left, in turn with logouts."""
    return _work_for_a_shift(_all)


def ensure_daily(*, first: datetime) -> bool:
    """Enqueue the daily work for `first`, and the hourly, unless they wait already; tell whether the daily did not."""
    queue.ensure_waiting(hourly, run_after=first)
    return queue.ensure_waiting(daily, run_after=first)


def clear(*, now: datetime) -> dict[str, int]:
    """Do all that is due, however long it takes; return how many of each were made or deleted. Consents stay."""
    return do_each(_all(now, Shift()))


def _work_for_a_shift(chores: Callable[[datetime, Shift], Chores]) -> dict[str, int]:
    shift = Shift(_SHIFT_SECONDS)
    try:
        return do_each(chores(clock.now(), shift))
    finally:
        if shift.left_something:
            queue.ensure_waiting(go_on, run_after=clock.now())


def _all(now: datetime, shift: Shift) -> Chores:
    keys: Chores = {
        "signing_keys_made": lambda: len(rotation.rotate_due(now=now)),
        "signing_keys": lambda: rotation.delete_expired(now=now),
    }
    return {**keys, **_hourly(now, shift), **_daily(now, shift)}


def _hourly(now: datetime, shift: Shift) -> Chores:
    """What keeps small the tables whose rows live for minutes: opaque tokens come as fast as clients ask."""
    delete = partial(delete_in_batches, shift=shift)
    return {
        "access_tokens": partial(delete, AccessToken.objects.over_since(now)),
        "device_authorizations": partial(
            delete,
            DeviceAuthorization.objects.never_granted().over_since(now - UNDECIDED_DEVICES_KEPT),
            DeviceAuthorization.objects.over_since(now - CODE_KEPT),
        ),
        "stored_requests": partial(delete, StoredRequest.objects.over_since(now)),
        "revocations": partial(delete, Revocation.objects.expired()),
        "explanations": partial(delete, Explanation.objects.over_at(now)),
        "guess_counters": partial(delete, GuessCounter.objects.forgotten(now)),
        "used_proofs": partial(delete, UsedProof.objects.forgotten(now)),
        "counts": partial(delete, *(Count.objects.over(resolution, now) for resolution in Resolution)),
        **accounts_housekeeping.hourly(shift=shift),
        **events_housekeeping.hourly(now=now, shift=shift),
    }


def _daily(now: datetime, shift: Shift) -> Chores:
    kept_since = now - OVER_REFRESH_TOKENS_KEPT
    tokens = (RefreshToken.objects.expired_since(kept_since), RefreshToken.objects.revoked_since(kept_since))
    delete = partial(delete_in_batches, shift=shift)
    return {
        "authorization_codes": partial(delete, AuthorizationCode.objects.over_since(now - CODE_KEPT)),
        "refresh_tokens": partial(delete, *tokens),
        "initial_access_tokens": partial(delete, InitialAccessToken.objects.over_since(now)),
        "personal_access_tokens": partial(
            delete, PersonalAccessToken.objects.expired_since(now - EXPIRED_PERSONAL_TOKENS_KEPT)
        ),
        "previous_client_secrets": Client.objects.with_expired_secret(now).drop_previous_secret,
        "clients": partial(delete, Client.objects.never_used(now - UNUSED_CLIENTS_KEPT)),
        "published_clients": partial(
            delete, Client.objects.published_and_unused().published_before(now - UNUSED_PUBLISHED_CLIENTS_KEPT)
        ),
        **accounts_housekeeping.daily(now=now, shift=shift),
        **events_housekeeping.daily(now=now, shift=shift),
        "client_sessions": partial(delete, ClientSession.objects.over()),
        "meters": partial(delete, Meter.objects.forgotten(now)),
        "audit_heads": partial(heads.sign_due, now=now, shift=shift),
        "audit_events": partial(retention.delete_old, now=now, shift=shift),
        "jobs": partial(queue.clear, now=now, shift=shift),
        "jobs_begun_again": partial(queue.begin_again_what_is_stuck, now=now),
    }
