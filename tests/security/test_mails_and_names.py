"""What mails and answers give away: the Host header, who has an account, closed sign-up."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import people
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

FORM = {"email": "new@example.com", "username": "new", "password1": PASSWORD, "password2": PASSWORD}


@pytest.mark.parametrize("host", ["evil.example", "testserver:99", "localhost"])
def test_links_in_mails_lead_to_the_issuer_whatever_the_host_header(client, person, deliver_mail, host):
    """GHSA-2wmj-46rj-qm2w, CVE-2026-29067."""
    client.post("/accounts/password/reset/", {"email": "alice@example.com"}, headers={"host": host})
    deliver_mail()
    for message in mail.outbox:
        assert "evil.example" not in message.body
        assert "http://testserver/accounts/password/reset/key/" in message.body


def test_sign_up_answers_alike_for_known_and_unknown_addresses(client, person, deliver_mail):
    new = client.post("/accounts/signup/", FORM)
    client.logout()
    known = client.post("/accounts/signup/", FORM | {"email": "ALICE@example.com", "username": "other"})
    assert (new.status_code, new["Location"]) == (known.status_code, known["Location"])
    deliver_mail()
    assert [message.to for message in mail.outbox] == [["new@example.com"], ["alice@example.com"]]
    assert User.objects.count() == 2


def test_reset_answers_alike_for_known_and_unknown_addresses(client, person):
    known = client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_closed_sign_up_is_closed_for_posts_too(client, settings):
    """CVE-2024-49757: registration off only hid the button."""
    settings.SIGNUP = "closed"
    client.post("/accounts/signup/", FORM)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("username", "al@ice", id="looks like an address"),
        pytest.param("username", "a" * 65, id="too long"),
        pytest.param("username", "al ice", id="a space"),
        pytest.param("username", "ALICE", id="taken in another case"),
        pytest.param("username", "ａlice", id="taken in another encoding"),
        pytest.param("password1", "fourteen chars", id="short password"),
        pytest.param("password1", "passwordpassword", id="passwords differ"),
        pytest.param("email", "not-an-address", id="no address"),
    ],
)
def test_sign_up_refuses(client, person, field, value):
    client.post("/accounts/signup/", FORM | {field: value})
    assert not User.objects.by_email("new@example.com").exists()


@pytest.mark.parametrize(
    "extra", [{"is_staff": "1"}, {"is_superuser": "on"}, {"is_active": "0"}, {"id": "1"}, {"groups": "1"}]
)
def test_sign_up_assigns_nothing_but_its_fields(client, extra):
    client.post("/accounts/signup/", FORM | extra)
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active, user.groups.count()) == (False, False, True, 0)


def test_a_person_without_a_chosen_name_gets_one_that_tells_nothing(client):
    client.post("/accounts/signup/", FORM | {"username": ""})
    assert User.objects.get().username.startswith("user-")


def test_one_address_and_one_username_whatever_the_case(person):
    """CVE-2019-19844 and the textbook's missing index."""
    for username, email in (("other", "ALICE@EXAMPLE.COM"), ("ALICE", "other@example.com")):
        with pytest.raises(IntegrityError), transaction.atomic():
            people.create_person(username=username, email=email, password=PASSWORD, verified=True)


def test_the_first_administrator_can_sign_in(client):
    """A5: a superuser without a verified address could not."""
    User.objects.create_superuser("root", "root@example.com", PASSWORD)
    assert EmailAddress.objects.get().verified
    response = client.post("/accounts/login/", {"login": "root", "password": PASSWORD})
    assert response.status_code == 302
    assert "_auth_user_id" in client.session


def test_a_verification_link_does_nothing_on_get(client, deliver_mail):
    import re

    client.post("/accounts/signup/", FORM)
    deliver_mail()
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body).group(1)
    client.get(link)
    assert not EmailAddress.objects.get().verified
    client.post(link)
    assert EmailAddress.objects.get().verified
