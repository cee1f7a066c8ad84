"""Sign-in by a code in a mail: one factor, a few minutes, once; what else the account asks is still asked."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import Session
from accounts.services import people
from accounts.vocabulary import Acr
from tests.explained import last_explained
from trust.explain.vocabulary import Found
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
ASK, GIVE = "/accounts/login/code/", "/accounts/login/code/confirm/"
ALICE = "alice@example.com"
Deliver = Callable[[], list[mail.EmailMessage]]


@pytest.fixture
def code_for(deliver_mail: Deliver) -> Callable[..., str]:
    """Ask for a code in a browser and read it from the mail."""

    def read(browser: Client, email: str = ALICE, **more: str) -> str:
        answer = browser.post(ASK, {"email": email} | more)
        assert answer.status_code == 302
        return re.search(r"^[A-Z]{4}-[A-Z]{4}$", deliver_mail()[-1].body, re.MULTILINE)[0]

    return read


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.mark.spec("RFC 8176", "2")
def test_a_code_signs_in_as_one_factor(client, person, code_for):
    answer = client.post(GIVE, {"code": code_for(client)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/")
    session = Session.objects.of_user(person.pk).get()
    assert (session.acr, session.amr) == (Acr.AAL1, "otp")


def test_the_sign_in_page_leads_there(client):
    assert ASK in client.get("/accounts/login/").content.decode()


def test_the_code_may_be_given_without_its_dash_and_in_any_case(client, person, code_for):
    client.post(GIVE, {"code": f" {code_for(client).replace('-', ' ').lower()} "})
    assert is_signed_in(client)


def test_a_second_factor_is_still_asked_for(client, person, totp, code_for):
    answer = client.post(GIVE, {"code": code_for(client)})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    session = Session.objects.of_user(person.pk).get()
    assert (session.acr, session.amr) == (Acr.AAL2, "mfa otp")


def test_a_code_is_good_once(client, person, code_for):
    code = code_for(client)
    saved = client.cookies["sessionid"].value
    client.post(GIVE, {"code": code})
    again = Client()
    again.cookies["sessionid"] = saved
    again.post(GIVE, {"code": code})
    assert Session.objects.of_user(person.pk).count() == 1


def test_a_wrong_code_is_explained_to_staff_without_it(client, person, code_for):
    code_for(client)
    client.post(GIVE, {"code": "WRNG-CODE"})
    row = last_explained()
    assert (row.finding, row.person, row.came) == (Found.MAILED_CODE_WRONG, person.pk, "")


def test_a_code_is_good_for_a_few_minutes(client, person, code_for, monkeypatch):
    code, now = code_for(client), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    answer = client.post(GIVE, {"code": code})
    assert (answer["Location"], is_signed_in(client)) == (ASK, False)


def test_three_wrong_codes_end_it(client, person, code_for):
    code = code_for(client)
    answers = [client.post(GIVE, {"code": "BBBB-BBBB"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 302]
    client.post(GIVE, {"code": code})
    assert not is_signed_in(client)


def test_it_leads_on_to_where_the_person_was_going(client, person, code_for):
    code = code_for(client, next="/accounts/sessions/")
    assert client.get(GIVE).status_code == 200
    assert client.post(GIVE, {"code": code, "next": "/accounts/sessions/"})["Location"] == "/accounts/sessions/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_leads_nowhere_else(client, person, code_for, target):
    answer = client.post(GIVE, {"code": code_for(client, next=target), "next": target})
    assert answer["Location"] == "/accounts/"


def test_an_address_never_proved_gets_the_link_that_proves_it(client, make_person, deliver_mail):
    """A stranger may have made the account, with a password of theirs: a code would sign its victim in to it."""
    make_person("bob", verified=False)
    client.post(ASK, {"email": "bob@example.com"})
    [message] = deliver_mail()
    assert "/accounts/confirm-email/" in message.body
    assert not re.search(r"^[A-Z]{4}-[A-Z]{4}$", message.body, re.MULTILINE)
    assert not EmailAddress.objects.get(user__username="bob").verified


def test_an_unknown_address_is_told_so_by_mail_alone(client, deliver_mail):
    client.post(ASK, {"email": "nobody@example.com"})
    [message] = deliver_mail()
    assert message.to == ["nobody@example.com"]
    assert "no account" in message.body


def test_a_disabled_person_gets_none(client, person, deliver_mail):
    people.deactivate(user=person, actor=None, origin=Origin())
    client.post(ASK, {"email": ALICE})
    assert not any(re.search(r"^[A-Z]{4}-[A-Z]{4}$", message.body, re.MULTILINE) for message in deliver_mail())


def test_who_is_disabled_meanwhile_does_not_come_in(client, person, code_for):
    code = code_for(client)
    people.deactivate(user=person, actor=None, origin=Origin())
    client.post(GIVE, {"code": code})
    assert not is_signed_in(client)


def test_cancel_goes_back_to_the_sign_in_page(client, person, code_for):
    code = code_for(client)
    client.post("/accounts/logout/", {"next": "/accounts/login/"})
    assert client.get("/accounts/login/").status_code == 200
    client.post(GIVE, {"code": code})
    assert not is_signed_in(client)


def test_the_mail_says_the_same_as_text_and_as_html(client, person, code_for):
    code = code_for(client)
    message = mail.outbox[-1]
    assert code in message.alternatives[0][0]
    assert "http://testserver" in message.body


def test_the_password_stays_what_it_was(client, person, code_for):
    client.post(GIVE, {"code": code_for(client)})
    before = person.password
    person.refresh_from_db()
    assert (person.password, person.has_long_password) == (before, True)
