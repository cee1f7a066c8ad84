"""ui_locales: every page on the way to a client speaks the language that it asks for, unless the person chose one."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from tests.clients import Application
from tests.clients import app as app
from tests.people import PASSWORD
from tests.proofs import set_up_authenticator

pytestmark = pytest.mark.django_db

KOREAN = {"ui_locales": "fr-CA ko en"}


@pytest.fixture
def application(person, app):
    made = Application(app)
    made.sign_in()
    return made


def language(page):
    assert page.status_code in {200, 400, 403}, page
    return re.search(r'<html lang="([^"]*)"', page.content.decode())[1]


def led_to(application, answer):
    page = application.browser.get(answer["Location"], follow=True)
    return application.browser.get(page["Location"]) if page.status_code == 302 else page


def test_the_sign_in_and_what_follows_it(person, totp, app):
    application = Application(app)
    answer = application.authorize(**KOREAN)
    assert language(led_to(application, answer)) == "ko"
    path = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    wrong = application.browser.post("/accounts/login/", {"login": "alice", "password": "wrong", "next": path})
    assert language(wrong) == "ko"
    half = application.browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD, "next": path})
    assert urlsplit(half["Location"]).path == "/accounts/2fa/authenticate/"
    assert language(led_to(application, half)) == "ko"
    assert language(application.browser.post("/accounts/2fa/authenticate/", {"code": "000000"})) == "ko"
    whole = application.browser.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert language(led_to(application, whole)) == "ko"


def test_the_sign_up_and_the_page_that_waits_for_its_mail(app):
    application = Application(app)
    answer = application.authorize(**KOREAN, prompt="create")
    assert language(led_to(application, answer)) == "ko"
    path = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    newcomer = {"email": "carol@example.com", "password1": PASSWORD, "password2": PASSWORD, "next": path}
    assert language(led_to(application, application.browser.post("/accounts/signup/", newcomer))) == "ko"


def test_sign_up_that_is_closed(app, settings):
    settings.SIGNUP = "closed"
    application = Application(app)
    assert language(led_to(application, application.authorize(**KOREAN, prompt="create"))) == "ko"


def test_the_page_that_asks_for_the_password_again_and_for_the_second_factor(application):
    assert language(led_to(application, application.authorize(**KOREAN, prompt="login"))) == "ko"
    set_up_authenticator(application.browser)
    again = {"nonce": "2", "state": "2", "code_challenge": "2" * 43}
    assert language(led_to(application, application.authorize(**KOREAN, **again, acr_values="aal2"))) == "ko"


def test_consent_choice_answer_and_refusals(application):
    assert language(application.authorize(**KOREAN)) == "ko"
    assert language(application.authorize(**KOREAN, prompt="select_account", state="2", nonce="2")) == "ko"
    assert language(application.authorize(**KOREAN, redirect_uri="https://evil.example/")) == "ko"
    assert language(application.authorize(**KOREAN, response_mode="form_post", prompt="none")) == "ko"
    assert language(application.decide("deny", **KOREAN, response_mode="form_post", state="3", nonce="3")) == "ko"
    application.client.groups.add(Group.objects.create(name="few"))
    assert language(application.authorize(**KOREAN)) == "ko"


def test_what_the_person_chose_goes_before_it(application):
    application.browser.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert language(application.authorize(**KOREAN)) == "en"
    assert language(led_to(application, application.authorize(**KOREAN, prompt="login"))) == "en"


def test_it_is_of_this_request_alone(application):
    assert language(application.authorize(**KOREAN)) == "ko"
    assert language(application.browser.get("/accounts/")) == "en"
    assert language(application.authorize()) == "en"


@pytest.mark.parametrize("asked", ["", "xx", "x" * 2000, "zz-ZZ -- ../.. é \t", " ".join(["fr"] * 600)])
def test_what_we_do_not_speak_is_no_error(application, asked):
    answer = application.authorize(ui_locales=asked, claims_locales=asked, display=asked)
    assert language(answer) == "en"


def test_what_is_refused_at_the_door_does_not_speak_the_language_of_who_came_before(application):
    assert language(led_to(application, application.authorize(**KOREAN, prompt="login"))) == "ko"
    for accepted, spoken in (("en", "en"), ("ko", "ko"), ("", "en")):
        refused = Browser().get("/oauth/authorize?client_id=%00", headers={"accept-language": accepted})
        assert language(refused) == spoken
