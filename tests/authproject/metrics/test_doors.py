"""What happens at the doors is counted there, by whom it concerns, and only if it happened."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser

from accounts.models import User
from accounts.services import people
from authproject.metrics.recorder import recorder
from authproject.metrics.totals import totals_of
from tests.clients import SECRET, basic, make_client, post_form
from tests.people import PASSWORD, MakePerson
from trust.limits import failures, guesses, rates
from trust.limits.conf import CLIENT_SECRET, SIGN_IN, SIGN_IN_BY_ADDRESS
from trust.limits.errors import LimitExceeded
from trust.statistics.models import Key

pytestmark = pytest.mark.django_db


def _total(name: str, label: str) -> int:
    return totals_of(recorder.places()).get(Key(name, label), 0)


def _tokens(secret: str = SECRET, **form: Any) -> int:
    form = {"grant_type": "client_credentials"} | form
    return int(post_form("/oauth/token", form, authorization=basic("wiki", secret)).status_code)


def test_a_token_is_counted_for_the_client_that_proved_who_it_is() -> None:
    make_client("wiki")
    assert (_tokens(), _tokens(), _tokens("wrong"), _tokens(grant_type="nonsense")) == (200, 200, 401, 400)
    assert _total("clients", "wiki") == 2
    assert (_total("refused", "token"), _total("tokens", "client_credentials")) == (2, 2)


def test_a_client_that_nobody_knows_is_not_counted() -> None:
    assert _tokens() == 401
    assert _total("clients", "wiki") == 0


def test_a_pair_of_the_json_api_is_counted_as_ours(client: Browser, person: User) -> None:
    asked = {"username": "alice", "password": PASSWORD}
    pair = client.post("/api/token/", asked, content_type="application/json").json()
    client.post("/api/token/refresh/", {"refresh": pair["refresh"]}, content_type="application/json")
    assert _total("clients", "first-party") == 2
    assert _total("sign_ins", "password.success") == 1


def test_a_limit_is_counted_when_it_is_hit() -> None:
    def used_up(take: Any) -> None:
        for _ in range(200):
            try:
                take()
            except LimitExceeded:
                return
        raise AssertionError("never hit")

    used_up(lambda: rates.take(SIGN_IN_BY_ADDRESS, "203.0.113.9"))
    assert _total("limits", "sign-in") == 1
    used_up(lambda: guesses.take(SIGN_IN, "alice"))
    assert _total("limits", "sign-in") == 2
    used_up(lambda: failures.take((CLIENT_SECRET, "wiki")).failed())
    assert _total("limits", "client-secret") == 1


def test_a_person_is_counted_once_their_account_is_there(
    make_person: MakePerson, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_person("bob")
        people.create_in_vain(password=PASSWORD)
        with transaction.atomic():
            make_person("carol")
            transaction.set_rollback(True)
    assert _total("people", "created") == 1


def test_who_signs_up_is_counted_as_that(client: Browser, django_capture_on_commit_callbacks: Any) -> None:
    form = {"email": "dora@example.com", "username": "dora", "password1": PASSWORD, "password2": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/signup/", form).status_code == 302
    assert (_total("people", "signed_up"), _total("people", "created")) == (1, 0)
