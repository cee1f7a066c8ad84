"""Signing in through an external provider: the way there, the way back, and what is made of it."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken

from accounts.models import Invitation, Session, User
from accounts.services import people
from oauth.models import Client
from tests.accounts.external.conftest import Configure
from tests.accounts.external.issuer import Issuer, Visitor
from tests.clients import Application, answer_of, app
from tests.invitations import invite
from trust.audit.models import AuditEvent

__all__ = ["app"]


@pytest.mark.spec("OpenID Connect Core", "3.1.2.1")
def test_asks_the_provider_with_state_nonce_and_pkce(visitor: Visitor, issuer: Issuer) -> None:
    sent = visitor.leave()
    assert visitor.address.startswith(f"{issuer.url}/authorize?")
    assert sent["response_type"] == "code"
    assert sent["client_id"] == "us"
    assert sent["redirect_uri"] == "http://testserver/accounts/oidc/corp/login/callback/"
    assert set(sent["scope"].split()) == {"openid", "profile", "email"}
    assert sent["code_challenge_method"] == "S256"
    assert min(len(sent["state"]), len(sent["nonce"]), len(sent["code_challenge"])) >= 43


def test_every_sign_in_has_a_state_a_nonce_and_a_challenge_of_its_own(visitor: Visitor) -> None:
    first, second = visitor.leave(), visitor.leave()
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


@pytest.mark.spec("RFC 7636", "4.5")
def test_exchanges_the_code_with_the_verifier_and_our_credentials(visitor: Visitor, issuer: Issuer) -> None:
    sent = visitor.leave()
    visitor.come_back()
    headers, form = next((headers, form) for path, headers, form in issuer.requests if path == "/token")
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == sent["code_challenge"]
    assert form["code"] == "the code"
    assert form["redirect_uri"] == sent["redirect_uri"]
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"us:our+secret%2C+%2B+%26+so+on"


def test_sends_the_credentials_in_the_form_where_configured_so(
    visitor: Visitor, issuer: Issuer, configure: Configure
) -> None:
    configure(issuer.app(token_auth_method="client_secret_post"))
    visitor.sign_in()
    headers, form = next((headers, form) for path, headers, form in issuer.requests if path == "/token")
    assert (form["client_id"], form["client_secret"]) == ("us", "our secret, + & so on")
    assert "authorization" not in headers


def test_makes_an_account_and_a_session(visitor: Visitor, issuer: Issuer) -> None:
    response = visitor.sign_in()
    assert response.status_code == 302
    person = User.objects.get()
    assert (person.email, person.name) == ("bob@corp.example", "Bob Builder")
    assert person.username.startswith("user-")
    assert not person.has_usable_password()
    session = Session.objects.get()
    assert (session.user, session.amr, session.acr) == (person, "", "aal1")
    linked = SocialAccount.objects.get()
    assert linked.extra_data == {
        "iss": issuer.url,
        "sub": issuer.sub,
        "email": "bob@corp.example",
        "name": "Bob Builder",
    }
    assert visitor.is_signed_in


def test_keeps_no_token_of_the_provider(visitor: Visitor) -> None:
    visitor.sign_in()
    assert not SocialToken.objects.exists()


def test_the_second_time_it_is_the_same_person(visitor: Visitor, issuer: Issuer) -> None:
    visitor.sign_in()
    issuer.email = "bob.builder@corp.example"  # an address may change; the subject does not
    again = Visitor(issuer)
    again.sign_in()
    assert again.is_signed_in
    assert User.objects.get().email == "bob@corp.example"


def test_a_second_factor_is_still_asked_and_both_together_are_two_factors(visitor: Visitor, issuer: Issuer) -> None:
    visitor.sign_in()
    secret = pyotp.random_base32()
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(User.objects.get(), secret)
    again = Visitor(issuer)
    response = again.sign_in()
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert not again.is_signed_in
    again.browser.post("/accounts/2fa/authenticate/", {"code": pyotp.TOTP(secret).now()})
    assert again.is_signed_in
    newest = Session.objects.order_by("-created").first()
    assert newest is not None
    assert (newest.amr, newest.acr) == ("mfa otp", "aal2")


def test_goes_on_to_the_application_that_asked(visitor: Visitor, app: Client) -> None:
    application = Application(app)
    application.browser = visitor.browser
    to_login = application.authorize()
    next_query = to_login["Location"].partition("?")[2]
    page = visitor.browser.get(to_login["Location"])
    assert b"Continue with Corp" in page.content
    response = visitor.sign_in(f"?{next_query}")
    assert visitor.goes_on_to(response).startswith("/oauth/authorize?")
    assert "code" in answer_of(application.decide())


def test_next_leads_nowhere_else(visitor: Visitor) -> None:
    response = visitor.sign_in("?next=https://evil.example/")
    assert response["Location"] == "/accounts/"


def test_a_disabled_person_stays_out(visitor: Visitor, issuer: Issuer) -> None:
    visitor.sign_in()
    people.deactivate(user=User.objects.get(), actor=None)
    again = Visitor(issuer)
    again.sign_in()
    assert not again.is_signed_in
    assert Session.objects.count() == 1


def test_signup_closed_closes_this_door_too(visitor: Visitor, settings: Any) -> None:
    settings.SIGNUP = "closed"
    page = visitor.sign_in()
    assert b"does not take new accounts" in page.content
    assert not User.objects.exists()


def test_by_invitation_this_door_asks_for_one_too(visitor: Visitor, settings: Any) -> None:
    settings.SIGNUP = "invite"
    page = visitor.sign_in()
    assert b"by invitation" in page.content
    assert not User.objects.exists()


def test_an_invited_person_may_come_by_a_provider(visitor: Visitor, settings: Any) -> None:
    settings.SIGNUP = "invite"
    visitor.browser.get(invite("bob@corp.example"))
    visitor.sign_in()
    assert visitor.is_signed_in
    assert Invitation.objects.get().used_at is not None


def test_an_invitation_is_for_its_address_whoever_the_provider_names(
    visitor: Visitor, issuer: Issuer, settings: Any
) -> None:
    settings.SIGNUP = "invite"
    visitor.browser.get(invite("dana@example.com"))
    assert visitor.sign_in()["Location"] == "/accounts/3rdparty/signup/"
    visitor.browser.post("/accounts/3rdparty/signup/", {"email": "mallory@example.com", "username": ""})
    made = User.objects.exclude(username="root").get()
    assert (made.email, made.has_verified_email) == ("dana@example.com", True)
    again = Visitor(issuer)
    again.sign_in()
    assert again.is_signed_in


def test_only_allowed_domains_sign_up_by_a_provider(visitor: Visitor, settings: Any) -> None:
    settings.SIGNUP_DOMAINS = ["example.com"]
    assert visitor.sign_in()["Location"] == "/accounts/3rdparty/signup/"
    answer = visitor.browser.post("/accounts/3rdparty/signup/", {"email": "bob@corp.example", "username": ""})
    assert b"example.com" in answer.content
    assert not User.objects.exists()


def test_who_has_an_account_comes_in_though_signup_is_closed(visitor: Visitor, issuer: Issuer, settings: Any) -> None:
    visitor.sign_in()
    settings.SIGNUP = "closed"
    again = Visitor(issuer)
    again.sign_in()
    assert again.is_signed_in


def test_asks_for_the_address_that_the_provider_did_not_tell(
    visitor: Visitor, issuer: Issuer, deliver_mail: Callable[..., list[Any]]
) -> None:
    issuer.userinfo = {"email": None}
    assert visitor.sign_in()["Location"] == "/accounts/3rdparty/signup/"
    assert visitor.browser.get("/accounts/3rdparty/signup/").status_code == 200
    visitor.browser.post("/accounts/3rdparty/signup/", {"email": "bob@corp.example", "username": ""})
    assert not EmailAddress.objects.get().verified  # typed, not told by the provider
    assert not visitor.is_signed_in
    assert [mail.to for mail in deliver_mail()] == [["bob@corp.example"]]


def test_works_without_userinfo_where_configured_so(visitor: Visitor, issuer: Issuer, configure: Configure) -> None:
    configure(issuer.app(fetch_userinfo=False, scope=["openid"], trusted_domains=["corp.example"]))
    issuer.claims = {"email": "bob@corp.example", "email_verified": True}
    visitor.sign_in()
    assert visitor.sent["scope"] == "openid"
    assert visitor.is_signed_in
    assert not any(path == "/userinfo" for path, _, _ in issuer.requests)


def test_a_refusal_at_the_provider_is_a_plain_page_with_the_way_back(visitor: Visitor) -> None:
    visitor.leave("?next=/accounts/profile/")
    page = visitor.come_back(code=None, error="access_denied")
    assert page.status_code == 200
    assert b'href="/accounts/login/?next=%2Faccounts%2Fprofile%2F"' in page.content


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"])
@pytest.mark.parametrize("answer", [(500, b"{}"), (200, b"<html>"), (200, b"[]"), (200, b"{}")])
def test_a_provider_out_of_order_is_a_plain_page(
    visitor: Visitor, issuer: Issuer, path: str, answer: tuple[int, bytes]
) -> None:
    visitor.leave()
    issuer.broken[path] = answer
    page = visitor.come_back()
    assert page.status_code in {400, 503}
    assert b"That did not work" in page.content
    assert not User.objects.exists()


def test_a_provider_that_cannot_be_reached_is_a_plain_page(visitor: Visitor, issuer: Issuer, db: None) -> None:
    issuer.broken["/.well-known/openid-configuration"] = (503, b"")
    page = visitor.browser.post("/accounts/oidc/corp/login/")
    assert page.status_code == 503
    assert b"cannot be reached at the moment" in page.content


def test_an_unknown_provider_is_not_found(visitor: Visitor) -> None:
    assert visitor.browser.get("/accounts/oidc/other/login/").status_code == 404
    assert visitor.browser.get("/accounts/oidc/other/login/callback/?code=c&state=s").status_code == 404


def test_the_sign_in_page_does_not_depend_on_the_provider(visitor: Visitor, issuer: Issuer) -> None:
    issuer.broken["/.well-known/openid-configuration"] = (503, b"")
    assert visitor.browser.get("/accounts/login/").status_code == 200
    assert issuer.requests == []


def test_a_failure_leaves_an_audit_row(visitor: Visitor) -> None:
    visitor.leave()
    visitor.come_back(state="another")
    event = AuditEvent.objects.get(action="external_sign_in.refused")
    assert event.identifier == "corp"
