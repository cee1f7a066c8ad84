"""The daily and hourly work keeps the counts as small as they are meant to be."""

import uuid
from datetime import timedelta

import pytest

from oauth.services import housekeeping
from trust.lib import clock
from trust.statistics import reading
from trust.statistics.models import Count, Key, Meter, Resolution

pytestmark = pytest.mark.django_db


def test_counts_and_meters_go_when_nobody_looks_at_them_any_more() -> None:
    now = clock.now()
    for age in (timedelta(0), timedelta(hours=4), timedelta(days=4), timedelta(days=401)):
        reading.read(uuid.uuid4(), {Key("limits", "sign-in"): 1}, now=now - age, counts_from_zero=True)
    done = housekeeping.clear(now=now)
    assert (done["counts"], done["meters"]) == (3 + 2 + 1, 1)
    left = [Count.objects.since(resolution, now - timedelta(days=500)).count() for resolution in Resolution]
    assert left == [1, 2, 2 if now.hour >= 4 else 3]
    assert Meter.objects.count() == 3
