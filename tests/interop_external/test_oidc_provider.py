"""The whole way through npm oidc-provider, which knows nothing of us: sign-up, sign-in, factor, linking, unlinking."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client as Browser

from accounts.models import Session, User
from oauth.models import Client
from tests.accounts.external.conftest import Configure, configure
from tests.accounts.external.issuer import Visitor
from tests.clients import Application, answer_of, app
from tests.interop_external.oidc_provider import Account, entry, free_port, oidc_provider
from tests.people import PASSWORD

__all__ = ["app", "configure"]

pytestmark = [pytest.mark.node, pytest.mark.django_db]

CALLBACK = "http://testserver/accounts/oidc/{}/login/callback/"


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    """Two providers, as two companies run them; the second wants the credentials in the form."""
    ports = {"corp": free_port(), "shop": free_port()}
    with (
        oidc_provider(ports["corp"], CALLBACK.format("corp")),
        oidc_provider(ports["shop"], CALLBACK.format("shop"), "client_secret_post"),
    ):
        yield ports


@pytest.fixture(autouse=True)
def configured(ports: dict[str, int], configure: Configure) -> None:
    shop = entry(ports["shop"], "shop", token_auth_method="client_secret_post", trusted_domains=[])
    configure(entry(ports["corp"]), shop)


class Somebody(Visitor):
    """Somebody before our page, with an account at a provider."""

    def __init__(self, name: str, provider_id: str = "corp") -> None:
        self.provider_id, self.browser = provider_id, Browser()
        self.account = Account(name, CALLBACK.format(provider_id))

    def leave(self, query: str = "", path: str = "login/") -> dict[str, str]:
        self.issuer = type("Elsewhere", (), {})()
        return super().leave(query, path)

    def go(self, query: str = "", path: str = "login/", **answers: str) -> Any:
        """Press the button, sign in at the provider, and come back."""
        self.leave(query, path)
        self.answer = self.account.visit(self.address, **answers)
        return self.browser.get(self.answer.removeprefix("http://testserver"))


def test_makes_an_account_then_signs_in_again() -> None:
    carol = Somebody("carol")
    carol.go()
    assert carol.is_signed_in
    person = User.objects.get()
    assert (person.email, person.name, person.has_verified_email) == ("carol@corp.example", "carol of corp", True)
    again = Somebody("carol")
    again.go()
    assert again.is_signed_in
    assert User.objects.get() == person
    assert Session.objects.count() == 2


def test_the_provider_names_itself_and_its_code_is_good_once() -> None:
    carol = Somebody("carol")
    carol.go()
    answer = parse_qs(urlsplit(carol.answer).query)
    assert answer["iss"][0].startswith("http://127.0.0.1:")
    thief = Somebody("carol")
    state = thief.leave()["state"]
    replayed = carol.answer.removeprefix("http://testserver").replace(answer["state"][0], state)
    assert thief.browser.get(replayed).status_code == 400
    assert not thief.is_signed_in


def test_credentials_in_the_form() -> None:
    carol = Somebody("carol@elsewhere", "shop")
    assert carol.go()["Location"] == "/accounts/confirm-email/"
    assert User.objects.get().email == "carol@elsewhere.example"
    assert not User.objects.get().has_verified_email


def test_a_second_factor_is_still_asked() -> None:
    carol = Somebody("carol")
    carol.go()
    secret = pyotp.random_base32()
    TOTP.activate(User.objects.get(), secret)
    again = Somebody("carol")
    assert again.go()["Location"].startswith("/accounts/2fa/authenticate/")
    again.browser.post("/accounts/2fa/authenticate/", {"code": pyotp.TOTP(secret).now()})
    assert again.is_signed_in


def test_goes_on_to_the_application_that_asked(app: Client) -> None:
    carol, application = Somebody("carol"), Application(app)
    application.browser = carol.browser
    query = application.authorize()["Location"].partition("?")[2]
    assert carol.goes_on_to(carol.go(f"?{query}")).startswith("/oauth/authorize?")
    assert "code" in answer_of(application.decide())


def test_signs_in_anew_at_the_provider_when_an_application_asks(app: Client) -> None:
    carol, application = Somebody("carol"), Application(app)
    carol.go()
    application.browser = carol.browser
    page = carol.browser.get(application.authorize(prompt="login")["Location"])["Location"]
    answer = carol.go(f"?{urlsplit(page).query}", path="reauthenticate/")
    assert carol.goes_on_to(answer).startswith("/oauth/authorize?")
    assert "code" in answer_of(application.decide(prompt="login"))


def test_two_providers_with_one_address_are_linked_only_by_who_is_signed_in(
    deliver_mail: Callable[..., list[Any]],
) -> None:
    carol = Somebody("carol")
    carol.go()
    mallory = Somebody("carol", "shop")  # the same subject and the same address, at another provider
    assert mallory.go()["Location"] == "/accounts/confirm-email/"
    assert not mallory.is_signed_in
    assert "You have one already" in deliver_mail()[-1].body
    assert SocialAccount.objects.count() == 1


def test_links_and_unlinks(person: User) -> None:
    alice = Somebody("alice-at-corp")
    alice.browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    alice.go("?process=connect")
    alice.browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == person
    other_browser = Somebody("alice-at-corp")
    other_browser.go()
    assert other_browser.is_signed_in
    alice.browser.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()
    assert not other_browser.is_signed_in


def test_who_aborts_comes_back_to_a_plain_page() -> None:
    carol = Somebody("carol")
    carol.leave()
    at_provider = carol.account._browser.get(carol.address, timeout=30)
    aborted = carol.account._browser.get(f"{at_provider.url}/abort", allow_redirects=False, timeout=30)
    led_to = carol.account.visit(aborted.headers["Location"])
    page = carol.browser.get(led_to.removeprefix("http://testserver"))
    assert page.status_code == 200
    assert b"without signing in" in page.content
    assert not User.objects.exists()


def test_a_wrong_secret_is_a_plain_page(ports: dict[str, int], configure: Configure) -> None:
    configure(entry(ports["corp"]) | {"secret": "another secret"})
    carol = Somebody("carol")
    assert carol.go().status_code == 400
    assert not User.objects.exists()
