"""Device authorizations as rows: what is kept of them, for how long, and what a device that asks costs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from oauth.models import Client, DeviceAuthorization
from oauth.services import clients, device_authorizations, housekeeping, user_codes
from oauth.services.clients import ClientChanged
from oauth.services.device_authorizations import DeviceRequest
from tests.devices import Device, connected, make_device_client
from tests.oauth.grants import change
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
_OF_TRANSACTIONS = {"BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"}


@pytest.fixture
def tv(db: None) -> Client:
    return make_device_client()


def _statements_of_a_poll(device: Device) -> int:
    clients.memory.fresh_for = 60.0  # as where the client was just looked up
    clients.find_known("tv")
    with CaptureQueriesContext(connection) as seen:
        device.poll(patient=False)
    clients.memory.fresh_for = 0
    return sum(query["sql"].split()[0] not in _OF_TRANSACTIONS for query in seen)


def test_a_device_that_waits_costs_one_statement(tv: Client) -> None:
    device = Device(tv)
    device.begin()
    assert _statements_of_a_poll(device) == 1


def test_what_nobody_decided_goes_after_an_hour_and_what_was_granted_after_a_day(person: User, tv: Client) -> None:
    undecided = Device(tv)
    undecided.begin()
    granted = connected(client=tv)
    granted.poll()
    assert housekeeping.clear(now=clock.now())["device_authorizations"] == 0
    assert housekeeping.clear(now=clock.now() + timedelta(hours=2))["device_authorizations"] == 1
    assert DeviceAuthorization.objects.get() == granted.row
    DeviceAuthorization.objects.update(expires=F("expires") - timedelta(days=2))
    assert housekeeping.clear(now=clock.now())["device_authorizations"] == 1


def test_a_user_code_is_kept_under_a_key() -> None:
    code = user_codes.new_user_code()
    assert user_codes.digest_of(code) == user_codes.digest_of(code.lower().replace("-", " "))
    with override_settings(SECRET_KEY="another key, long enough for anybody who asks"):
        other = user_codes.digest_of(code)
    assert other != user_codes.digest_of(code)


def test_user_codes_use_all_letters_alike() -> None:
    letters = "".join(user_codes.new_user_code() for _ in range(2000)).replace("-", "")
    counts = {letter: letters.count(letter) for letter in set(letters)}
    assert len(counts) == 20
    assert max(counts.values()) < 2 * min(counts.values())


@pytest.mark.django_db(transaction=True)
def test_a_client_that_was_just_deleted_is_asked_for_anew() -> None:
    with pytest.raises(ClientChanged):
        device_authorizations.begin(DeviceRequest(client_pk=4711, scope=()), origin=Origin())


def test_the_database_knows_no_device_that_was_both_allowed_and_refused(person: User, tv: Client) -> None:
    device = connected(client=tv)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(device.row, denied_at=clock.now())
    undecided = Device(tv)
    undecided.begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(undecided.row, approved_at=clock.now())


def test_the_interval_grows_no_longer_than_the_code_lives(tv: Client) -> None:
    device = Device(tv)
    device.begin()
    change(device.row, interval=598, last_polled=clock.now())
    device.poll(patient=False)
    assert device.row.interval == 600


def test_a_poll_that_is_early_by_less_than_a_second_is_not_early(tv: Client) -> None:
    device = Device(tv)
    device.begin()
    change(device.row, last_polled=clock.now() - timedelta(seconds=4.3))
    assert device.poll(patient=False).json()["error"] == "authorization_pending"
