"""Links in mails change nothing by GET or HEAD: mail scanners open them before anybody reads the mail."""

import html
import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client

from accounts.models import User
from accounts.services import closing
from tests.invitations import invite
from tests.people import PASSWORD
from trust.lib import clock
from trust.lib.origin import Origin
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db
# A browser's own memory of where it is: of who opens the link, and of nobody else.
NOT_LOOKED_AT = {BrowserSession, GuessCounter}
LINK = re.compile(r"http://testserver(/[^\s\"<>]*)")


def everything():
    """Return all rows of all tables, but for when a session was last used."""
    rows = {}
    for model in apps.get_models():
        if model in NOT_LOOKED_AT or not model._meta.managed:
            continue
        names = [field.attname for field in model._meta.concrete_fields if field.attname != "last_seen"]
        rows[model._meta.label] = sorted(map(repr, model._base_manager.values_list(*names)))
    return rows


def links_in(messages):
    texts = [part for message in messages for part in (message.body, html.unescape(message.alternatives[0][0]))]
    return sorted({link for text in texts for link in LINK.findall(text)})


def signed_in(login="alice"):
    browser = Client()
    assert browser.post("/accounts/login/", {"login": login, "password": PASSWORD}).status_code == 302
    return browser


def ask_to_change(browser, email):
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert browser.post("/accounts/email/", {"email": email, "action_add": ""}).status_code == 302


@pytest.fixture
def messages(person, make_person, deliver_mail, settings):
    """Every mail that holds a link, each sent by what a person does."""
    make_person("bob", verified=False)
    stranger = Client()
    for email in ("dana@example.com", "alice@example.com"):
        form = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
        Client().post("/accounts/signup/", form)
    for email in ("alice@example.com", "bob@example.com", "nobody@example.com"):
        stranger.post("/accounts/password/reset/", {"email": email})
        Client().post("/accounts/login/code/", {"email": email})
    Client().post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    browser = signed_in()
    ask_to_change(browser, "new@example.com")
    changed = {
        "oldpassword": PASSWORD,
        "password1": "quite another passphrase",
        "password2": "quite another passphrase",
    }
    browser.post("/accounts/password/change/", changed)
    sent = deliver_mail()
    make_person("carol")
    closing.close(user=User.objects.get(username="carol"), now=clock.now(), origin=Origin())
    return [*sent, *deliver_mail()]


def test_every_link_in_every_mail_changes_nothing_by_get_or_head(messages, person):
    kinds = ("confirm-email/", "password/reset/key/", "signup/", "password/reset/", "sessions/")
    links = links_in(messages)
    assert all(any(kind in link for link in links) for kind in kinds)
    scanner, owner, other = Client(), Client(), Client()
    owner.force_login(User.objects.get(pk=person.pk))
    other.force_login(User.objects.get(email="dana@example.com"))
    before = everything()
    for link in links:
        for browser in (scanner, owner, other):
            for ask in (browser.get, browser.head):
                assert ask(link, follow=True).status_code < 500
    assert everything() == before
    assert "_auth_user_id" not in scanner.session
    for browser in (owner, other):
        assert "_auth_user_id" in browser.session


def test_the_link_of_an_invitation_changes_nothing_by_get_or_head(settings):
    settings.SIGNUP = "invite"
    path = invite()
    before = everything()
    for ask in (Client().get, Client().head):
        assert ask(path, follow=True).status_code == 200
    assert everything() == before


def test_opening_somebody_elses_link_signs_nobody_out(person, deliver_mail):
    """The library signed out whoever was signed in, when they opened the link of another account."""
    Client().post("/accounts/signup/", {"email": "dana@example.com", "password1": PASSWORD, "password2": PASSWORD})
    [link] = [link for link in links_in(deliver_mail()) if "confirm-email" in link]
    browser = signed_in()
    browser.get(link)
    assert "_auth_user_id" in browser.session
    browser.post(link)
    assert EmailAddress.objects.get(email="dana@example.com").verified
    assert browser.session["_auth_user_id"] == str(person.pk)


@pytest.fixture
def change_link(person, deliver_mail):
    """Alice, an attacker today, asks to change her address to that of her victim, Bob."""
    ask_to_change(signed_in(), "bob@victim.example")
    [link] = [link for link in links_in(deliver_mail()) if "confirm-email" in link]
    return link


def test_a_victim_cannot_be_had_to_confirm_an_attackers_change(change_link, make_person):
    """Keycloak CVE-2025-7365 and its like: who opens the mail at the address is not who asked for it."""
    make_person("bob", email="bob@victim.example")
    for browser in (Client(), signed_in("bob")):
        browser.get(change_link)
        browser.post(change_link)
    assert not EmailAddress.objects.get(email="bob@victim.example", user__username="alice").verified
    assert User.objects.get(username="alice").email == "alice@example.com"


def test_a_change_is_confirmed_by_who_asked_for_it(change_link):
    browser = signed_in()
    assert browser.get(change_link).status_code == 200
    browser.post(change_link)
    assert User.objects.get(username="alice").email == "bob@victim.example"


def test_who_is_not_signed_in_is_sent_to_the_sign_in_and_back(change_link):
    answer = Client().get(change_link)
    assert urlsplit(answer["Location"]).path == "/accounts/login/"
    browser = Client()
    back = browser.post(answer["Location"], {"login": "alice", "password": PASSWORD})
    assert back["Location"] == change_link


def test_another_account_is_told_so(change_link, make_person):
    make_person("carol")
    assert "for another account" in signed_in("carol").get(change_link).content.decode()


def test_a_link_of_verification_is_good_once(deliver_mail):
    Client().post("/accounts/signup/", {"email": "dana@example.com", "password1": PASSWORD, "password2": PASSWORD})
    [link] = [link for link in links_in(deliver_mail()) if "confirm-email" in link]
    assert Client().post(link).status_code == 302
    assert Client().post(link).status_code == 404


def test_opening_a_reset_link_signs_nobody_out_and_choosing_a_password_does(person, make_person, deliver_mail):
    make_person("bob")
    Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    [link] = [link for link in links_in(deliver_mail()) if "reset/key" in link]
    browser = signed_in("bob")
    form = browser.get(link, follow=True)
    assert "_auth_user_id" in browser.session
    chosen = {"password1": "quite another passphrase", "password2": "quite another passphrase"}
    assert browser.post(form.request["PATH_INFO"], chosen).status_code == 302
    assert "_auth_user_id" not in browser.session
