"""Attacks on the sign-in by a mailed code: guesses from many sides, skipped steps, the addresses of others."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import Session, SignInChallenge
from tests.security.waits import lengthen_waits
from trust.limits import guesses
from trust.limits.conf import CODE_BY_ADDRESS, MAIL, MAILED_CODE
from trust.limits.models import GuessCounter

ASK, GIVE = "/accounts/login/code/", "/accounts/login/code/confirm/"
ALICE = "alice@example.com"
AT_ONCE = 8


def ask(browser, email=ALICE, **named):
    return browser.post(ASK, {"email": email}, **named)


def code_in(messages):
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", messages[-1].body, re.MULTILINE)[0]


def at_once(browser, codes):
    """Give codes in one browser session from as many threads."""
    start, cookie = Barrier(len(codes)), browser.cookies["sessionid"].value

    def give(code):
        try:
            own = Client()
            own.cookies["sessionid"] = cookie
            start.wait(timeout=10)
            return own.post(GIVE, {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(codes)) as threads:
        return list(threads.map(give, codes))


@pytest.mark.django_db(transaction=True)
def test_one_code_given_many_times_at_once_signs_in_once(person, deliver_mail):
    browser = Client()
    ask(browser)
    at_once(browser, [code_in(deliver_mail())] * AT_ONCE)
    assert Session.objects.of_user(person.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_do_not_overtake_the_count(person, deliver_mail):
    """CVE-2024-4629: the session's own count is read, changed and written; the database's is one statement."""
    browser = Client()
    ask(browser)
    code = code_in(deliver_mail())
    at_once(browser, ["BBBB-BBBB"] * AT_ONCE)
    counted = GuessCounter.objects.get(pk__startswith="one-mailed-code:")
    assert counted.count == 3
    browser.post(GIVE, {"code": code})
    assert not Session.objects.of_user(person.pk).exists()


@pytest.mark.django_db
def test_new_codes_give_no_new_guesses_at_the_account(person, deliver_mail):
    for number in range(4):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        ask(browser)
        for _ in range(3):
            browser.post(GIVE, {"code": "BBBB-BBBB"})
    lengthen_waits()
    late = Client()
    guesses.reset(MAIL, ALICE)
    ask(late)
    late.post(GIVE, {"code": code_in(deliver_mail())})
    assert not Session.objects.of_user(person.pk).exists()


@pytest.mark.django_db
def test_a_right_code_forgets_the_wrong_ones(client, person, deliver_mail):
    ask(client)
    client.post(GIVE, {"code": "BBBB-BBBB"})
    client.post(GIVE, {"code": code_in(deliver_mail())})
    assert not GuessCounter.objects.filter(pk__startswith="mailed-code:").filter(count__gt=1).exists()
    assert not GuessCounter.objects.filter(pk__startswith="mail:").exists()


@pytest.mark.django_db
def test_the_code_is_of_the_browser_that_asked(person, deliver_mail):
    mine, other = Client(), Client()
    ask(mine)
    code = code_in(deliver_mail())
    ask(other, "nobody@example.com")
    other.post(GIVE, {"code": code})
    assert not Session.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", " ", "-", "\x00", "é" * 8, "B" * 5000])
@pytest.mark.parametrize("email", [ALICE, "nobody@example.com"])
def test_no_code_is_no_code(client, person, email, code):
    """allauth compares with an empty one where there is none: nothing must equal it."""
    ask(client, email)
    assert client.post(GIVE, {"code": code}).status_code in {200, 302, 400}
    assert not Session.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/authenticate/",
        "/accounts/",
        "/accounts/confirm-email/",
        "/accounts/reauthenticate/",
        "/accounts/login/",
    ],
)
def test_the_code_cannot_be_skipped(client, person, totp, path):
    """CVE-2026-18963: a step skipped by going to the next one."""
    ask(client)
    for answer in (client.get(path), client.post(path, {"code": totp.now()}), client.post(path, {})):
        assert answer.status_code in {200, 302, 400, 403, 405}
    assert "_auth_user_id" not in client.session
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_an_address_only_asked_to_change_to_signs_nobody_in(client, person, deliver_mail):
    EmailAddress.objects.create(user=person, email="stranger@example.com", verified=False, primary=False)
    ask(client, "stranger@example.com")
    assert "no account" in deliver_mail()[-1].body


@pytest.mark.django_db
def test_a_code_to_an_address_that_the_person_gave_up_is_dead(client, person, deliver_mail):
    ask(client)
    person.email = "new@example.com"
    person.save()
    EmailAddress.objects.filter(user=person).update(email="new@example.com")
    client.post(GIVE, {"code": code_in(deliver_mail())})
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_code_and_a_password_are_not_two_factors(client, person, deliver_mail):
    from accounts.authentication import summed_up
    from trust.lib import clock

    at = clock.now().timestamp()
    proved = summed_up([{"method": "password", "at": at}, {"method": "code", "at": at}], now=clock.now())
    assert (proved.acr, proved.amr) == ("aal1", ("otp", "pwd"))


@pytest.mark.django_db
def test_no_json_door_takes_a_mailed_code(client, person, deliver_mail):
    ask(client)
    answer = client.post(
        "/api/token/", {"username": "alice", "code": code_in(deliver_mail())}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert not SignInChallenge.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("email", [ALICE, "nobody@example.com"])
def test_mails_to_one_address_are_counted_whoever_asks(person, email, deliver_mail):
    for number in range(MAIL.free):
        cache.clear()
        assert ask(Client(), email, REMOTE_ADDR=f"198.51.100.{number}").status_code == 302
    lengthen_waits()
    answer = ask(Client(), email)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1
    assert len(deliver_mail()) == MAIL.free


@pytest.mark.django_db
def test_codes_asked_for_from_one_address_are_counted(settings):
    for number in range(CODE_BY_ADDRESS.attempts):
        assert ask(Client(), f"nobody{number}@example.com").status_code == 302
    assert ask(Client(), "one.more@example.com").status_code == 429


@pytest.mark.django_db
def test_the_limit_of_all_guesses_is_nists():
    assert MAILED_CODE.most == 100
