"""The devices page shows one's own sessions and ends them, and nobody else's."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from tests.people import MakePerson


def signed_in(person: User, user_agent: str = "curl/8.5.0") -> Client:
    client = Client(headers={"user-agent": user_agent})
    client.force_login(person)
    client.get(reverse("account_overview"))
    return client


def session_of(client: Client) -> uuid.UUID:
    return uuid.UUID(client.session["sid"])


def is_in(client: Client) -> bool:
    return client.get(reverse("account_overview")).status_code == 200


def test_shows_the_living_sessions_and_which_is_this(make_person: MakePerson) -> None:
    alice = make_person("alice")
    here, there, gone = signed_in(alice), signed_in(alice), signed_in(alice)
    signed_in(make_person("bob"))
    gone.post(reverse("account_logout"))
    devices = here.get(reverse("account_sessions")).context["devices"]
    assert {device.session.pk: device.is_this for device in devices} == {
        session_of(here): True,
        session_of(there): False,
    }


def test_ends_one_session(person: User) -> None:
    here, there = signed_in(person), signed_in(person)
    answer = here.post(reverse("account_session_end", args=[session_of(there)]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_sessions"))
    assert (is_in(here), is_in(there)) == (True, False)


def test_ends_all_sessions_but_this(person: User) -> None:
    here, *others = (signed_in(person) for _ in range(3))
    here.post(reverse("account_sessions_end_others"))
    assert (is_in(here), [is_in(other) for other in others]) == (True, [False, False])


def test_a_foreign_session_does_not_exist(make_person: MakePerson) -> None:
    here, foreign = signed_in(make_person("alice")), signed_in(make_person("bob"))
    assert here.post(reverse("account_session_end", args=[session_of(foreign)])).status_code == 404
    assert here.post(reverse("account_session_end", args=[uuid.uuid4()])).status_code == 404
    assert is_in(foreign)


@pytest.mark.parametrize("name", ["account_session_end", "account_sessions_end_others"])
def test_ends_nothing_by_get_or_without_the_token_of_the_form(person: User, name: str) -> None:
    there = signed_in(person)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(person)
    url = reverse(name, args=[session_of(there)] if name == "account_session_end" else [])
    assert forged.get(url).status_code == 405
    assert forged.post(url).status_code == 403
    assert is_in(there)


def test_what_a_program_calls_itself_is_shown_as_text_alone(person: User) -> None:
    here = signed_in(person)
    Session.objects.of_user(person.pk).update(client_address="<b>", user_agent="<script>alert(1)</script>")
    page = here.get(reverse("account_sessions")).content.decode()
    assert "<script>" not in page
    assert "<b>" not in page
