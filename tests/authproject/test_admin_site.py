from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import Session, User
from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person("admin", staff=True, superuser=True)


def _door(client: Client, path: str = "/admin/") -> tuple[str, dict[str, list[str]]]:
    """Follow the administration's own redirect once and return where its login sends."""
    first = client.get(path)
    assert first.status_code == 302
    assert first["Location"].startswith("/admin/login/?next=")
    sent = urlsplit(client.get(first["Location"])["Location"])
    return sent.path, parse_qs(sent.query)


def test_lets_staff_in_with_two_factors(client: Client, admin: User) -> None:
    sign_in_strongly(client, admin)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/?next=/admin/accounts/user/")["Location"] == "/admin/accounts/user/"


def test_sends_strangers_to_our_sign_in_page_and_back(client: Client) -> None:
    assert _door(client, "/admin/accounts/user/") == ("/accounts/login/", {"next": ["/admin/accounts/user/"]})


def test_shows_who_is_no_staff_a_403(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get("/admin/login/").status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403


def test_sends_staff_without_a_factor_to_set_one_up(client: Client, admin: User) -> None:
    client.force_login(admin)
    assert _door(client) == ("/accounts/2fa/", {})


def test_sends_staff_with_a_factor_to_give_it(client: Client, admin: User) -> None:
    TOTP.activate(admin, generate_totp_secret())
    client.force_login(admin)
    assert _door(client) == ("/accounts/2fa/prove-again/", {"next": ["/admin/"]})


def test_wants_a_new_proof_after_a_day(client: Client, admin: User) -> None:
    session = sign_in_strongly(client, admin)
    Session.objects.by_id(session.pk).update(auth_time=clock.now() - timedelta(hours=24, seconds=1))
    assert client.get("/admin/").status_code == 302


def test_is_not_kept_open_by_use_of_other_pages(client: Client, admin: User) -> None:
    session = sign_in_strongly(client, admin)
    Session.objects.by_id(session.pk).update(auth_time=clock.now() - timedelta(hours=2))
    assert client.get("/admin/").status_code == 302
    client.get("/accounts/profile/")
    assert client.get("/admin/").status_code == 302


def test_is_kept_open_by_its_own_use(client: Client, admin: User) -> None:
    session = sign_in_strongly(client, admin)
    client.get("/admin/")
    Session.objects.by_id(session.pk).update(auth_time=clock.now() - timedelta(hours=2))
    assert client.get("/admin/").status_code == 200


def test_shuts_at_once_for_who_is_staff_no_more(client: Client, admin: User) -> None:
    sign_in_strongly(client, admin)
    User.objects.by_id(admin.pk).update(is_staff=False)
    assert client.get("/admin/", follow=True).status_code == 403


def test_shuts_at_once_when_the_session_ends(client: Client, admin: User) -> None:
    session = sign_in_strongly(client, admin)
    Session.objects.by_id(session.pk).update(ended_at=clock.now())
    assert _door(client)[0] == "/accounts/login/"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_sends_nobody_to_another_site(client: Client, admin: User, wanted: str) -> None:
    sign_in_strongly(client, admin)
    assert client.get("/admin/login/", {"next": wanted})["Location"] == "/admin/"


def test_leaves_passwords_to_our_own_page(client: Client, admin: User) -> None:
    sign_in_strongly(client, admin)
    for path in ("/admin/password_change/", "/admin/password_change/done/"):
        assert client.get(path)["Location"] == "/accounts/password/change/"


def test_ends_the_session_with_its_own_sign_out(client: Client, admin: User) -> None:
    session = sign_in_strongly(client, admin)
    assert client.post("/admin/logout/").status_code == 200
    session.refresh_from_db()
    assert session.ended_at is not None


def test_takes_one_factor_where_the_setting_says_so(client: Client, admin: User, settings: Any) -> None:
    settings.ADMIN_TWO_FACTORS = False
    client.force_login(admin)
    assert client.get("/admin/").status_code == 200
