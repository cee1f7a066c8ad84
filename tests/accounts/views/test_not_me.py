"""The page behind "this was not me": what it says, what it does, and where it leads."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import KnownDevice, Session, User
from accounts.services import notices, people
from accounts.services.not_me_link import Change, Undo
from accounts.services.notices import Notice
from tests.accounts.api.client import Api
from tests.notices import Deliver, not_me_path
from tests.people import PASSWORD, MakePerson
from trust.audit.models import AuditEvent
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

THIEF = Origin("203.0.113.66", "curl/8.5.0")
RESET = "/accounts/password/reset/"


@pytest.fixture
def link(person: User, deliver_mail: Deliver) -> str:
    """The link of a notice that Alice got."""
    notices.send(notices.NEW_DEVICE, user=person, origin=THIEF)
    return not_me_path(deliver_mail()[0])


def link_undoing(person: User, deliver_mail: Deliver, undo: Undo) -> str:
    notices.send(Notice("mfa/email/webauthn_added", undo=undo), user=person, origin=THIEF)
    return not_me_path(deliver_mail()[0])


def factor(person: User, kind: Authenticator.Type = Authenticator.Type.WEBAUTHN) -> Authenticator:
    return Authenticator.objects.create(user=person, type=kind, data={})


def sign_in() -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert "_auth_user_id" in browser.session
    return browser


def test_a_look_says_what_will_happen_and_changes_nothing(client: Client, person: User, link: str) -> None:
    """A mail scanner opens each link, and by HEAD too."""
    browser = sign_in()
    before = (person.password, Session.objects.alive().count(), KnownDevice.objects.count())
    for look in (client.get, client.head, client.get):
        assert look(link).status_code == 200
    assert "Every device and every app is signed out, yours too." in client.get(link).content.decode()
    person.refresh_from_db()
    assert (person.password, Session.objects.alive().count(), KnownDevice.objects.count()) == before
    assert browser.get("/accounts/").status_code == 200
    assert client.post(link).status_code == 302


def test_everybody_is_out_and_the_password_is_dead(client: Client, person: User, link: str) -> None:
    browser, api = sign_in(), Api()
    api.sign_in(person)
    EmailAddress.objects.create(user=person, email="thief@example.com", verified=False, primary=False)
    assert client.post(link)["Location"] == RESET
    assert browser.get("/accounts/").status_code == 302
    assert api.get("/api/me/").status_code == 401
    assert (
        Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).json()["code"] == "invalid_credentials"
    )
    assert [address.email for address in person.emailaddress_set.all()] == ["alice@example.com"]
    assert not KnownDevice.objects.exists()
    event = AuditEvent.objects.of_action("person.not_me").get()
    assert (event.subject, event.client_address, event.details) == (person.pk, "127.0.0.1", {})


def test_a_sign_in_that_waits_for_its_code_is_over_too(client: Client, person: User, totp, link: str) -> None:
    challenge = Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).json()["challenge"]
    waiting = Client()
    waiting.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post(link)
    assert Api().post("/api/token/", {"challenge": challenge, "code": totp.now()}).json()["code"] == "invalid_challenge"
    waiting.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert not Session.objects.alive().exists()


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_leads_to_a_new_password_and_says_so(person: User, link: str, is_signed_in: bool) -> None:
    browser = sign_in() if is_signed_in else Client()
    page = browser.post(link, follow=True)
    assert page.request["PATH_INFO"] == RESET
    assert "every device is signed out" in page.content.decode()
    assert "_auth_user_id" not in browser.session


def test_the_person_comes_back_by_the_reset(client: Client, person: User, link: str, deliver_mail: Deliver) -> None:
    client.post(link)
    client.post(RESET, {"email": "alice@example.com"})
    (mail,) = deliver_mail()
    key = next(word for word in mail.body.split() if "/reset/key/" in word).removeprefix("http://testserver")
    new = "quite another passphrase"
    client.post(client.get(key)["Location"], {"password1": new, "password2": new})
    client.post("/accounts/login/", {"login": "alice", "password": new})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_somebody_else_who_is_signed_in_stays_so(make_person: MakePerson, link: str) -> None:
    browser = Client()
    make_person("bob")
    browser.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    browser.post(link)
    assert browser.get("/accounts/").status_code == 200


def test_a_used_link_says_so(client: Client, link: str) -> None:
    client.post(link)
    for again in (client.get(link), client.post(link)):
        assert again.status_code == 200
        assert "This link was used already" in again.content.decode()
    assert AuditEvent.objects.of_action("person.not_me").count() == 1


def change_address(person: User, deliver: Deliver, verified: bool = True) -> list[EmailMessage]:
    """What a thief with the password does; returns the mails to the old address and to the new one."""
    person.emailaddress_set.update(email="thief@example.com")
    person.email = "thief@example.com"
    person.save()
    named = {"before": "alice@example.com", "after": "thief@example.com", "was_verified": verified}
    people.address_changed(user=person, origin=THIEF, **named)
    return deliver()


def test_the_old_address_is_put_back_from_its_own_mailbox(client: Client, person: User, deliver_mail: Deliver) -> None:
    old, new = change_address(person, deliver_mail)
    assert "alice@example.com again" in client.get(not_me_path(old)).content.decode()
    client.post(not_me_path(old))
    person.refresh_from_db()
    assert person.email == "alice@example.com"
    assert person.has_verified_email
    assert person.emailaddress_set.count() == 1
    assert client.post(not_me_path(new)).status_code == 404


def test_the_new_mailbox_puts_nothing_back(client: Client, person: User, deliver_mail: Deliver) -> None:
    _old, new = change_address(person, deliver_mail)
    client.post(not_me_path(new))
    person.refresh_from_db()
    assert person.email == "thief@example.com"


def test_an_address_that_somebody_else_has_by_now_is_not_taken(client, person, make_person, deliver_mail) -> None:
    old, _new = change_address(person, deliver_mail)
    bob = make_person("bob", email="alice@example.com")
    client.post(not_me_path(old))
    person.refresh_from_db()
    assert (person.email, bob.emailaddress_set.get().email) == ("thief@example.com", "alice@example.com")
    assert not person.has_usable_password()


def test_an_address_that_was_never_proved_is_not_put_back(client, person, deliver_mail) -> None:
    old, _new = change_address(person, deliver_mail, verified=False)
    assert client.post(not_me_path(old)).status_code == 404


def test_a_first_factor_goes_with_all_that_came_after_it(client, person, deliver_mail) -> None:
    """Else who set it up would ask the person for it."""
    added = TOTP.activate(person, "A" * 32).instance
    undo = people.added_factor(user=person, row_id=added.pk)
    RecoveryCodes.activate(person)
    factor(person)
    client.post(link_undoing(person, deliver_mail, undo))
    assert not Authenticator.objects.exists()


def test_a_further_factor_goes_and_the_others_stay(client, person, totp, recovery_codes, deliver_mail) -> None:
    added = factor(person)
    client.post(link_undoing(person, deliver_mail, people.added_factor(user=person, row_id=added.pk)))
    assert sorted(row.type for row in person.authenticator_set.all()) == ["recovery_codes", "totp"]


def test_recovery_codes_that_were_made_anew_go(client, person, totp, recovery_codes, deliver_mail) -> None:
    codes = person.authenticator_set.get(type="recovery_codes")
    client.post(link_undoing(person, deliver_mail, people.added_factor(user=person, row_id=codes.pk)))
    assert [row.type for row in person.authenticator_set.all()] == ["totp"]


def test_an_external_account_is_disconnected(client, person, make_person, deliver_mail) -> None:
    thiefs = SocialAccount.objects.create(user=person, provider="corp", uid="thief")
    own = SocialAccount.objects.create(user=person, provider="corp", uid="alice")
    client.post(link_undoing(person, deliver_mail, Undo(Change.EXTERNAL_ACCOUNT, str(thiefs.pk))))
    assert SocialAccount.objects.get() == own
