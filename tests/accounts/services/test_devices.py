"""Devices are met once: a new one is told of, a known one is not, and what is forgotten is new again."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts.conf import DEVICE_MEMORY, DEVICES_OF_A_PERSON, MARKS_OF_A_BROWSER
from accounts.models import KnownDevice, User
from accounts.services import housekeeping, people
from tests.accounts.api.client import Api
from tests.notices import Deliver, subjects
from tests.people import PASSWORD, MakePerson
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

NEWS = "A new device signed in"
PHONE = {"headers": {"user-agent": "notes/1.0"}, "REMOTE_ADDR": "203.0.113.7"}


def sign_in(browser: Client, login: str = "alice", password: str = PASSWORD) -> Client:
    answer = browser.post("/accounts/login/", {"login": login, "password": password})
    assert answer.status_code == 302
    return browser


def by_json(**defaults: object) -> None:
    assert Api(**defaults).post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 200


def marks(browser: Client) -> list[str]:
    return browser.cookies[settings.DEVICE_COOKIE_NAME].value.split(".")


def test_the_first_device_of_an_account_is_no_news(person: User, deliver_mail: Deliver) -> None:
    sign_in(Client())
    assert deliver_mail() == []
    assert KnownDevice.objects.count() == 1


def test_another_device_is_told_of_once(person: User, deliver_mail: Deliver) -> None:
    sign_in(Client())
    other = Client()
    for _ in range(3):
        sign_in(other)
        other.post("/accounts/logout/")
    assert subjects(deliver_mail()) == [NEWS]


def test_a_sign_in_that_waits_for_its_code_is_not_whole(person: User, totp, deliver_mail: Deliver) -> None:
    browser = sign_in(Client())
    assert settings.DEVICE_COOKIE_NAME not in browser.cookies
    assert not KnownDevice.objects.exists()
    browser.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert KnownDevice.objects.count() == len(marks(browser)) == 1


def test_the_mark_is_kept_by_digest_and_renewed_at_each_sign_in(person: User) -> None:
    browser = sign_in(Client())
    (mark,) = marks(browser)
    device = KnownDevice.objects.get()
    assert mark not in device.digest
    KnownDevice.objects.update(last_seen=clock.now() - timedelta(days=9))
    browser.post("/accounts/logout/")
    del browser.cookies[settings.DEVICE_COOKIE_NAME]["max-age"]
    sign_in(browser)
    assert marks(browser) == [mark]
    assert browser.cookies[settings.DEVICE_COOKIE_NAME]["max-age"] == DEVICE_MEMORY.total_seconds()
    assert KnownDevice.objects.get().last_seen > device.last_seen


def test_the_cookie_is_not_for_scripts_and_for_no_other_site(person: User) -> None:
    cookie = sign_in(Client()).cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_people_who_share_a_browser_have_marks_of_their_own(make_person: MakePerson, deliver_mail: Deliver) -> None:
    browser = Client()
    for name in ("alice", "bob"):
        make_person(name)
        sign_in(browser, name).post("/accounts/logout/")
    first, second = marks(browser)
    assert first != second
    for name in ("alice", "bob"):
        sign_in(browser, name).post("/accounts/logout/")
    assert sorted(marks(browser)) == sorted([first, second])
    assert deliver_mail() == []


def test_nonsense_in_the_cookie_is_left_out(person: User) -> None:
    for nonsense in ("", "x", "." * 50, "é" * 22, "a" * 22 + "." + "b" * 4000):
        browser = Client()
        browser.cookies[settings.DEVICE_COOKIE_NAME] = nonsense
        sign_in(browser)
        assert len(marks(browser)[-1]) == 22
        assert len(marks(browser)) <= MARKS_OF_A_BROWSER


def test_a_program_is_known_by_its_name_and_its_network(person: User, deliver_mail: Deliver) -> None:
    for version, address in (("1.0", "203.0.113.7"), ("1.1", "203.0.113.200"), ("2.0", "203.0.113.7")):
        by_json(REMOTE_ADDR=address, headers={"user-agent": f"notes/{version}"})
    assert deliver_mail() == []
    by_json(REMOTE_ADDR="203.0.114.7", headers={"user-agent": "notes/1.0"})
    by_json(REMOTE_ADDR="203.0.113.7", headers={"user-agent": "curl/8.5.0"})
    assert subjects(deliver_mail()) == [NEWS, NEWS]


def test_an_ipv6_network_is_a_site(person: User, deliver_mail: Deliver) -> None:
    for address in ("2001:db8:7:1::1", "2001:db8:7:ffff::2"):
        by_json(REMOTE_ADDR=address)
    assert deliver_mail() == []
    by_json(REMOTE_ADDR="2001:db8:8::1")
    assert subjects(deliver_mail()) == [NEWS]


def test_a_mailbox_is_not_buried(person: User, deliver_mail: Deliver) -> None:
    for _ in range(13):
        sign_in(Client())
    assert subjects(deliver_mail()) == [NEWS] * 10


def test_signing_out_all_others_forgets_the_others(person: User, deliver_mail: Deliver) -> None:
    here, there = sign_in(Client()), sign_in(Client())
    deliver_mail()
    here.post("/accounts/sessions/end-others/")
    here.post("/accounts/logout/")
    sign_in(here)
    assert deliver_mail() == []
    sign_in(there)
    assert subjects(deliver_mail()) == [NEWS]


def test_a_reset_password_forgets_every_device(person: User, deliver_mail: Deliver) -> None:
    here = sign_in(Client())
    people.replace_password(user=person, password="quite another passphrase", keep=None, origin=Origin())
    assert not KnownDevice.objects.exists()
    deliver_mail()
    here.post("/accounts/logout/")
    sign_in(here, password="quite another passphrase")
    assert subjects(deliver_mail()) == [NEWS]


def test_a_password_changed_here_forgets_the_devices_elsewhere(person: User) -> None:
    here, _there = sign_in(Client()), sign_in(Client())
    fields = {"oldpassword": PASSWORD, "password1": "another passphrase", "password2": "another passphrase"}
    here.post("/accounts/password/change/", fields)
    here.post("/accounts/logout/")
    sign_in(here, password="another passphrase")
    assert KnownDevice.objects.count() == len(marks(here)) == 1


def test_devices_are_forgotten_beyond_a_number_and_after_a_year(person: User) -> None:
    ago = clock.now() - timedelta(days=1)
    rows = [KnownDevice(user=person, digest=f"{n:064}", last_seen=ago) for n in range(DEVICES_OF_A_PERSON)]
    KnownDevice.objects.bulk_create(rows)
    sign_in(Client())
    assert KnownDevice.objects.count() == DEVICES_OF_A_PERSON
    housekeeping.clear(now=clock.now() + DEVICE_MEMORY - timedelta(hours=1))
    assert KnownDevice.objects.count() == 1
