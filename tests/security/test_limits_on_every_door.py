"""Every door by which a stranger guesses, or has us send mail, is limited by itself: without the library's own limits."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.people import PASSWORD
from tests.security.waits import lengthen_waits
from trust.limits import rates
from trust.limits.conf import ADDRESS_CHANGE, ADDRESS_CHANGE_BY_ADDRESS, MAIL, RESET_BY_ADDRESS, SIGN_UP_BY_ADDRESS

pytestmark = pytest.mark.django_db
ELSEWHERE = "203.0.113.77"


@pytest.fixture(autouse=True)
def ours_alone(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def reset(email, **named):
    return Client().post("/accounts/password/reset/", {"email": email}, **named)


def sign_up(email, **named):
    return Client().post("/accounts/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD}, **named)


def ask_for_code(email, **named):
    return Client().post("/accounts/login/code/", {"email": email}, **named)


MAILING = [reset, sign_up, ask_for_code]


def says_so_plainly(answer):
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1
    assert "Too many tries" in answer.content.decode()
    return True


@pytest.mark.parametrize("door", MAILING)
@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_mails_to_one_address_are_counted_before_anything_is_looked_up(person, door, email, deliver_mail):
    for number in range(MAIL.free):
        assert door(email, REMOTE_ADDR=f"198.51.100.{number}").status_code == 302
    lengthen_waits(MAIL.free)
    sent = len(deliver_mail())
    people = User.objects.count()
    assert says_so_plainly(door(email, REMOTE_ADDR=ELSEWHERE))
    assert (len(deliver_mail()), User.objects.count(), sent) == (0, people, MAIL.free)


def test_the_doors_count_mails_together_whatever_the_spelling(person):
    for number in range(MAIL.free):
        MAILING[number % 3](["alice@example.com", "ALICE@example.com", " Alice@Example.com "][number % 3])
    lengthen_waits(MAIL.free)
    assert [door("alice@example.com").status_code for door in MAILING] == [429] * 3
    assert reset("bob@example.com").status_code == 302


def test_the_count_survives_the_loss_of_the_cache():
    for _ in range(MAIL.free):
        reset("nobody@example.com")
        cache.clear()
    lengthen_waits(MAIL.free)
    assert reset("nobody@example.com").status_code == 429


@pytest.mark.parametrize(("door", "policy"), [(reset, RESET_BY_ADDRESS), (sign_up, SIGN_UP_BY_ADDRESS)])
def test_one_address_is_limited_over_all_recipients(door, policy):
    for _ in range(policy.attempts):
        rates.take(policy, ELSEWHERE)
    assert says_so_plainly(door("one.more@example.com", REMOTE_ADDR=ELSEWHERE))
    assert door("one.more@example.com").status_code == 302


@pytest.fixture
def browser(person):
    made = Client()
    made.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    made.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return made


def change(browser, email, action="action_add", **named):
    return browser.post("/accounts/email/", {"email": email, action: ""}, **named)


def test_changes_of_address_are_counted_by_person(browser):
    for number in range(ADDRESS_CHANGE.free):
        assert change(browser, f"new{number}@example.com").status_code == 302
    lengthen_waits(ADDRESS_CHANGE.free)
    assert says_so_plainly(change(browser, "one.more@example.com"))


def test_a_link_sent_again_is_counted_as_a_change(browser, deliver_mail):
    change(browser, "new@example.com")
    for _ in range(ADDRESS_CHANGE.free - 1):
        assert change(browser, "new@example.com", "action_send").status_code == 302
    lengthen_waits(ADDRESS_CHANGE.free)
    assert says_so_plainly(change(browser, "new@example.com", "action_send"))


def test_changes_of_address_are_limited_by_address(browser):
    for _ in range(ADDRESS_CHANGE_BY_ADDRESS.attempts):
        rates.take(ADDRESS_CHANGE_BY_ADDRESS, ELSEWHERE)
    assert says_so_plainly(change(browser, "new@example.com", REMOTE_ADDR=ELSEWHERE))


def test_a_sign_in_sends_the_link_again_only_so_often(make_person, deliver_mail):
    """Who knows the password of an account never verified must not fill the mailbox of its address."""
    make_person("bob", verified=False)
    for _ in range(MAIL.free + 3):
        cache.clear()
        Client().post("/accounts/login/", {"login": "bob", "password": PASSWORD})
        lengthen_waits(MAIL.free)
    assert len(deliver_mail()) == MAIL.free


def test_test_beds_switch_them_off(settings):
    settings.RATE_LIMITS = False
    for _ in range(MAIL.free + 3):
        assert reset("nobody@example.com").status_code == 302
