"""A1: the administration's own password form signed staff in without their second factor. Ours has no such form."""

import pyotp
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts.models import Session, User
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person("admin", staff=True, superuser=True)


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/login/?next=/admin/", "/admin/", "/admin/accounts/user/"])
def test_a1_right_credentials_at_the_administration_sign_nobody_in(client: Client, admin: User, path: str) -> None:
    for name in (admin.username, admin.email):
        client.post(path, {"username": name, "password": PASSWORD, "this_is_the_login_form": "1", "next": "/admin/"})
        assert SESSION_KEY not in client.session
    assert not Session.objects.exists()


def test_a1_the_administration_shows_no_password_form(client: Client, admin: User) -> None:
    client.force_login(admin)
    for path in ("/admin/login/", "/admin/login/?next=/admin/"):
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302
            assert b"password" not in answer.content


def test_a1_a_password_alone_does_not_open_the_administration(client: Client, admin: User) -> None:
    TOTP.activate(admin, generate_totp_secret())
    client.post("/accounts/login/", {"login": "admin", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    assert SESSION_KEY not in client.session


def test_a1_password_and_code_open_the_administration(client: Client, admin: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(admin, secret)
    client.post("/accounts/login/?next=/admin/", {"login": "admin", "password": PASSWORD})
    answer = client.post("/accounts/2fa/authenticate/", {"code": pyotp.TOTP(secret).now()})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a1_a_factor_given_later_opens_the_administration(client: Client, admin: User) -> None:
    client.post("/accounts/login/", {"login": "admin", "password": PASSWORD})
    secret = generate_totp_secret()
    TOTP.activate(admin, secret)
    assert client.get("/admin/").status_code == 302
    proof = "/accounts/2fa/reauthenticate/?next=/admin/"
    answer = client.post(proof, {"code": pyotp.TOTP(secret).now()})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
