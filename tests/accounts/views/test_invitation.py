"""Sign-up by invitation: the link leads to the form with the address fixed, and the account is ready at once."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Invitation, User
from tests.invitations import invite
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
FORM = {"email": "dana@example.com", "username": "dana", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def by_invitation(settings):
    settings.SIGNUP = "invite"


def test_the_link_leads_to_the_sign_up_with_the_address_fixed(client):
    answer = client.get(invite(), follow=True)
    assert answer.redirect_chain == [("/accounts/signup/", 302)]
    field = answer.context["form"]["email"]
    assert (field.value(), field.field.disabled) == ("dana@example.com", True)


def test_the_account_is_made_and_its_address_is_proved(client):
    client.get(invite())
    answer = client.post("/accounts/signup/", FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/")
    dana = User.objects.get(username="dana")
    assert dana.has_verified_email
    assert client.session["_auth_user_id"] == str(dana.pk)
    assert Invitation.objects.get().used_at is not None


def test_without_an_invitation_the_page_says_that_one_is_needed(client):
    page = client.get("/accounts/signup/")
    assert "by invitation" in page.content.decode()
    client.post("/accounts/signup/", FORM)
    assert not User.objects.exists()


def test_the_sign_in_page_offers_no_sign_up(client):
    assert "/accounts/signup/" not in client.get("/accounts/login/").content.decode()


def test_an_invitation_works_where_sign_up_is_open_too(client, settings):
    settings.SIGNUP = "open"
    client.get(invite())
    client.post("/accounts/signup/", FORM)
    assert EmailAddress.objects.get(email="dana@example.com").verified


def test_none_works_where_sign_up_is_closed(client, settings):
    path = invite()
    settings.SIGNUP = "closed"
    client.get(path)
    client.post("/accounts/signup/", FORM)
    assert not User.objects.filter(username="dana").exists()


def test_who_makes_a_mistake_in_the_form_goes_on_with_the_same_invitation(client):
    client.get(invite())
    wrong = client.post("/accounts/signup/", FORM | {"password1": "short", "password2": "short"})
    assert wrong.context["form"]["email"].value() == "dana@example.com"
    assert client.post("/accounts/signup/", FORM).status_code == 302


@pytest.mark.parametrize("secret", ["nonsense", "x" * 300, "%00", "é", ".."])
def test_a_link_that_is_none_says_so(secret):
    answer = Client().get(f"/accounts/invitation/{secret}/")
    assert answer.status_code in {400, 404}
