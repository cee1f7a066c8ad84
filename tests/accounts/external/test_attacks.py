"""Attacks on sign-in through a provider, by name."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from accounts.models import Session, User
from tests.accounts.external.conftest import Configure
from tests.accounts.external.issuer import Issuer, Visitor
from tests.at_once import at_once
from tests.explained import last_explained
from tests.people import PASSWORD, MakePerson
from trust.explain.vocabulary import Found


@pytest.fixture
def other(configure: Configure, issuer: Issuer) -> Iterator[Issuer]:
    """A second provider, which somebody else runs and which is trusted with nothing."""
    with Issuer() as running:
        configure(issuer.app(trusted_domains=["corp.example"]), running.app("other"))
        yield running


@pytest.mark.parametrize("state", [None, "", "guessed"])
def test_login_csrf_an_answer_that_nobody_asked_for(visitor: Visitor, issuer: Issuer, state: str | None) -> None:
    visitor.leave()
    assert visitor.come_back(state=state).status_code == 400
    assert not User.objects.exists()
    assert not any(path == "/token" for path, _, _ in issuer.requests)


def test_login_csrf_the_attackers_answer_in_the_victims_browser(visitor: Visitor, issuer: Issuer) -> None:
    victim = Visitor(issuer)
    victim.leave()
    attackers_state = visitor.leave()["state"]
    assert victim.come_back(state=attackers_state).status_code == 400
    assert not victim.is_signed_in


def test_login_csrf_a_link_signs_nobody_in(visitor: Visitor, issuer: Issuer) -> None:
    page = visitor.browser.get("/accounts/oidc/corp/login/")
    assert page.status_code == 200
    assert issuer.requests == []


def test_code_replay(visitor: Visitor, issuer: Issuer) -> None:
    visitor.sign_in()
    visitor.browser.post("/accounts/logout/")
    assert visitor.come_back().status_code == 400
    assert (last_explained().finding, last_explained().about) == (Found.EXTERNAL_SIGN_IN_FAILED, "corp")
    assert last_explained().came == "the state is not of this browser, not of this provider, or used"
    assert len([path for path, _, _ in issuer.requests if path == "/token"]) == 1
    assert not visitor.is_signed_in


def test_the_state_of_one_provider_at_the_callback_of_another(visitor: Visitor, issuer: Issuer, other: Issuer) -> None:
    sent = visitor.leave()
    page = visitor.browser.get(f"/accounts/oidc/other/login/callback/?code=c&state={sent['state']}")
    assert page.status_code == 400
    assert not any(path == "/token" for path, _, _ in other.requests)


@pytest.mark.spec("RFC 9207", "2.4")
@pytest.mark.parametrize("iss", ["https://evil.example", ""])
def test_mix_up_an_answer_that_names_another_issuer(visitor: Visitor, issuer: Issuer, iss: str) -> None:
    visitor.leave()
    assert visitor.come_back(iss=iss).status_code == 400
    assert not any(path == "/token" for path, _, _ in issuer.requests)


@pytest.mark.spec("RFC 9207", "2.4")
def test_mix_up_an_answer_without_the_issuer_that_was_promised(visitor: Visitor, issuer: Issuer) -> None:
    issuer.metadata = {"authorization_response_iss_parameter_supported": True}
    assert visitor.sign_in().status_code == 400
    assert visitor.sign_in(iss=issuer.url).status_code == 302


def test_mix_up_an_error_from_another_issuer(visitor: Visitor) -> None:
    visitor.leave()
    page = visitor.come_back(code=None, error="access_denied", iss="https://evil.example")
    assert page.status_code == 400


@pytest.mark.spec("OpenID Connect Discovery", "4.3")
def test_metadata_that_speaks_for_another_issuer(visitor: Visitor, issuer: Issuer) -> None:
    issuer.metadata = {"issuer": "https://accounts.google.com"}
    assert visitor.browser.post("/accounts/oidc/corp/login/").status_code == 503


@pytest.mark.parametrize("endpoint", ["javascript:alert(1)", "data:text/html,x", "ftp://x/", "", None, 7])
def test_metadata_whose_endpoint_is_no_place_to_go(visitor: Visitor, issuer: Issuer, endpoint: Any) -> None:
    issuer.metadata = {"authorization_endpoint": endpoint}
    page = visitor.browser.post("/accounts/oidc/corp/login/")
    assert page.status_code == 503
    assert b"refresh" not in page.content


def test_metadata_whose_endpoint_is_in_our_own_network(visitor: Visitor, issuer: Issuer) -> None:
    issuer.metadata = {"token_endpoint": "http://169.254.169.254/latest/meta-data"}
    assert visitor.sign_in().status_code == 503
    assert not User.objects.exists()


def test_parameters_put_into_our_request_through_the_button(visitor: Visitor) -> None:
    query = "?scope=admin&auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example%26nonce%3Dn&action=rerequest"
    sent = visitor.leave(query)
    assert sent["redirect_uri"] == "http://testserver/accounts/oidc/corp/login/callback/"
    assert "admin" not in sent["scope"]
    assert sent["nonce"] != "n"


def test_host_header_poisoning_of_the_redirect_uri(visitor: Visitor) -> None:
    visitor.browser.defaults["HTTP_HOST"] = "localhost"
    assert visitor.leave()["redirect_uri"].startswith("http://testserver/")


def test_markup_from_the_provider_on_our_page(visitor: Visitor) -> None:
    visitor.leave()
    page = visitor.come_back(code=None, error="<script>alert(1)</script>")
    assert b"<script>alert" not in page.content


class TestTheAddressOfSomebodyElse:
    """Whoever runs a provider can have it say any address."""

    @pytest.mark.parametrize(
        "userinfo",
        [
            {"email": "alice@example.com"},
            {"email": "ALICE@Example.COM"},
            {"email": "alice@corp.example"},
            {"email": "alice@corp.example", "email_verified": False},
        ],
    )
    def test_an_account_that_exists_is_never_linked(
        self,
        visitor: Visitor,
        issuer: Issuer,
        make_person: MakePerson,
        deliver_mail: Callable[..., list[Any]],
        userinfo: dict[str, Any],
    ) -> None:
        alice = make_person("alice", email=userinfo["email"].lower())
        issuer.userinfo = userinfo
        response = visitor.sign_in()
        assert response["Location"] == "/accounts/confirm-email/"
        assert not visitor.is_signed_in
        assert not SocialAccount.objects.exists()
        assert User.objects.get() == alice
        mails = deliver_mail()
        assert [mail.to for mail in mails] == [[alice.email]]
        assert "You have one already" in mails[0].body
        page = visitor.browser.get(response["Location"])
        assert b"sign in to it, then connect Corp there" in page.content

    def test_the_answer_is_the_same_whether_or_not_the_address_is_known(
        self, visitor: Visitor, issuer: Issuer, make_person: MakePerson
    ) -> None:
        make_person("alice")
        pages = []
        for number, email in enumerate(["alice@example.com", "nobody@example.com"]):
            issuer.sub, issuer.email = f"sub-{number}", email
            somebody = Visitor(issuer)
            response = somebody.sign_in()
            page = somebody.browser.get(response["Location"]).content.decode().replace(email, "")
            pages.append((response.status_code, response["Location"], re.sub(r'name="csrf\w+" value="\w+"', "", page)))
        assert pages[0] == pages[1]

    @pytest.mark.parametrize(
        ("email", "email_verified"),
        [
            ("bob@elsewhere.example", True),
            ("bob@corp.example", False),
            ("bob@corp.example", "true"),
            ("bob@corp.example", 1),
            ("bob@corp.example", None),
            ("bob@sub.corp.example", True),
            ("bob@evil-corp.example", True),
            ("bob@corp.example.evil.example", True),
        ],
    )
    def test_an_address_that_is_not_trusted_gets_our_own_mail(
        self,
        visitor: Visitor,
        issuer: Issuer,
        deliver_mail: Callable[..., list[Any]],
        email: str,
        email_verified: Any,
    ) -> None:
        issuer.userinfo = {"email": email, "email_verified": email_verified}
        visitor.sign_in()
        assert not visitor.is_signed_in
        assert not Session.objects.exists()
        assert not EmailAddress.objects.get().verified
        assert [mail.to for mail in deliver_mail()] == [[email]]

    def test_an_address_and_its_verification_come_from_one_place(self, visitor: Visitor, issuer: Issuer) -> None:
        issuer.claims = {"email": "bob@corp.example", "email_verified": True}
        issuer.userinfo = {"email": "ceo@corp.example", "email_verified": None}
        visitor.sign_in()
        assert not EmailAddress.objects.get().verified

    @pytest.mark.parametrize("email", ["no address", "a@b@corp.example", "a\r\nb@corp.example", "@corp.example", 7, {}])
    def test_an_address_that_is_none_is_asked_for(self, visitor: Visitor, issuer: Issuer, email: Any) -> None:
        issuer.userinfo = {"email": email}
        assert visitor.sign_in()["Location"] == "/accounts/3rdparty/signup/"
        assert not User.objects.exists()

    def test_pre_hijacking_a_claimed_address_is_taken_back_by_its_owner(
        self, visitor: Visitor, issuer: Issuer, deliver_mail: Callable[..., list[Any]]
    ) -> None:
        issuer.email = "victim@example.com"  # not trusted: the attacker's account waits for our mail
        visitor.sign_in()
        victim = Visitor(issuer).browser
        victim.post("/accounts/password/reset/", {"email": "victim@example.com"})
        link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", deliver_mail()[-1].body)
        assert link
        form = victim.get(link[1])["Location"]
        victim.post(form, {"password1": PASSWORD, "password2": PASSWORD})
        assert not SocialAccount.objects.exists()
        EmailAddress.objects.update(verified=True)  # as the owner goes on to do
        again = Visitor(issuer)
        again.sign_in()
        assert not again.is_signed_in

    def test_a_form_can_not_claim_the_providers_trust_for_another_address(
        self, visitor: Visitor, issuer: Issuer, make_person: MakePerson, settings: Any
    ) -> None:
        make_person("bob", email="bob@corp.example")
        settings.ACCOUNT_EMAIL_VERIFICATION = "optional"  # the form is shown where it need not be hidden who exists
        assert visitor.sign_in()["Location"] == "/accounts/3rdparty/signup/"
        visitor.browser.post("/accounts/3rdparty/signup/", {"email": "ceo@corp.example", "username": ""})
        made = User.objects.get(email="ceo@corp.example")
        assert [(known.email, known.verified) for known in made.emailaddress_set.all()] == [("ceo@corp.example", False)]


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_make_one_account(issuer: Issuer) -> None:
    tabs = [Visitor(issuer), Visitor(issuer)]
    issuer.nonces = {f"code {number}": tab.leave()["nonce"] for number, tab in enumerate(tabs)}
    waiting = list(enumerate(tabs))

    def come_back() -> Any:
        number, tab = waiting.pop()
        return tab.come_back(code=f"code {number}")

    answers = at_once(2, come_back)
    assert all(answer.status_code in {302, 400} for answer in answers)
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 1)


class TestTwoProviders:
    def test_the_same_subject_is_two_people(self, visitor: Visitor, issuer: Issuer, other: Issuer) -> None:
        visitor.sign_in()
        other.sub, other.email = issuer.sub, "mallory@example.com"
        Visitor(other, "other").sign_in()
        assert User.objects.count() == 2
        assert len(set(SocialAccount.objects.values_list("user", flat=True))) == 2

    def test_one_address_is_linked_to_the_first_alone(self, visitor: Visitor, issuer: Issuer, other: Issuer) -> None:
        visitor.sign_in()
        other.sub, other.email = "another", issuer.email
        second = Visitor(other, "other")
        second.sign_in()
        assert not second.is_signed_in
        assert SocialAccount.objects.get().provider == "corp"

    def test_one_provider_under_the_id_of_another_does_not_inherit_its_people(
        self, visitor: Visitor, issuer: Issuer, other: Issuer, configure: Configure
    ) -> None:
        visitor.sign_in()
        configure(other.app("corp"))
        other.sub, other.email = issuer.sub, "mallory@example.com"
        mallory = Visitor(other)
        mallory.sign_in()
        assert User.objects.count() == 2
        assert not mallory.is_signed_in

    def test_a_token_of_one_is_not_taken_from_the_other(self, visitor: Visitor, issuer: Issuer, other: Issuer) -> None:
        visitor.sign_in()
        mallory = Visitor(other, "other")
        mallory.leave()
        other.claims = {"iss": issuer.url, "sub": issuer.sub}
        other.userinfo = {"sub": issuer.sub}
        assert mallory.come_back().status_code == 400
        assert not mallory.is_signed_in
