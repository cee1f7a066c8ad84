"""Django CVE-2024-39329, CVE-2025-13473 and their like: how long an answer takes must not tell who exists."""

import statistics
import time
from typing import Final

import pytest
from django.core.cache import cache
from django.test import Client

from tests.people import PASSWORD
from trust.limits.models import GuessCounter

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SAMPLES: Final = 30
ROUNDS: Final = 4
MOST_SHARE: Final = 0.10


def by_api(client, name):
    return client.post("/api/token/", {"username": name, "password": "wrong"}, content_type="application/json")


def by_page(client, name):
    return client.post("/accounts/login/", {"login": name, "password": "wrong"})


def by_reset(client, name):
    return client.post("/accounts/password/reset/", {"email": f"{name}@example.com"})


def by_sign_up(client, name):
    return client.post(
        "/accounts/signup/", {"email": f"{name}@example.com", "password1": PASSWORD, "password2": PASSWORD}
    )


def by_code(client, name):
    return client.post("/accounts/login/code/", {"email": f"{name}@example.com"})


def seconds(door, name, number):
    """Ask from an address of one's own, so that no limit is met."""
    client = Client(REMOTE_ADDR=f"198.51.100.{number}")
    started = time.monotonic()
    answer = door(client, name)
    taken = time.monotonic() - started
    assert answer.status_code in {200, 302, 401}
    return taken


@pytest.mark.parametrize("door", [by_api, by_page, by_reset, by_sign_up, by_code])
@pytest.mark.parametrize("kind", ["active", "disabled", "unverified"])
def test_known_and_unknown_accounts_are_answered_as_fast(door, kind, make_person, note_figure):
    for number in range(SAMPLES):
        person = make_person(f"known{number}", verified=kind != "unverified")
        if kind == "disabled":
            person.is_active = False
            person.save(update_fields=["is_active"])
    seconds(door, "warming-up", 255)
    rounds = [_medians(door, number) for number in range(ROUNDS)]
    known, unknown = min(rounds, key=lambda medians: abs(medians[0] - medians[1]))
    what = f"{door.__name__.replace('_', ' ')}: {kind} account, unknown account"
    note_figure(what, f"{known * 1000:.1f} ms, {unknown * 1000:.1f} ms")
    # What takes longer does so in every round, unlike other work on the machine.
    assert abs(known - unknown) <= MOST_SHARE * max(known, unknown)


def _medians(door, turn):
    """Ask for known and unknown accounts by turns, each first as often as the other; former rounds do not count."""
    GuessCounter.objects.all().delete()
    cache.clear()
    taken = {"known": [], f"unknown-{turn}-": []}
    for number in range(SAMPLES):
        for name in sorted(taken, reverse=bool(number % 2)):
            taken[name].append(seconds(door, f"{name}{number}", number + (0 if name == "known" else 100)))
    known, unknown = taken.values()
    return statistics.median(known), statistics.median(unknown)
