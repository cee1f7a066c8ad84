"""Every way through one's account without a line of JavaScript: forms are sent, links lead on, nothing is missing."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pyotp
import pytest
from django.core.mail import EmailMessage

from accounts.models import Session, User
from oauth.models import Consent
from tests.browser.conftest import OpenMail, Visit
from tests.browser.visitor import Visitor, follow
from tests.clients import Application, make_client
from tests.invitations import invite
from tests.job_queue import run_queue
from tests.loopback import Server, saying
from tests.notices import not_me_path
from tests.people import PASSWORD
from tests.proofs import next_code
from tests.software_authenticator import give_passkey
from trust.audit.record import record

pytestmark = pytest.mark.browser
DeliverMail = Callable[[], list[EmailMessage]]
NEW_PASSWORD = "another sentence to remember"


@pytest.fixture
def alice(visit: Visit, live_server: object, person: User) -> Visitor:
    """Alice, who turned scripts off and signed in."""
    visitor = visit(java_script_enabled=False)
    visitor.sign_in("alice", PASSWORD)
    assert visitor.is_signed_in
    return visitor


def test_one_signs_up_confirms_and_signs_in(visit: Visit, open_mail: OpenMail) -> None:
    dana = visit(java_script_enabled=False)
    dana.go("/")
    follow(dana.page.get_by_role("link", name="Create an account"))
    dana.send(email="dana@example.com", username="dana", password1=PASSWORD, password2=PASSWORD)
    dana.go(open_mail("dana@example.com"))
    dana.send()
    dana.send(login="dana", password=PASSWORD)
    assert dana.heading == "Hello, dana"


def test_one_comes_by_an_invitation(visit: Visit, live_server: object) -> None:
    dana = visit(java_script_enabled=False)
    dana.go(invite("dana@example.com"))
    dana.send(username="dana", password1=PASSWORD, password2=PASSWORD)
    assert dana.heading == "Hello, dana"


def test_one_signs_in_by_a_mailed_code(visit: Visit, person: User, deliver_mail: DeliverMail) -> None:
    alice = visit(java_script_enabled=False)
    alice.go("/accounts/login/")
    follow(alice.page.get_by_role("link", name="Sign in with a code by e-mail"))
    alice.send(email="alice@example.com")
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", str(deliver_mail()[-1].body), re.MULTILINE)
    assert code
    alice.send(code=code[0])
    assert alice.is_signed_in


def test_a_forgotten_password_is_replaced(visit: Visit, person: User, open_mail: OpenMail) -> None:
    alice = visit(java_script_enabled=False)
    alice.go("/accounts/login/")
    follow(alice.page.get_by_role("link", name="Forgot your password?"))
    alice.send(email="alice@example.com")
    alice.go(open_mail("alice@example.com"))
    alice.send(password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    alice.sign_in("alice", NEW_PASSWORD)
    assert alice.is_signed_in


@pytest.mark.parametrize("width", [360, 1280])
def test_every_room_is_reached_by_links(visit: Visit, person: User, width: int) -> None:
    """On a wide screen by the list beside each page, on a narrow one by the overview."""
    alice = visit(java_script_enabled=False, width=width)
    alice.sign_in("alice", PASSWORD)
    links = alice.page.locator("main nav a" if width == 1280 else "main .tiles a")
    rooms = {link.get_attribute("href") for link in links.all() if link.is_visible()}
    rest = ("profile/", "email/", "password/change/", "2fa/", "apps/", "sessions/", "activity/", "data/")
    assert rooms >= {f"/accounts/{room}" for room in rest}


def test_profile_and_password_are_changed(alice: Visitor, person: User) -> None:
    alice.go("/accounts/profile/")
    alice.send(given_name="Alice", birthdate="1990-02-03")
    person.refresh_from_db()
    assert person.given_name == "Alice"
    alice.go("/accounts/password/change/")
    alice.send(oldpassword=PASSWORD, password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)


def test_the_address_is_changed(alice: Visitor, person: User, open_mail: OpenMail) -> None:
    alice.go("/accounts/email/")
    alice.send(email="new@example.com")
    alice.send(password=PASSWORD)
    alice.go(open_mail("new@example.com"))
    alice.send()
    person.refresh_from_db()
    assert person.email == "new@example.com"


def test_a_second_factor_is_set_up_by_its_secret_asked_for_and_turned_off(alice: Visitor) -> None:
    alice.go("/accounts/2fa/")
    follow(alice.page.get_by_role("link", name="Set up"))
    alice.send(password=PASSWORD)
    totp = pyotp.TOTP(alice.page.locator(".secret").inner_text())
    alice.send(code=totp.now())
    (code, *_) = alice.page.locator(".codes li").all_inner_texts()
    alice.sign_out()
    for proof in (next_code(totp), code):
        alice.sign_in("alice", PASSWORD)
        assert alice.heading == "Your second factor"
        alice.send(code=proof)
        assert alice.is_signed_in
        alice.go("/accounts/")
        alice.sign_out()
    alice.sign_in("alice", PASSWORD)
    alice.send(code=totp.at(0))
    assert not alice.is_signed_in


def test_recovery_codes_are_made_anew_and_the_factor_is_turned_off(alice: Visitor) -> None:
    alice.go("/accounts/2fa/totp/activate/")
    alice.send(password=PASSWORD)
    alice.send(code=pyotp.TOTP(alice.page.locator(".secret").inner_text()).now())
    before = alice.page.locator(".codes li").all_inner_texts()
    follow(alice.page.get_by_role("link", name="Make new codes"))
    alice.send()
    after = alice.page.locator(".codes li").all_inner_texts()
    assert len(after) == 10
    assert not set(after) & set(before)
    alice.go("/accounts/2fa/totp/deactivate/")
    alice.send()
    assert alice.heading == "Two-factor sign-in"
    assert alice.page.get_by_role("link", name="Set up").count() == 1


def test_pages_of_passkeys_say_that_they_need_scripts(alice: Visitor, person: User) -> None:
    alice.go("/accounts/2fa/webauthn/add/")
    alice.send(password=PASSWORD)
    assert alice.heading == "Add a passkey"
    _says_that_scripts_are_off(alice)
    give_passkey(person)
    alice.go("/accounts/2fa/webauthn/reauthenticate/")
    _says_that_scripts_are_off(alice)
    alice.go("/accounts/2fa/webauthn/")
    follow(alice.page.get_by_role("link", name="Rename"))
    alice.send(name="The blue one")
    follow(alice.page.get_by_role("link", name="Remove"))
    assert "The blue one" in alice.page.get_by_role("main").inner_text()
    alice.sign_out()
    _at_the_door(alice)


def _at_the_door(alice: Visitor) -> None:
    alice.go("/accounts/login/")
    _says_that_scripts_are_off(alice)
    alice.send(login="alice", password=PASSWORD)
    assert alice.heading == "Your second factor"
    _says_that_scripts_are_off(alice)
    follow(alice.page.get_by_role("button", name="Cancel"))
    assert alice.heading == "Sign in"


def _says_that_scripts_are_off(visitor: Visitor) -> None:
    said = visitor.page.locator("main noscript .alert")
    assert said.is_visible()
    assert said.inner_text() == "A passkey is used with the help of JavaScript, which is turned off."
    assert visitor.page.locator("form[data-passkey]").first.is_hidden()


def test_devices_are_signed_out(alice: Visitor, visit: Visit, person: User) -> None:
    others = [visit() for _ in range(3)]
    for other in others:
        other.sign_in("alice", PASSWORD)
    alice.go("/accounts/sessions/")
    follow(alice.page.locator(".devices form button").first)
    assert Session.objects.of_user(person.pk).alive().count() == 3
    follow(alice.page.get_by_role("button", name="Sign out all other devices"))
    assert Session.objects.of_user(person.pk).alive().count() == 1
    assert alice.is_signed_in


def test_an_application_is_allowed_shown_and_revoked(alice: Visitor, person: User) -> None:
    client = make_client("cli", public=True, name="Garden Planner", redirect_uris="http://127.0.0.1/callback")
    page = saying(b"<!DOCTYPE html><title>App</title><link rel=icon href='data:,'>", content_type="text/html")
    with Server(page) as program:
        callback = f"http://127.0.0.1:{program.port}/callback"
        alice.go(f"/oauth/authorize?{urlencode(Application(client).parameters(redirect_uri=callback))}")
        follow(alice.page.get_by_role("button", name="Allow"))
    assert alice.page.url.startswith(f"{callback}?code=")
    alice.go("/accounts/apps/")
    follow(alice.page.get_by_role("button", name="Revoke Garden Planner"))
    assert not Consent.objects.of_user(person.pk).exists()


def test_activity_leads_to_what_is_older_and_back(alice: Visitor, person: User) -> None:
    for _ in range(25):
        record("person.changed", subject=person.pk, actor=person.pk)
    alice.go("/accounts/activity/")
    follow(alice.page.get_by_role("link", name="Older"))
    assert "Signed in." in alice.page.get_by_role("main").inner_text()
    follow(alice.page.get_by_role("link", name="Newest"))
    assert alice.page.locator("main ol > li").count() == 25


def test_a_copy_of_the_data_is_asked_for_and_downloaded(alice: Visitor, open_mail: OpenMail) -> None:
    alice.go("/accounts/data/")
    alice.send(password=PASSWORD)
    alice.send()
    run_queue("default")
    alice.go(open_mail("alice@example.com"))
    with alice.page.expect_download() as coming:
        alice.page.get_by_role("link", name="Download").click(no_wait_after=True)
    assert coming.value.suggested_filename.endswith(".json")


def test_that_was_not_me(alice: Visitor, visit: Visit, deliver_mail: DeliverMail) -> None:
    visit().sign_in("alice", PASSWORD)
    alice.go(not_me_path(deliver_mail()[-1]))
    alice.send()
    assert alice.heading == "Forgotten your password?"
    assert not alice.is_signed_in


def test_the_account_is_deleted_and_comes_back(alice: Visitor, person: User, open_mail: OpenMail) -> None:
    alice.go("/accounts/delete/")
    alice.send(password=PASSWORD)
    alice.send(confirmation="alice")
    person.refresh_from_db()
    assert not person.is_active
    alice.go(open_mail("alice@example.com"))
    alice.send()
    alice.send(login="alice", password=PASSWORD)
    assert alice.is_signed_in
