"""Whoever guesses at an account must not keep its person out; nor may what lets them in help who guesses."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import KnownDevice, User
from accounts.services import people
from tests.accounts.api.client import Api
from tests.people import PASSWORD, MakePerson
from tests.security.waits import lengthen_waits
from trust.lib.origin import Origin
from trust.limits.conf import SIGN_IN_FROM_KNOWN_DEVICE
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db


def enter(browser: Client, password: str = PASSWORD, login: str = "alice") -> bool:
    browser.post("/accounts/login/", {"login": login, "password": password})
    return "_auth_user_id" in browser.session


def lock_out() -> None:
    for number in range(11):
        Api(REMOTE_ADDR=f"203.0.113.{number}").post("/api/token/", {"username": "alice", "password": "wrong"})
    lengthen_waits()


def with_marks(*marks: str) -> Client:
    browser = Client()
    browser.cookies[settings.DEVICE_COOKIE_NAME] = ".".join(marks)
    return browser


@pytest.fixture
def mark(person: User) -> str:
    """The mark of Alice's own browser, which she has signed out of."""
    browser = Client()
    assert enter(browser)
    return str(browser.cookies[settings.DEVICE_COOKIE_NAME].value)


def test_the_person_signs_in_from_their_own_browser_while_strangers_are_shut_out(mark: str) -> None:
    lock_out()
    assert not enter(Client())
    assert enter(with_marks(mark))


def test_a_success_there_opens_the_account_elsewhere_again(mark: str) -> None:
    lock_out()
    assert enter(with_marks(mark))
    assert enter(Client())


def test_they_prove_themselves_once_more_and_change_the_password_there(mark: str, person: User) -> None:
    browser = with_marks(mark)
    enter(browser)
    lock_out()
    assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    lock_out()
    new = "quite another passphrase"
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)


def test_a_known_device_has_few_guesses_counted_before_they_are_judged(mark: str) -> None:
    for _ in range(SIGN_IN_FROM_KNOWN_DEVICE.free):
        assert not enter(with_marks(mark), "wrong")
    lengthen_waits()
    assert not enter(with_marks(mark))


def test_a_known_devices_guesses_end_though_one_waits(mark: str) -> None:
    device = KnownDevice.objects.get()
    enter(with_marks(mark), "wrong")
    used_up = {"count": SIGN_IN_FROM_KNOWN_DEVICE.most, "open_at": "2020-01-01 00:00:00+00:00"}
    GuessCounter.objects.filter(key__startswith="known-device:").update(**used_up)
    assert not enter(with_marks(mark))
    assert KnownDevice.objects.get() == device


def test_its_guesses_count_for_the_account_too(mark: str) -> None:
    """Else each device would add its guesses to those of the strangers, one after the other."""
    for _ in range(10):
        enter(with_marks(mark), "wrong")
    lengthen_waits()
    assert not enter(Client())


@pytest.mark.parametrize("forged", ["a" * 22, "A" * 22, "", "." * 8])
def test_an_invented_mark_has_no_guesses_of_its_own(mark: str, forged: str) -> None:
    lock_out()
    assert not enter(with_marks(forged))


def test_many_marks_in_one_cookie_are_no_more_guesses(mark: str) -> None:
    lock_out()
    assert not enter(with_marks(*(f"{number:022}" for number in range(100))))


def test_another_persons_mark_is_none(mark: str, make_person: MakePerson) -> None:
    make_person("mallory")
    browser = Client()
    enter(browser, login="mallory")
    lock_out()
    assert not enter(with_marks(browser.cookies[settings.DEVICE_COOKIE_NAME].value))


def test_who_used_the_browser_before_knows_no_mark_of_its_next_person(make_person: MakePerson) -> None:
    """Mallory signs in at a shared computer, notes the cookie, and waits for Alice to sign in there."""
    shared = Client()
    for name in ("mallory", "alice"):
        make_person(name)
        enter(shared, login=name)
        noted = shared.cookies[settings.DEVICE_COOKIE_NAME].value if name == "mallory" else noted  # noqa: F821
        shared.post("/accounts/logout/")
    lock_out()
    assert not enter(with_marks(noted))


def test_a_digest_out_of_the_database_is_no_mark(mark: str) -> None:
    lock_out()
    assert not enter(with_marks(KnownDevice.objects.get().digest))


def test_what_a_program_calls_itself_is_no_mark_of_this_kind(person: User) -> None:
    """A name and a network can be had by others, so they spare a mail and give no guesses."""
    program = Api(REMOTE_ADDR="198.51.100.7", headers={"user-agent": "notes/1.0"})
    assert program.post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 200
    lock_out()
    assert program.post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429


def test_a_reset_takes_the_guesses_of_devices_away(mark: str, person: User) -> None:
    people.replace_password(user=person, password="quite another passphrase", keep=None, origin=Origin())
    lock_out()
    assert not enter(with_marks(mark), "quite another passphrase")


def test_a_known_device_still_needs_the_second_factor(mark: str, totp) -> None:
    browser = with_marks(mark)
    assert not enter(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert "_auth_user_id" in browser.session


def test_the_answer_tells_nothing_of_marks_or_people(mark: str, make_person: MakePerson) -> None:
    """With a cookie or without, known or not, for a person or for nobody: a wrong password is told alike."""
    make_person("bob")
    answers = {
        (login, cookie): with_marks(cookie).post("/accounts/login/", {"login": login, "password": "wrong"})
        for login in ("alice", "bob", "nobody")
        for cookie in (mark, "a" * 22)
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    assert len({str(answer.context["form"].errors) for answer in answers.values()}) == 1
    assert not any(settings.DEVICE_COOKIE_NAME in answer.cookies for answer in answers.values())
