"""Guesses at client secrets: counted by client and address before they are judged, and no weapon against a client."""

import hashlib

import pytest

from tests.clients import SECRET, basic, make_client
from tests.clients import app as app
from trust.limits import failures
from trust.limits.conf import CLIENT_SECRET, CLIENT_SECRET_BY_ADDRESS, CLIENT_SECRET_BY_CLIENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("early_in_the_minute")]
ENDPOINTS = ["/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/par"]
FORM = "grant_type=client_credentials&token=x"
TYPE = "application/x-www-form-urlencoded"


def guess(client, secret="wrong", *, client_id="app", path="/oauth/token", address="198.51.100.7", form=FORM):
    return client.post(
        path, form, content_type=TYPE, headers={"authorization": basic(client_id, secret)}, REMOTE_ADDR=address
    )


def use_up(client, **named):
    answers = [guess(client, **named).status_code for _ in range(CLIENT_SECRET.attempts)]
    assert set(answers) == {401}


@pytest.mark.parametrize("path", ENDPOINTS)
def test_too_many_are_refused_with_the_time_to_wait(client, app, path):
    use_up(client, path=path)
    answer = guess(client, path=path)
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/json")
    assert 1 <= int(answer["Retry-After"]) <= CLIENT_SECRET.window
    assert answer["Cache-Control"] == "no-store"


def test_all_endpoints_count_together(client, app):
    for number in range(CLIENT_SECRET.attempts):
        guess(client, path=ENDPOINTS[number % len(ENDPOINTS)])
    assert {guess(client, path=path).status_code for path in ENDPOINTS} == {429}


def test_while_it_waits_the_right_secret_is_not_judged(client, app):
    use_up(client)
    right, wrong = guess(client, SECRET), guess(client)
    assert (right.status_code, right.content) == (wrong.status_code, wrong.content)


def test_a_stranger_does_not_shut_the_client_out(client, app):
    use_up(client)
    assert guess(client, SECRET, address="203.0.113.9").status_code == 200


def test_the_right_secret_forgets_the_wrong_ones(client, app):
    for _ in range(CLIENT_SECRET.attempts - 1):
        guess(client)
    assert guess(client, SECRET).status_code == 200
    use_up(client)


def test_other_clients_at_the_address_go_on(client, app):
    make_client("other")
    use_up(client)
    assert guess(client, SECRET, client_id="other").status_code == 200


def test_a_secret_in_the_form_counts_as_one_in_the_header(client, app):
    form = f"{FORM}&client_id=app&client_secret=wrong"
    for _ in range(CLIENT_SECRET.attempts):
        client.post("/oauth/token", form, content_type=TYPE, REMOTE_ADDR="198.51.100.7")
    assert guess(client).status_code == 429


@pytest.mark.parametrize("spelling", ["app", "%61pp", "a%70p"])
def test_every_spelling_of_one_client_counts_as_one(client, app, spelling):
    use_up(client, client_id=spelling)
    assert guess(client).status_code == 429


def test_many_addresses_share_a_wide_bound_that_spares_who_was_right(client, app, monkeypatch):
    guess(client, SECRET, address="203.0.113.9")
    for _ in range(CLIENT_SECRET_BY_CLIENT.attempts):
        failures.take((CLIENT_SECRET_BY_CLIENT, _digest("app"))).failed()
    assert guess(client, address="198.51.100.200").status_code == 429
    assert guess(client, SECRET, address="203.0.113.9").status_code == 200


def test_one_address_is_bounded_over_all_clients(client, app):
    for number in range(CLIENT_SECRET_BY_ADDRESS.attempts):
        guess(client, client_id=f"client{number}")
    assert guess(client, client_id="one-more").status_code == 429
    assert guess(client, client_id="one-more", address="198.51.100.8").status_code == 401


def test_a_public_client_is_not_held_up_by_guesses_from_elsewhere(client):
    """It has no secret: whoever fails there in masses must not stop its people."""
    make_client("spa", public=True, redirect_uris="https://spa.example/callback")
    for _ in range(CLIENT_SECRET_BY_CLIENT.attempts):
        failures.take((CLIENT_SECRET_BY_CLIENT, _digest("spa"))).failed()
    form = "grant_type=authorization_code&code=x&client_id=spa"
    assert client.post("/oauth/token", form, content_type=TYPE).json()["error"] != "too_many_requests"


def test_an_ipv6_network_counts_as_one_address(client, app):
    for number in range(CLIENT_SECRET.attempts):
        guess(client, address=f"2001:db8:1:2::{number:x}")
    assert guess(client, address="2001:db8:1:2:ffff::1").status_code == 429


def test_requests_that_are_wrong_for_another_reason_are_no_guesses(client, app):
    for _ in range(2 * CLIENT_SECRET.attempts):
        assert guess(client, SECRET, form="grant_type=password&token=x").status_code == 400
    assert guess(client, SECRET).status_code == 200


def test_a_success_asks_neither_cache_nor_database_for_a_counter(client, app, django_assert_num_queries, monkeypatch):
    guess(client, SECRET)
    asked = []
    monkeypatch.setattr("django.core.cache.backends.locmem.LocMemCache.incr", lambda *named: asked.append(named))
    with django_assert_num_queries(1):  # for the client
        assert guess(client, SECRET).status_code == 200
    assert asked == []


def test_test_beds_switch_it_off(client, app, settings):
    settings.RATE_LIMITS = False
    for _ in range(CLIENT_SECRET.attempts + 5):
        assert guess(client).status_code == 401


def test_scripts_of_other_origins_may_read_the_refusal(client, app):
    use_up(client)
    answer = client.post(
        "/oauth/token",
        FORM,
        content_type=TYPE,
        headers={"authorization": basic("app", "wrong"), "origin": "https://app.example"},
        REMOTE_ADDR="198.51.100.7",
    )
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (429, "https://app.example")


def _digest(client_id):
    return hashlib.sha256(client_id.encode()).hexdigest()[:32]
