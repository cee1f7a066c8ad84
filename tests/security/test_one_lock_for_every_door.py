"""CVE-2026-9798 and its like: a lock on one door that another door does not know."""

import threading

import pytest
from django.db import connection
from django.test import Client

from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.security.waits import lengthen_waits

pytestmark = pytest.mark.django_db


def by_page(client, login, password):
    return client.post("/accounts/login/", {"login": login, "password": password})


def test_guesses_on_the_page_close_the_api(person, client):
    for _ in range(10):
        assert by_page(client, "alice", "wrong").status_code == 200
    lengthen_waits()
    response = Api().post("/api/token/", {"email": "alice@example.com", "password": PASSWORD})
    assert response.status_code == 429


def test_guesses_on_the_api_close_the_page(person, client):
    for _ in range(10):
        Api().post("/api/token/", {"username": "alice", "password": "wrong"})
    lengthen_waits()
    response = by_page(client, "alice@example.com", PASSWORD)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_guesses_from_many_addresses_count_as_one(person):
    """SECURITY: one account, many addresses."""

    def status_at(number):
        address = f"203.0.113.{number}"
        return Api(REMOTE_ADDR=address).post("/api/token/", {"username": "alice", "password": "wrong"}).status_code

    assert [status_at(number) for number in range(10)] == [401] * 10
    lengthen_waits()
    assert [status_at(number) for number in range(10, 12)] == [429] * 2


@pytest.mark.usefixtures("early_in_the_minute")
def test_one_address_may_not_try_many_accounts(make_person):
    statuses = [Api().post("/api/token/", {"username": f"user{n}", "password": "wrong"}).status_code for n in range(62)]
    assert statuses.count(401) <= 60
    assert statuses[-1] == 429


def test_an_unknown_account_is_limited_like_a_known_one(person):
    def status(name):
        return Api().post("/api/token/", {"username": name, "password": "wrong"}).status_code

    assert [status("alice") for _ in range(10)] == [status("nobody") for _ in range(10)] == [401] * 10
    lengthen_waits()
    assert [status("alice") for _ in range(2)] == [status("nobody") for _ in range(2)] == [429] * 2


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_do_not_beat_the_counter(person):
    """CVE-2024-4629, GHSA-7h8m-vrxx-vr4m."""
    statuses = []

    def guess():
        try:
            statuses.append(Api().post("/api/token/", {"username": "alice", "password": "wrong"}).status_code)
        finally:
            connection.close()

    for _ in range(4):
        threads = [threading.Thread(target=guess) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(statuses) == 32
    assert statuses.count(401) <= 12
    assert set(statuses) <= {401, 429, 503}


def test_a_password_reset_opens_the_account_to_its_owner(person):
    from accounts.services import people
    from trust.lib.origin import Origin

    for _ in range(11):
        Api().post("/api/token/", {"username": "alice", "password": "wrong"})
    people.replace_password(user=person, password="quite another passphrase", keep=None, origin=Origin())
    response = Api().post("/api/token/", {"username": "alice", "password": "quite another passphrase"})
    assert response.status_code == 200


def test_codes_are_counted_per_person_at_both_doors(person, totp, client):
    """GHSA-85v8-vx4w-q684, CVE-2025-64102: guesses at the second factor."""
    by_page(client, "alice", PASSWORD)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    lengthen_waits(free=5)
    challenge = Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).json()["challenge"]
    response = Api().post("/api/token/", {"challenge": challenge, "code": totp.now()})
    assert response.json()["code"] == "invalid_code"


def test_signs_in_by_the_page_as_such(person, client: Client):
    response = by_page(client, "alice", PASSWORD)
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
