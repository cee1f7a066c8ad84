"""The defects of allauth and of its defaults, one by one: ours is free of each. A7, A8: tests/accounts/external."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from accounts.models import Session, User
from accounts.services import people
from authproject.checks import check_deployment
from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.security.waits import lengthen_waits
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db


def sign_in(login: str, password: str = PASSWORD, **browser: str) -> Client:
    client = Client(**browser)
    client.post("/accounts/login/", {"login": login, "password": password})
    return client


def test_the_administrations_door_asks_for_the_second_factor(make_person):
    """A1: /admin/login/ took a password alone. More in test_admin_door."""
    make_person("root", staff=True, superuser=True)
    client = Client()
    client.post("/admin/login/", {"username": "root", "password": PASSWORD, "next": "/admin/"})
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302


def test_limits_and_used_codes_are_not_the_caches(person, totp):
    """A2: with a cache per process, each process had its own lock, and a code worked once in each."""
    challenge, code = _challenge(), totp.now()
    assert Api().post("/api/token/", {"challenge": challenge, "code": code}).status_code == 200
    cache.clear()
    again = Api().post("/api/token/", {"challenge": _challenge(), "code": code})
    assert again.json()["code"] == "invalid_code"
    for _ in range(10):
        Api().post("/api/token/", {"username": "alice", "password": "wrong"})
        cache.clear()
    lengthen_waits()
    assert Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429


def test_a_cache_per_process_is_refused_in_production(settings):
    """A2."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert "authproject.E004" in {found.id for found in check_deployment(None)}


def test_behind_a_proxy_clients_are_told_apart(person, settings):
    """A3: behind a proxy every client was one address."""
    settings.TRUSTED_PROXY_COUNT = 1
    for address in ("203.0.113.1", "203.0.113.2"):
        sign_in("alice", HTTP_X_FORWARDED_FOR=f"6.6.6.6, {address}")
    assert set(Session.objects.values_list("client_address", flat=True)) == {"203.0.113.1", "203.0.113.2"}


def test_the_secrets_of_factors_are_sealed(person, totp, recovery_codes):
    """A4: the secret of the app and the seed of the recovery codes stood in clear."""
    kept = str(list(Authenticator.objects.values("data")))
    assert totp.secret not in kept
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert seed.startswith("gAAAA")
    assert not any(code in kept for code in recovery_codes)


def test_the_first_administrator_can_sign_in(monkeypatch):
    """A5: without a verified address the first administrator was sent to verify one."""
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    call_command("create_first_administrator", verbosity=0)
    assert sign_in("admin").get("/accounts/").status_code == 200
    User.objects.create_superuser("second", "second@example.com", PASSWORD)
    assert sign_in("second").get("/accounts/").status_code == 200


def test_there_is_one_authentication_backend():
    """A6: a second one was a second hash, and a door without limits."""
    assert settings.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]


def test_the_permissions_of_staff_still_hold(make_person):
    """A6: the one backend knows Django's permissions too."""
    from django.contrib.auth.models import Permission

    staff = make_person("staff", staff=True)
    assert not staff.has_perm("accounts.view_user")
    staff.user_permissions.add(Permission.objects.get(codename="view_user"))
    assert User.objects.get(pk=staff.pk).has_perm("accounts.view_user")


def test_a_clock_half_a_minute_off_still_signs_in(person, totp):
    """A9: no drift was forgiven."""
    import time

    challenge = _challenge()
    before = totp.at(int(time.time()) - 30)
    assert Api().post("/api/token/", {"challenge": challenge, "code": before}).status_code == 200


def test_a_clock_two_minutes_off_does_not(person, totp):
    """A9: nor is more forgiven than one step."""
    import time

    for off in (-120, 120):
        code = totp.at(int(time.time()) + off)
        answer = Api().post("/api/token/", {"challenge": _challenge(), "code": code})
        assert answer.json()["code"] == "invalid_code"


def test_where_a_second_factor_is_demanded_a_password_alone_does_not_do(make_person):
    """A10: the library cannot demand one; the administration does, by the level of the session."""
    make_person("root", staff=True, superuser=True)
    client = sign_in("root")
    assert client.get("/accounts/").status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/", follow=True).request["PATH_INFO"] == "/accounts/2fa/"


def test_a_locked_account_opens_by_the_mailed_link(person):
    """A11: a stranger can lock an account at the password; its owner has another way in."""
    for _ in range(10):
        Api().post("/api/token/", {"username": "alice", "password": "wrong"})
    lengthen_waits()
    assert Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429
    people.replace_password(user=person, password="a quite different passphrase", keep=None, origin=Origin())
    answer = Api().post("/api/token/", {"username": "alice", "password": "a quite different passphrase"})
    assert answer.status_code == 200


def test_a_locked_account_keeps_its_sessions(person):
    """A11: who is signed in stays so, and goes on refreshing."""
    api = Api()
    pair = api.sign_in(person)
    for _ in range(12):
        Api().post("/api/token/", {"username": "alice", "password": "wrong"})
    assert api.get("/api/me/").status_code == 200
    assert Api().post("/api/token/refresh/", {"refresh": pair["refresh"]}).status_code == 200


def test_a_blank_password_is_never_right(make_person):
    """allauth 65.11.1: a blank password instead of an unusable one."""
    make_person(password=None)
    for password in ("", " ", "!", "None"):
        assert sign_in("alice", password).get("/accounts/").status_code == 302
        Api().post("/api/token/", {"username": "alice", "password": password})
    assert not Session.objects.exists()


def test_a_success_elsewhere_does_not_clear_the_count(person, make_person):
    """allauth 65.8.1: one's own sign-in between the guesses cleared the limit."""
    make_person("mallory")
    for _ in range(10):
        Api().post("/api/token/", {"username": "alice", "password": "wrong"})
        sign_in("mallory")
    lengthen_waits()
    assert Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429


def test_nobody_gets_a_second_address_without_proving_it(person):
    """allauth 65.12.1: a flaw in the change of address."""
    client = sign_in("alice")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.com"})
    for action in ("action_primary", "action_remove"):
        client.post("/accounts/email/", {action: "", "email": "alice@example.com"})
        client.post("/accounts/email/", {action: "", "email": "new@example.com"})
    assert EmailAddress.objects.get(primary=True).email == "alice@example.com"
    assert User.objects.get().email == "alice@example.com"


def _challenge() -> str:
    return str(Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).json()["challenge"])
