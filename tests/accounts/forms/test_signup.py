"""Sign-up: one account for an address, and one answer for everybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.people import PASSWORD, MakePerson

Deliver = Callable[[], list[EmailMessage]]
AT_ONCE = 8


def sign_up(client: Client, email: str = "dana@example.com", **fields: str) -> HttpResponse:
    form = {"email": email, "username": "", "password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("account_signup"), form | fields)


@pytest.mark.django_db
def test_a_username_is_made_up_that_does_not_tell_the_address(client: Client) -> None:
    assert sign_up(client).status_code == 302
    assert User.objects.get().username.startswith("user-")


@pytest.mark.django_db
def test_a_username_is_normalised_before_it_is_kept(client: Client) -> None:
    sign_up(client, username="\uff24\uff21\uff2e\uff21")
    assert User.objects.get().username == "DANA"


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["dana@example.com", "dana\uff20x", "da na", "\ufdfa" * 60, "a" * 65])
def test_refuses_a_username_that_is_none(client: Client, username: str) -> None:
    answer = sign_up(client, username=username)
    assert "username" in answer.context["form"].errors
    assert not User.objects.exists()


def test_refuses_the_username_of_another_whatever_its_case(client: Client, make_person: MakePerson) -> None:
    make_person("alice")
    assert "username" in sign_up(client, username="ALICE").context["form"].errors


def test_a_known_address_gets_the_answer_of_a_new_one(make_person: MakePerson, deliver_mail: Deliver) -> None:
    make_person("alice")
    stranger, other = Client(), Client()
    new, known = sign_up(stranger, email="dana@example.com"), sign_up(other, email="Alice@Example.com")
    assert (known.status_code, known.headers["Location"]) == (new.status_code, new.headers["Location"])
    pages = [visitor.get(new.headers["Location"]).content.decode() for visitor in (stranger, other)]
    said = [page.split("<main")[1].split("</main>")[0] for page in pages]
    assert said[0].replace("dana@", "alice@") == said[1]
    assert User.objects.count() == 2
    mails = {message.to[0]: message.subject for message in deliver_mail()}
    assert set(mails) == {"dana@example.com", "alice@example.com"}
    assert mails["dana@example.com"] != mails["alice@example.com"]


@pytest.mark.django_db(transaction=True)
def test_one_address_signed_up_many_times_at_once_makes_one_account() -> None:
    answers = all_at_once([{"email": "dana@example.com"}] * AT_ONCE)
    assert set(answers) == {(302, reverse("account_email_verification_sent"))}
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_username_signed_up_many_times_at_once_is_given_once() -> None:
    answers = all_at_once([{"email": f"dana{n}@example.com", "username": "dana"} for n in range(AT_ONCE)])
    assert sorted(status for status, _location in answers) == [200] * (AT_ONCE - 1) + [302]
    assert User.objects.count() == 1


def all_at_once(forms: list[dict[str, str]]) -> list[tuple[int, str]]:
    start = Barrier(len(forms))

    def one(form: dict[str, str]) -> tuple[int, str]:
        try:
            start.wait(timeout=10)
            answer = sign_up(Client(), **form)
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(one, forms))
