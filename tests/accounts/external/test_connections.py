"""Connecting an account elsewhere to one's own here, and taking it away: only by who is signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client as Browser

from accounts.models import Session, User
from tests.accounts.external.conftest import Configure
from tests.accounts.external.issuer import Issuer, Visitor
from tests.people import PASSWORD, MakePerson
from trust.audit.models import AuditEvent

PAGE = "/accounts/3rdparty/"


@pytest.fixture
def alice(visitor: Visitor, person: User) -> Visitor:
    """Alice, signed in here, with an account at corp that is not connected."""
    sign_in(visitor.browser)
    return visitor


def sign_in(browser: Browser) -> None:
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})


def prove(browser: Browser) -> Any:
    """Give the password once more, which connecting and disconnecting ask for."""
    return browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def connect(alice: Visitor) -> None:
    assert alice.sign_in("?process=connect")["Location"] == "/accounts/reauthenticate/"
    assert prove(alice.browser)["Location"] == PAGE


def test_connects_after_the_password_was_given_once_more(alice: Visitor, person: User) -> None:
    alice.sign_in("?process=connect")
    assert not SocialAccount.objects.exists()
    prove(alice.browser)
    assert SocialAccount.objects.get().user == person


def test_who_connected_can_sign_in_by_the_provider_whatever_the_address(
    alice: Visitor, issuer: Issuer, person: User
) -> None:
    connect(alice)
    later = Visitor(issuer)
    later.sign_in()
    assert later.is_signed_in
    assert User.objects.get() == person


def test_the_address_here_stays_as_it_was(alice: Visitor, person: User) -> None:
    connect(alice)
    assert [known.email for known in person.emailaddress_set.all()] == ["alice@example.com"]


def test_tells_the_person_by_mail_and_the_audit(alice: Visitor, deliver_mail: Callable[..., list[Any]]) -> None:
    connect(alice)
    mails = deliver_mail()
    assert "An account at Corp was connected to yours" in mails[-1].body
    assert AuditEvent.objects.filter(action="person.factor_changed").exists()


def test_ends_the_other_sessions(alice: Visitor, issuer: Issuer) -> None:
    other = Visitor(issuer)
    sign_in(other.browser)
    connect(alice)
    assert alice.is_signed_in
    assert not other.is_signed_in


def test_an_account_of_somebody_else_is_not_taken_over(alice: Visitor, issuer: Issuer, make_person: MakePerson) -> None:
    bob = Visitor(issuer)
    bob.sign_in()
    alice.sign_in("?process=connect")
    page = alice.browser.get(prove(alice.browser)["Location"])
    assert b"belongs to another account here" in page.content
    assert SocialAccount.objects.get().user.email == "bob@corp.example"


def test_nobody_connects_without_being_signed_in(visitor: Visitor) -> None:
    visitor.sign_in("?process=connect")
    assert SocialAccount.objects.get().user == User.objects.get(email="bob@corp.example")


def test_signing_in_anew_by_the_provider_is_a_session_of_its_own(alice: Visitor) -> None:
    connect(alice)
    alice.sign_in()
    assert alice.is_signed_in
    assert Session.objects.filter(ended_at__isnull=True).count() == 1


def test_disconnects(alice: Visitor, issuer: Issuer, deliver_mail: Callable[..., list[Any]]) -> None:
    connect(alice)
    alice.browser.post(PAGE, {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()
    assert "was disconnected from yours" in deliver_mail()[-1].body
    later = Visitor(issuer)
    later.sign_in()
    assert User.objects.count() == 2  # a stranger now


def test_does_not_disconnect_the_account_of_somebody_else(alice: Visitor, issuer: Issuer) -> None:
    Visitor(issuer).sign_in()
    sign_in(alice.browser)
    prove(alice.browser)
    alice.browser.post(PAGE, {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.exists()


def test_does_not_disconnect_the_only_way_in(visitor: Visitor) -> None:
    visitor.sign_in()
    page = visitor.browser.post(PAGE, {"account": SocialAccount.objects.get().pk})
    assert page.status_code == 200
    assert b"no password" in page.content
    assert SocialAccount.objects.exists()


def test_an_account_whose_provider_is_no_longer_configured_can_be_taken_away(
    alice: Visitor, configure: Configure
) -> None:
    connect(alice)
    configure()
    assert b"corp" in alice.browser.get(PAGE).content
    assert alice.browser.post(PAGE, {"account": SocialAccount.objects.get().pk}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_the_page_names_what_is_connected_and_what_can_be(alice: Visitor) -> None:
    assert b"Connect Corp" in alice.browser.get(PAGE).content
    connect(alice)
    assert b"bob@corp.example" in alice.browser.get(PAGE).content
