"""Why a sign-in was refused is there for staff, whatever the door; who tries learns nothing of it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from accounts.models import User
from tests.explained import explained, last_explained
from tests.people import PASSWORD, MakePerson
from trust.explain.vocabulary import Endpoint, Found

pytestmark = pytest.mark.django_db


def by_page(login: str, password: str) -> Any:
    return Browser().post("/accounts/login/", {"login": login, "password": password})


def by_api(login: str, password: str) -> Any:
    return Browser().post("/api/token/", {"username": login, "password": password}, content_type="application/json")


DOORS = pytest.mark.parametrize("sign_in", [by_page, by_api])


@DOORS
def test_a_wrong_password_names_the_account_and_an_unknown_one_nobody(sign_in: Any, person: User) -> None:
    sign_in("alice", "wrong")
    row = last_explained()
    assert (row.endpoint, row.finding, row.person) == (Endpoint.SIGN_IN, Found.PASSWORD_WRONG, person.pk)
    sign_in("nobody", "wrong")
    assert (last_explained().finding, last_explained().person) == (Found.ACCOUNT_UNKNOWN, None)
    assert not {last_explained().client_id, last_explained().came, last_explained().about} - {""}


@DOORS
def test_a_deactivated_account_is_told_from_a_wrong_password(sign_in: Any, person: User) -> None:
    person.is_active = False
    person.save()
    sign_in("alice", PASSWORD)
    assert (last_explained().finding, last_explained().person) == (Found.ACCOUNT_DEACTIVATED, person.pk)


@DOORS
def test_too_many_guesses_are_told_with_the_time_to_wait(sign_in: Any, person: User) -> None:
    for _ in range(12):
        sign_in("alice", "wrong")
        cache.clear()
    row = last_explained()
    assert (row.finding, row.error) == (Found.LIMITED, "throttled")
    assert row.number is not None
    assert row.number >= 1


def test_an_unproved_address_is_explained(make_person: MakePerson) -> None:
    make_person("bob", verified=False)
    by_api("bob", PASSWORD)
    assert last_explained().finding == Found.ADDRESS_UNPROVED


def test_a_wrong_code_and_a_challenge_that_is_over_are_told_apart(person: User, totp: Any) -> None:
    challenge = by_api("alice", PASSWORD).json()["challenge"]
    answer = {"challenge": challenge, "code": "000000"}
    Browser().post("/api/token/", answer, content_type="application/json")
    assert [(row.finding, row.person) for row in explained()] == [(Found.SECOND_FACTOR_WRONG, person.pk)]
    Browser().post("/api/token/", answer | {"challenge": "nothing"}, content_type="application/json")
    assert last_explained().finding == Found.CHALLENGE_OVER


def test_who_signs_in_leaves_nothing(person: User) -> None:
    assert by_page("alice", PASSWORD).status_code == 302
    assert by_api("alice", PASSWORD).status_code == 200
    assert explained() == []
