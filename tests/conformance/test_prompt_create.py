"""Initiating User Registration via OpenID Connect 1.0, and the choice of an account (OpenID Connect Core 3.1.2.1)."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.models import User
from tests.clients import Application, answer_of
from tests.people import PASSWORD
from tests.proofs import page_of

pytestmark = pytest.mark.django_db

CREATE = {"prompt": "create"}
NEWCOMER = {"email": "carol@example.com", "username": "carol", "password1": PASSWORD, "password2": PASSWORD}


def next_of(address):
    return parse_qs(urlsplit(address).query)["next"][0]


def link(page, words):
    """Return where the link of these words leads to."""
    main = page.content.decode().partition("<main")[2]
    found = re.search(rf'<a [^>]*?href="([^"]*)"[^>]*>{re.escape(words)}</a>', main)
    assert found, words
    return html.unescape(found[1])


@pytest.mark.spec("Initiating User Registration via OpenID Connect 1.0", "4.1")
def test_who_is_signed_out_signs_up(app):
    application = Application(app)
    answer = application.authorize(**CREATE)
    assert page_of(answer) == "/accounts/signup/"
    page = application.browser.get(answer["Location"])
    assert "Then you go on to The App." in page.content.decode()


@pytest.mark.spec("Initiating User Registration via OpenID Connect 1.0", "4.1")
def test_who_signs_up_ends_at_the_client_by_the_mail(app, deliver_mail):
    application = Application(app)
    answer = application.authorize(**CREATE)
    signed_up = application.browser.post("/accounts/signup/", NEWCOMER | {"next": next_of(answer["Location"])})
    assert page_of(signed_up) == "/accounts/confirm-email/"
    mail = re.search(r"http://testserver(/accounts/confirm-email/\S+)", deliver_mail()[-1].body)
    confirmed = application.browser.post(mail[1])
    assert page_of(confirmed) == "/accounts/login/"
    signed_in = application.browser.post(confirmed["Location"], {"login": "carol", "password": PASSWORD})
    assert signed_in["Location"] == next_of(answer["Location"])
    assert b'name="decision" value="allow"' in application.browser.get(signed_in["Location"]).content
    assert "code" in answer_of(application.decide(**CREATE))
    assert User.objects.get(username="carol").is_active


@pytest.mark.spec("Initiating User Registration via OpenID Connect 1.0", "4.1")
def test_who_opens_the_mail_elsewhere_signs_in_and_ends_at_the_client(app, client, deliver_mail):
    application = Application(app)
    answer = application.authorize(**CREATE)
    application.browser.post("/accounts/signup/", NEWCOMER | {"next": next_of(answer["Location"])})
    mail = re.search(r"http://testserver(/accounts/confirm-email/\S+)", deliver_mail()[-1].body)
    assert client.post(mail[1]).status_code == 302
    waiting = application.browser.get("/accounts/confirm-email/")
    sign_in = link(waiting, "To the sign-in page")
    assert next_of(sign_in) == next_of(answer["Location"])
    signed_in = application.browser.post(sign_in, {"login": "carol", "password": PASSWORD})
    assert signed_in["Location"] == next_of(answer["Location"])
    assert b'name="decision" value="allow"' in application.browser.get(signed_in["Location"]).content


@pytest.mark.spec("Initiating User Registration via OpenID Connect 1.0", "4.1")
def test_who_has_an_account_after_all_signs_in_and_ends_at_the_client(person, app):
    application = Application(app)
    answer = application.authorize(**CREATE)
    sign_in = link(application.browser.get(answer["Location"]), "Sign in")
    assert next_of(sign_in) == next_of(answer["Location"])
    signed_in = application.browser.post(sign_in, {"login": "alice", "password": PASSWORD})
    assert b'name="decision" value="allow"' in application.browser.get(signed_in["Location"]).content


@pytest.mark.spec("Initiating User Registration via OpenID Connect 1.0", "4.1")
def test_where_sign_up_is_closed_a_page_says_so_and_leads_to_the_sign_in(person, app, settings):
    settings.SIGNUP = "closed"
    application = Application(app)
    answer = application.authorize(**CREATE)
    page = application.browser.get(answer["Location"])
    assert "No new accounts" in page.content.decode()
    sign_in = link(page, "Sign in with an account that you have")
    signed_in = application.browser.post(sign_in, {"login": "alice", "password": PASSWORD})
    assert b'name="decision" value="allow"' in application.browser.get(signed_in["Location"]).content


@pytest.mark.spec("Initiating User Registration via OpenID Connect 1.0", "4.1")
@pytest.mark.parametrize(
    ("prompt", "signup", "words"),
    [
        ("create", "open", "Create another account"),
        ("create", "closed", "Use another account"),
        ("create", "invite", "Use another account"),
        ("select_account", "open", "Use another account"),
    ],
)
def test_who_is_signed_in_is_asked_as_whom_to_go_on(application, settings, prompt, signup, words):
    settings.SIGNUP = signup
    page = application.authorize(prompt=prompt)
    assert (page.status_code, b"Continue as alice" in page.content) == (200, True)
    leave = link(page, words)
    assert page_of({"Location": leave}) == "/accounts/logout/"
    left = application.browser.post(leave)
    answer = application.browser.get(left["Location"])
    assert page_of(answer) == ("/accounts/signup/" if prompt == "create" else "/accounts/login/")


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("prompt", ["select_account", "create", "select_account consent"])
def test_who_goes_on_as_they_are_is_not_asked_twice(application, prompt):
    application.code()
    application.authorize(prompt=prompt)
    chosen = application.decide("continue", prompt=prompt)
    assert chosen.status_code == 303
    answer = application.browser.get(chosen["Location"])
    if "consent" in prompt:
        answer = application.decide("allow", prompt=prompt)
    assert "code" in answer_of(answer)
    assert application.authorize(prompt=prompt).status_code == 200  # another request asks again


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_the_choice_is_not_skipped_by_another_decision(application):
    application.code()
    for decision in ("allow", "deny", "Continue", ""):
        answer = application.decide(decision, prompt="select_account")
        assert (answer.status_code, b"Continue as alice" in answer.content) == (200, True)


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.6")
def test_a_choice_that_is_open_is_told_where_no_page_may_be_shown(application):
    application.code()
    application.authorize(prompt="select_account")
    assert answer_of(application.authorize(prompt="none"))["error"] == "account_selection_required"


@pytest.mark.spec("Initiating User Registration via OpenID Connect 1.0", "4")
@pytest.mark.parametrize(("signup", "is_listed"), [("open", True), ("invite", False), ("closed", False)])
def test_the_metadata_lists_it_only_where_strangers_may_sign_up(client, settings, signup, is_listed):
    settings.SIGNUP = signup
    metadata = client.get("/.well-known/openid-configuration").json()
    assert ("create" in metadata["prompt_values_supported"]) is is_listed
