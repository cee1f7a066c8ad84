"""Pages that want a recent proof: asked of everybody, in the way that each has."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.db.models import F
from django.test import Client

from accounts.models import Session, User
from tests.people import PASSWORD, MakePerson
from tests.recently_proved import let_the_proof_grow_old, recently_proved

pytestmark = pytest.mark.django_db
PAGES = ["/accounts/data/", "/accounts/delete/", "/accounts/data/00000000-0000-0000-0000-000000000007/"]


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_asked_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_a_sign_in_alone_is_not_enough_where_there_is_a_password(client: Client, person: User, path: str) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/accounts/reauthenticate/?next={path.replace('/', '%2F')}",
    )


def test_the_proof_leads_back_to_the_page(client: Client, person: User) -> None:
    client.force_login(person)
    asked = client.get("/accounts/data/")["Location"]
    answer = client.post(asked, {"password": PASSWORD, "next": "/accounts/data/"})
    assert answer["Location"] == "/accounts/data/"
    assert client.get("/accounts/data/").status_code == 200


def test_a_proof_is_good_for_five_minutes(person: User) -> None:
    client = recently_proved(person)
    let_the_proof_grow_old(client, seconds=290)
    assert client.get("/accounts/delete/").status_code == 200
    let_the_proof_grow_old(client, seconds=20)
    assert client.get("/accounts/delete/").status_code == 302


def test_what_was_sent_too_late_is_not_done_by_itself_after_the_proof(person: User) -> None:
    client = recently_proved(person)
    let_the_proof_grow_old(client, seconds=400)
    answer = client.post("/accounts/delete/", {"confirmation": "alice"})
    assert answer["Location"] == "/accounts/delete/"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/delete/"})
    assert User.objects.by_id(person.pk).get().is_active


def test_who_signs_in_elsewhere_alone_proves_it_there(client: Client, make_person: MakePerson) -> None:
    """The library lets such a person through."""
    app = SocialApp.objects.create(provider="openid_connect", provider_id="corp", name="Corp", client_id="c")
    app.settings = {"server_url": "https://idp.example"}
    app.save()
    carol = make_person("carol", password=None)
    SocialAccount.objects.create(user=carol, provider="corp", uid="u")
    client.force_login(carol)
    assert "/oidc/corp/" in client.get("/accounts/delete/")["Location"]
    assert User.objects.by_id(carol.pk).get().is_active


def test_who_has_nothing_to_prove_with_signs_in_anew(client: Client, make_person: MakePerson) -> None:
    carol = make_person("carol", password=None)
    client.force_login(carol)
    assert client.get("/accounts/delete/").status_code == 200
    Session.objects.update(auth_time=F("auth_time") - timedelta(minutes=6))
    answer = client.get("/accounts/delete/")
    assert answer["Location"] == "/accounts/logout/"
