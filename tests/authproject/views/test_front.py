"""The front page: what this is, and the ways in."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User


def links(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_a_stranger_finds_the_ways_in_and_the_documentation(client: Client) -> None:
    page = links(client)
    for name in ("account_login", "account_signup", "api_docs"):
        assert f'href="{reverse(name).rstrip("/")}' in page


@pytest.mark.django_db
def test_no_way_to_sign_up_is_shown_where_there_is_none(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.SIGNUP = "closed"
    assert reverse("account_signup") not in links(client)
    assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()
    answer = client.get(reverse("account_signup"))
    assert "<form" not in answer.content.decode().split("<main")[1].split("</main>")[0]


def test_a_person_who_is_signed_in_finds_the_way_to_their_account(client: Client, person: User) -> None:
    client.force_login(person)
    page = links(client)
    assert f'href="{reverse("account_overview")}"' in page
    assert f'href="{reverse("account_login")}"' not in page
