"""Nobody learns who has an account: status, headers and every page after it are the same, but for what was typed.

How long an answer takes is for tests/reliability/test_enumeration_by_time.py.
"""

import re

import pytest
from django.test import Client

from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
# The person and the nobody; names of one length, so that lengths can be compared.
KNOWN, UNKNOWN = "alice@example.com", "nobod@example.com"
OF_THE_MOMENT = {"X-Request-ID", "Expires"}
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')


def sign_in(browser, email):
    return browser.post("/accounts/login/", {"login": email, "password": "wrong"})


def sign_in_by_name(browser, email):
    return browser.post("/accounts/login/", {"login": email.partition("@")[0], "password": "wrong"})


def sign_up(browser, email):
    return browser.post("/accounts/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD})


def reset(browser, email):
    return browser.post("/accounts/password/reset/", {"email": email})


def ask_for_code(browser, email):
    return browser.post("/accounts/login/code/", {"email": email})


def give_code(browser, email):
    ask_for_code(browser, email)
    return browser.post("/accounts/login/code/confirm/", {"code": "BBBB-BBBB"})


def give_codes(browser, email):
    ask_for_code(browser, email)
    return [browser.post("/accounts/login/code/confirm/", {"code": "BBBB-BBBB"}) for _ in range(3)][-1]


def by_api(browser, email):
    form = {"username": email, "password": "wrong"}
    return browser.post("/api/token/", form, content_type="application/json")


def seen(door, email):
    """Return all that somebody sees of a door: the answer and, where it leads on, the page there."""
    browser = Client()
    answers = [door(browser, email)]
    while location := answers[-1].headers.get("Location"):
        answers.append(browser.get(location))
    return [
        (
            answer.status_code,
            {name: sorted(value.split("; ")) for name, value in answer.items() if name not in OF_THE_MOMENT},
            sorted(answer.cookies),
            _text(answer, email),
        )
        for answer in answers
    ]


def _text(answer, email):
    text = CHANGING.sub("", answer.content.decode())
    return text.replace(email, "(the address)").replace(email.partition("@")[0], "(the name)")


DOORS = [sign_in, sign_in_by_name, sign_up, reset, ask_for_code, give_code, give_codes, by_api]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", ["active", "disabled", "unverified"])
def test_known_and_unknown_accounts_are_answered_alike(door, kind, make_person):
    person = make_person("alice", verified=kind != "unverified")
    if kind == "disabled":
        person.is_active = False
        person.save()
    assert seen(door, KNOWN) == seen(door, UNKNOWN)


@pytest.mark.parametrize("door", [sign_up, ask_for_code, reset])
def test_each_gets_one_mail_so_that_sending_tells_nothing(door, person, deliver_mail):
    for email in (KNOWN, UNKNOWN):
        door(Client(), email)
        assert [message.to for message in deliver_mail()] == [[email]]


@pytest.mark.parametrize("setting", ["invite", "closed"])
def test_a_mail_to_nobody_offers_no_sign_up_that_is_not_there(settings, client, deliver_mail, setting):
    settings.SIGNUP = setting
    reset(client, UNKNOWN)
    [message] = deliver_mail()
    assert "/accounts/signup/" not in message.body + message.alternatives[0][0]
