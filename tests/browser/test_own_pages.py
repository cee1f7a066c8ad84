"""Profile, devices, address and second factor, looked after in a browser."""

import pyotp
import pytest

from accounts.models import Session, User
from tests.browser.conftest import OpenMail, Visit
from tests.browser.visitor import follow
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def alice(live_server: object, make_person: MakePerson) -> User:
    return make_person("alice")


def test_a_profile_is_filled_in_and_greets_by_name(visit: Visit, alice: User) -> None:
    at_home = visit()
    at_home.sign_in("alice", PASSWORD)
    at_home.go("/accounts/profile/")
    at_home.send(given_name="Alice", family_name="Liddell", zoneinfo="Asia/Seoul")
    alice.refresh_from_db()
    assert (alice.given_name, alice.zoneinfo) == ("Alice", "Asia/Seoul")
    at_home.go("/accounts/")
    assert "Alice" in at_home.heading


def test_a_wrong_value_is_told_at_its_field(visit: Visit) -> None:
    at_home = visit()
    at_home.sign_in("alice", PASSWORD)
    at_home.go("/accounts/profile/")
    at_home.send(birthdate="yesterday")
    field = at_home.page.locator("[name=birthdate]")
    assert field.get_attribute("aria-invalid") == "true"
    described = (field.get_attribute("aria-describedby") or "").split()
    assert "id_birthdate_error" in described
    assert all(at_home.page.locator(f"#{part}").count() == 1 for part in described)


def test_a_device_is_signed_out_from_another(visit: Visit) -> None:
    at_home, at_work = visit(), visit()
    for place in (at_home, at_work):
        place.sign_in("alice", PASSWORD)
    at_home.go("/accounts/sessions/")
    assert at_home.page.locator(".devices > li").count() == 2
    follow(at_home.page.locator(".devices form button"))
    assert at_home.page.locator(".devices > li").count() == 1
    at_work.go("/accounts/")
    assert at_work.path == "/accounts/login/"
    at_home.go("/accounts/")
    assert at_home.is_signed_in


def test_all_other_devices_are_signed_out_at_once(visit: Visit, alice: User) -> None:
    at_home, *others = visit(), visit(), visit()
    for place in (*others, at_home):
        place.sign_in("alice", PASSWORD)
    at_home.go("/accounts/sessions/")
    follow(at_home.page.locator("form[action$='end-others/'] button"))
    assert at_home.is_signed_in
    assert Session.objects.of_user(alice.pk).alive().count() == 1
    for place in others:
        place.go("/accounts/")
        assert place.path == "/accounts/login/"


def test_the_address_changes_only_when_the_new_one_is_confirmed(visit: Visit, open_mail: OpenMail, alice: User) -> None:
    at_home = visit()
    at_home.sign_in("alice", PASSWORD)
    at_home.go("/accounts/email/")
    at_home.send(email="new@example.com")
    at_home.send(password=PASSWORD)
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    at_home.go(open_mail("new@example.com"))
    at_home.send()
    alice.refresh_from_db()
    assert alice.email == "new@example.com"


def test_a_second_factor_is_set_up_asked_for_and_turned_off(visit: Visit) -> None:
    at_home = visit()
    at_home.sign_in("alice", PASSWORD)
    at_home.go("/accounts/2fa/totp/activate/")
    at_home.send(password=PASSWORD)
    secret = at_home.page.locator(".secret").inner_text()
    at_home.send(code=pyotp.TOTP(secret).now())
    codes = at_home.page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    at_home.sign_out()

    at_home.sign_in("alice", PASSWORD)
    assert (at_home.path, at_home.is_signed_in) == ("/accounts/2fa/authenticate/", False)
    at_home.send(code=codes[0])
    assert at_home.is_signed_in

    at_home.go("/accounts/2fa/totp/deactivate/")
    at_home.send(password=PASSWORD)
    at_home.send()
    at_home.sign_out()
    at_home.sign_in("alice", PASSWORD)
    assert (at_home.path, at_home.is_signed_in) == ("/accounts/", True)
