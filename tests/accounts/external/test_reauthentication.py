"""Proving oneself once more at the provider: for who has no password here, and for applications that ask."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models import F

from accounts.models import Session, User
from oauth.models import Client
from tests.accounts.external.issuer import Issuer, Visitor
from tests.clients import Application, answer_of, app

__all__ = ["app"]


def asked_again(visitor: Visitor, application: Application) -> str:
    """Let an application ask for a new sign-in; return the page that the person comes to."""
    application.browser = visitor.browser
    to_page = application.authorize(prompt="login")
    assert to_page["Location"].startswith("/accounts/reauthenticate/?next=")
    location: str = visitor.browser.get(to_page["Location"])["Location"]
    return location


@pytest.mark.spec("OpenID Connect Core", "3.1.2.1")
def test_who_has_no_password_signs_in_anew_at_the_provider(visitor: Visitor, app: Client) -> None:
    visitor.sign_in()
    application = Application(app)
    page = asked_again(visitor, application)
    assert urlsplit(page).path == "/accounts/oidc/corp/reauthenticate/"
    assert visitor.browser.get(page).status_code == 200
    sent = visitor.leave(f"?{urlsplit(page).query}", path="reauthenticate/")
    assert (sent["prompt"], sent["max_age"]) == ("login", "0")
    before = Session.objects.get().auth_time
    answer = visitor.come_back()
    assert visitor.goes_on_to(answer) == parse_qs(urlsplit(page).query)["next"][0]
    assert "code" in answer_of(application.decide(prompt="login"))
    assert Session.objects.get().auth_time > before


@pytest.mark.parametrize("auth_time", [None, timedelta(hours=-1), "now", True])
def test_the_providers_own_session_is_not_enough(visitor: Visitor, issuer: Issuer, app: Client, auth_time: Any) -> None:
    visitor.sign_in()
    before = Session.objects.get().auth_time
    visitor.leave(path="reauthenticate/")
    issuer.claims = {"auth_time": auth_time}
    assert visitor.come_back().status_code == 400
    assert Session.objects.get().auth_time == before


def test_somebody_else_at_the_provider_proves_nothing(visitor: Visitor, issuer: Issuer) -> None:
    visitor.sign_in()
    issuer.sub = "somebody else"
    visitor.leave(path="reauthenticate/")
    assert visitor.come_back().status_code == 400
    assert User.objects.count() == 1


def test_who_is_not_signed_in_is_sent_to_sign_in(visitor: Visitor) -> None:
    response = visitor.browser.post("/accounts/oidc/corp/reauthenticate/")
    assert response["Location"].startswith("/accounts/login/")


def test_a_proof_is_worth_nothing_once_signed_out(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.leave(path="reauthenticate/")
    visitor.browser.post("/accounts/logout/")
    assert visitor.come_back().status_code == 400
    assert not visitor.is_signed_in


SENSITIVE = ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/password/set/"]


def let_time_pass(seconds: int = 600) -> None:
    Session.objects.update(auth_time=F("auth_time") - timedelta(seconds=seconds))


@pytest.mark.parametrize("path", SENSITIVE)
def test_who_finds_the_browser_of_somebody_without_a_password_gives_the_account_nothing(
    visitor: Visitor, path: str
) -> None:
    visitor.sign_in()
    for ask in (visitor.browser.get, visitor.browser.post):
        let_time_pass()
        answer = ask(path, {"password1": "x", "password2": "x"})
        assert answer.status_code == 302
        leads_to = urlsplit(answer["Location"]).path
        assert leads_to in {"/accounts/oidc/corp/reauthenticate/", "/accounts/reauthenticate/", path}
    assert not User.objects.get().has_usable_password()


def test_a_proof_at_the_provider_opens_them(visitor: Visitor) -> None:
    visitor.sign_in()
    let_time_pass()
    visitor.leave(path="reauthenticate/")
    visitor.come_back()
    assert [visitor.browser.get(path).status_code for path in SENSITIVE] == [200, 200, 200]


@pytest.mark.parametrize("path", SENSITIVE)
def test_who_has_no_way_at_all_to_prove_themselves_signs_in_again(visitor: Visitor, path: str) -> None:
    visitor.sign_in()
    User.objects.external_accounts(User.objects.get().pk).delete()
    let_time_pass()
    assert visitor.browser.get(path)["Location"] == "/accounts/logout/"
