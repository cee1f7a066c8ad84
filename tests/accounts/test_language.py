"""The language: what was chosen in this browser, then the account's, then the client's ui_locales, then the browser's."""

import re

import pytest
from django.test import Client

from tests.clients import Application
from tests.clients import app as app
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
KOREAN = {"accept-language": "ko"}


@pytest.fixture
def korean(make_person):
    """A person whose account speaks Korean."""
    person = make_person()
    person.locale = "ko-KR"
    person.save()
    return person


def language(page):
    return re.search(r'<html lang="([^"]*)"', page.content.decode())[1]


def signed_in():
    browser = Client()
    assert browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD}).status_code == 302
    return browser


@pytest.mark.parametrize("locale", ["ko", "ko-KR", "ko_KR", "KO-kr"])
def test_the_account_goes_before_the_browser(korean, locale):
    korean.locale = locale
    korean.save()
    answer = signed_in().get("/accounts/profile/", headers={"accept-language": "en"})
    assert (language(answer), answer["Content-Language"]) == ("ko", "ko")


@pytest.mark.parametrize("locale", ["", "xx", "fr-CA", "-", "x" * 35, "../ko"])
def test_an_account_without_a_language_of_ours_leaves_it_to_the_browser(person, locale):
    person.locale = locale
    person.save()
    assert language(signed_in().get("/accounts/profile/", headers=KOREAN)) == "ko"
    assert language(signed_in().get("/accounts/profile/", headers={"accept-language": "en"})) == "en"


def test_what_was_chosen_in_this_browser_goes_before_the_account(korean):
    browser = signed_in()
    browser.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert language(browser.get("/accounts/profile/")) == "en"


def test_the_account_goes_before_what_a_client_asks_for(korean, app):
    application = Application(app)
    application.sign_in()
    assert language(application.authorize(ui_locales="en")) == "ko"
    again = application.authorize(ui_locales="en", prompt="login", state="2", nonce="2")
    assert language(application.browser.get(again["Location"])) == "ko"


def test_before_the_sign_in_what_the_client_asks_for_goes_before_the_browser(korean, app):
    application = Application(app)
    answer = application.authorize(ui_locales="en")
    assert language(application.browser.get(answer["Location"], headers=KOREAN)) == "en"


def test_it_is_of_this_request_alone(korean):
    signed_in().get("/accounts/profile/")
    assert language(Client().get("/accounts/login/")) == "en"


def test_who_signs_out_is_spoken_to_as_the_browser_says(korean):
    browser = signed_in()
    browser.post("/accounts/logout/")
    assert language(browser.get("/accounts/login/")) == "en"


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_mails_are_in_the_persons_language_whoever_asks(korean, client, deliver_mail, path):
    client.post(path, {"email": korean.email}, headers={"accept-language": "en"})
    [message] = deliver_mail()
    assert '<html lang="ko">' in message.alternatives[0][0]


def test_mails_to_nobody_we_know_are_in_the_language_of_who_asked(client, deliver_mail):
    client.post("/accounts/password/reset/", {"email": "nobody@example.com"}, headers=KOREAN)
    [message] = deliver_mail()
    assert '<html lang="ko">' in message.alternatives[0][0]


def test_a_known_address_at_sign_up_is_written_to_in_its_persons_language(korean, client, deliver_mail):
    client.post("/accounts/signup/", {"email": korean.email, "password1": PASSWORD, "password2": PASSWORD})
    [message] = deliver_mail()
    assert '<html lang="ko">' in message.alternatives[0][0]
