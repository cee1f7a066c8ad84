"""Passkeys in a real browser, whose authenticator is virtual: it keeps keys and, if told so, verifies its person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import Session, User
from oauth.models import Client
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, follow
from tests.clients import CALLBACK, make_client
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser


@dataclass
class Key:
    """A virtual authenticator of a visitor's browser (WebDriver's, by the DevTools protocol)."""

    session: Any
    id: str

    def set(self, **verified: bool) -> None:
        self.session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified["verified"]}
        )

    def credentials(self) -> list[dict[str, Any]]:
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]


GiveKey = Callable[..., Key]


@pytest.fixture(autouse=True)
def alice(live_server: Any, settings: Any, make_person: MakePerson) -> User:
    settings.ISSUER = live_server.url
    return make_person("alice")


@pytest.fixture
def give_key() -> GiveKey:
    def give(visitor: Visitor, **options: Any) -> Key:
        session = visitor.context.new_cdp_session(visitor.page)
        session.send("WebAuthn.enable")
        kind = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = session.send("WebAuthn.addVirtualAuthenticator", {"options": kind | options})
        return Key(session, added["authenticatorId"])

    return give


@pytest.fixture
def home(visit: Visit, give_key: GiveKey) -> tuple[Visitor, Key]:
    """Alice at home, signed in by her password, with a passkey that she has just added."""
    visitor = visit()
    key = give_key(visitor)
    visitor.sign_in("alice", PASSWORD)
    add(visitor)
    return visitor, key


def add(visitor: Visitor) -> None:
    visitor.go("/accounts/2fa/webauthn/add/")
    if visitor.path == "/accounts/reauthenticate/":
        visitor.send(password=PASSWORD)
    use(visitor, "Add")


def use(visitor: Visitor, button: str) -> None:
    follow(visitor.page.get_by_role("button", name=button, exact=True))


def proof() -> tuple[str, str]:
    session = Session.objects.latest("created")
    return session.acr, session.amr


def test_a_passkey_is_added_listed_and_kept_by_the_device(home: tuple[Visitor, Key]) -> None:
    alice, key = home
    assert alice.path == "/accounts/2fa/recovery-codes/"  # the first factor brings them
    assert len(key.credentials()) == 1
    alice.go("/accounts/2fa/")
    assert "1 passkey" in alice.page.get_by_role("main").inner_text()
    alice.go("/accounts/2fa/webauthn/")
    assert alice.page.locator(".devices li").count() == 1
    assert "Chrom" in alice.page.locator(".devices h2").inner_text()


def test_one_signs_in_by_the_passkey_alone(home: tuple[Visitor, Key]) -> None:
    alice, _key = home
    alice.sign_out()
    alice.go("/accounts/login/?next=/accounts/sessions/")
    use(alice, "Sign in with a passkey")
    assert (alice.path, alice.is_signed_in) == ("/accounts/sessions/", True)
    assert proof() == ("phr", "mfa pop user")


def test_the_passkey_is_the_second_step_after_the_password(home: tuple[Visitor, Key]) -> None:
    alice, _key = home
    alice.sign_out()
    alice.sign_in("alice", PASSWORD)
    assert (alice.path, alice.is_signed_in) == ("/accounts/2fa/authenticate/", False)
    use(alice, "Use a passkey")
    assert (alice.path, alice.is_signed_in) == ("/accounts/", True)
    assert proof() == ("phr", "mfa pop pwd user")


def test_one_proves_oneself_once_more(home: tuple[Visitor, Key]) -> None:
    alice, _key = home
    before = Session.objects.get(user__username="alice", ended_at=None)
    assert before.acr == "aal1"
    alice.go("/accounts/2fa/prove-again/?next=/accounts/profile/")
    assert alice.path == "/accounts/2fa/webauthn/reauthenticate/"
    use(alice, "Use a passkey")
    assert alice.path == "/accounts/profile/"
    before.refresh_from_db()
    assert (before.acr, before.amr) == ("phr", "mfa pop pwd user")


def test_the_administration_is_open_to_a_passkey(visit: Visit, give_key: GiveKey, make_person: MakePerson) -> None:
    make_person("admin", staff=True, superuser=True)
    admin = visit()
    give_key(admin)
    admin.sign_in("admin", PASSWORD)
    add(admin)
    admin.go("/admin/")
    assert admin.path == "/accounts/2fa/webauthn/reauthenticate/"
    use(admin, "Use a passkey")
    assert admin.path == "/admin/"
    admin.go("/accounts/")
    admin.sign_out()
    admin.go("/admin/")
    use(admin, "Sign in with a passkey")
    assert admin.path == "/admin/"


def test_a_key_that_does_not_verify_its_person_signs_nobody_in_alone(home: tuple[Visitor, Key]) -> None:
    alice, key = home
    alice.sign_out()
    key.set(verified=False)
    alice.go("/accounts/login/")
    button = alice.page.get_by_role("button", name="Sign in with a passkey")
    button.click()
    alice.page.get_by_role("alert").filter(visible=True).wait_for()
    assert "did not work" in alice.page.get_by_role("alert").filter(visible=True).inner_text()
    assert (alice.path, alice.is_signed_in) == ("/accounts/login/", False)


def test_a_key_without_verification_is_good_after_the_password_only(visit: Visit, give_key: GiveKey) -> None:
    alice = visit()
    give_key(alice, transport="usb", hasResidentKey=False, hasUserVerification=False, isUserVerified=False)
    alice.sign_in("alice", PASSWORD)
    add(alice)
    alice.sign_out()
    alice.sign_in("alice", PASSWORD)
    use(alice, "Use a passkey")
    assert alice.is_signed_in
    assert proof() == ("phr", "mfa pop pwd user")


def test_one_device_takes_one_passkey(home: tuple[Visitor, Key]) -> None:
    alice, _key = home
    alice.go("/accounts/2fa/webauthn/add/")
    alice.page.get_by_role("button", name="Add", exact=True).click()
    alice.page.get_by_role("alert").filter(visible=True).wait_for()
    assert "already" in alice.page.get_by_role("alert").filter(visible=True).inner_text()


def test_a_passkey_is_renamed_and_removed(home: tuple[Visitor, Key]) -> None:
    alice, _key = home
    alice.go("/accounts/2fa/webauthn/")
    follow(alice.page.get_by_role("link", name="Rename"))
    alice.send(name="The blue one")
    assert alice.path == "/accounts/2fa/webauthn/"
    assert alice.page.locator(".devices h2").inner_text() == "The blue one"
    follow(alice.page.get_by_role("link", name="Remove"))
    alice.send()
    assert alice.path == "/accounts/2fa/webauthn/"
    assert not Authenticator.objects.exists()


def test_without_scripts_the_pages_say_what_is_missing_and_the_password_still_works(visit: Visit) -> None:
    alice = visit(java_script_enabled=False)
    alice.go("/accounts/login/")
    assert "JavaScript" in alice.page.locator("noscript").inner_text()
    assert alice.page.get_by_role("button", name="Sign in with a passkey").count() == 0
    alice.send(login="alice", password=PASSWORD)
    assert alice.is_signed_in


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_passkeys_scrolls_sideways(visit: Visit, give_key: GiveKey, width: int) -> None:
    alice = visit(width=width)
    give_key(alice)
    alice.sign_in("alice", PASSWORD)
    add(alice)
    passkey = Authenticator.objects.get(type="webauthn")
    passkey.data["name"] = "W" * 64
    passkey.save()
    own = ["", "add/", "reauthenticate/", f"keys/{passkey.pk}/edit/", f"keys/{passkey.pk}/remove/"]
    for path in [*(f"/accounts/2fa/webauthn/{page}" for page in own), "/accounts/2fa/"]:
        alice.go(path)
        assert alice.path == path
        assert alice.page.locator("h1").count() == 1
        wide = alice.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, path


def test_a_passkey_leads_on_to_the_application(home: tuple[Visitor, Key]) -> None:
    alice, _key = home
    alice.sign_out()
    alice.go(request_of(make_client(name="Garden Planner")))
    assert alice.path == "/accounts/login/"
    use(alice, "Sign in with a passkey")
    assert alice.heading == "Continue to Garden Planner?"


def test_an_application_that_asks_for_more_gets_a_passkey(home: tuple[Visitor, Key]) -> None:
    alice, _key = home
    assert Session.objects.get(ended_at=None).acr == "aal1"
    alice.go(request_of(make_client(name="Garden Planner"), acr_values="phr"))
    assert alice.path == "/accounts/2fa/webauthn/reauthenticate/"
    use(alice, "Use a passkey")
    assert alice.heading == "Continue to Garden Planner?"
    assert Session.objects.get(ended_at=None).acr == "phr"


def request_of(client: Client, **named: str) -> str:
    asked = {"response_type": "code", "client_id": client.client_id, "redirect_uri": CALLBACK, "scope": "openid"}
    challenge = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    return f"/oauth/authorize?{urlencode(asked | challenge | named)}"
