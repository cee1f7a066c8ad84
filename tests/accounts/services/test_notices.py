"""Whatever changes an account is told to its person, once, in their language, together with the change or not at all."""

import uuid

import pyotp
import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client
from django.utils import translation

from accounts.models import User
from accounts.services import notices, people
from tests.accounts.api.client import Api
from tests.clients import Application, make_client
from tests.notices import Deliver, subjects
from tests.people import PASSWORD, MakePerson
from trust.lib.origin import Origin
from trust.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db

HOME = Origin("203.0.113.5", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0")
NEW_PASSWORD = "quite another passphrase"


@pytest.fixture
def alice(client: Client, person: User) -> Client:
    """Alice's browser, signed in a moment ago for the first time."""
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    return client


def test_says_what_when_from_where_and_how_to_object_in_both_forms(person: User, deliver_mail: Deliver) -> None:
    notices.send(notices.PASSWORD_CHANGED, user=person, origin=HOME)
    (message,) = deliver_mail()
    assert isinstance(message, EmailMultiAlternatives)
    assert (message.to, message.alternatives[0][1]) == (["alice@example.com"], "text/html")
    for form in (str(message.body), str(message.alternatives[0][0])):
        assert "The password of your account was changed." in form
        assert "203.0.113.5" in form
        assert "Firefox on Linux" in form
        assert " UTC" in form
        assert "http://testserver/accounts/not-me/" in form


@pytest.mark.parametrize(
    ("locale", "asked_in", "language"),
    [("ko", "en", "ko"), ("ko-KR", "en", "ko"), ("en", "ko", "en"), ("", "ko", "ko"), ("fr", "ko", "ko")],
)
def test_speaks_the_persons_language_else_the_requests(person, deliver_mail, locale, asked_in, language) -> None:
    person.locale = locale
    with translation.override(asked_in):
        notices.send(notices.PASSWORD_CHANGED, user=person, origin=HOME)
        assert translation.get_language() == asked_in
    (message,) = deliver_mail()
    assert f'<html lang="{language}">' in message.alternatives[0][0]


def test_is_written_with_the_change_or_not_at_all(person: User) -> None:
    class Failed(Exception):
        pass

    def change_and_fail() -> None:
        with transaction.atomic():
            people.replace_password(user=person, password=NEW_PASSWORD, keep=None, origin=HOME)
            assert OutgoingMail.objects.count() == 1
            raise Failed

    with pytest.raises(Failed):
        change_and_fail()
    assert not OutgoingMail.objects.exists()


def test_a_changed_password_is_told_once(alice: Client, deliver_mail: Deliver) -> None:
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    alice.post("/accounts/password/change/", fields)
    assert subjects(deliver_mail()) == ["Your password was changed"]


def test_a_password_that_was_reset_by_the_mailed_link_is_told_once(client, person, deliver_mail) -> None:
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    (mail,) = deliver_mail()
    link = next(word for word in mail.body.split() if "/reset/key/" in word).removeprefix("http://testserver")
    page = client.get(link)["Location"]
    client.post(page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert subjects(deliver_mail()) == ["Your password was reset"]


def test_a_first_password_is_told_as_such(make_person: MakePerson, deliver_mail: Deliver) -> None:
    bob = make_person("bob", password=None)
    here = uuid.uuid4()
    people.replace_password(user=bob, password=NEW_PASSWORD, keep=here, origin=HOME)
    assert subjects(deliver_mail(), "bob@example.com") == ["Your account has a password now"]


def test_what_an_administrator_does_is_told_to_nobody(make_person: MakePerson, deliver_mail: Deliver) -> None:
    bob, root = make_person("bob"), make_person("root", staff=True, superuser=True)
    people.deactivate(user=bob, actor=root)
    people.activate(user=bob, actor=root)
    people.sign_out(user=bob, reason="administrator", actor=root.pk, origin=HOME)
    people.replace_password(user=bob, password=NEW_PASSWORD, keep=None, is_told=False, origin=Origin())
    assert deliver_mail() == []


def test_a_changed_address_is_told_to_the_old_one_and_to_the_new_one(alice, person, deliver_mail) -> None:
    EmailAddress.objects.create(user=person, email="new@example.com", primary=False, verified=False)
    address = EmailAddress.objects.get(email="new@example.com")
    alice.post(f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/")
    sent = deliver_mail()
    assert subjects(sent) == subjects(sent, "new@example.com") == ["Your e-mail address was changed"]
    assert "from alice@example.com to new@example.com" in sent[0].body


def test_the_first_address_that_somebody_proves_is_no_change(client, make_person, deliver_mail) -> None:
    bob = make_person("bob", verified=False)
    client.post(f"/accounts/confirm-email/{EmailConfirmationHMAC(bob.emailaddress_set.get()).key}/")
    assert bob.has_verified_email
    assert deliver_mail() == []


def test_factors_are_told_once_each(alice, person, deliver_mail, django_capture_on_commit_callbacks) -> None:
    alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    alice.get("/accounts/2fa/totp/activate/")
    secret = alice.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        alice.post("/accounts/2fa/totp/activate/", {"code": pyotp.TOTP(secret).now()})
    assert subjects(deliver_mail()) == ["Your authenticator app was set up"]
    with django_capture_on_commit_callbacks(execute=True):
        alice.post("/accounts/2fa/recovery-codes/generate/")
    assert subjects(deliver_mail()) == ["You have new recovery codes"]
    with django_capture_on_commit_callbacks(execute=True):
        alice.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert len(deliver_mail()) == 1


def test_a_used_recovery_code_is_told_at_the_page(client, person, recovery_codes, deliver_mail) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": recovery_codes[0]})
    (message,) = deliver_mail()
    assert "A recovery code of your account was used. 9 are left." in message.body


def test_a_used_recovery_code_is_told_by_the_api(person, recovery_codes, deliver_mail) -> None:
    challenge = Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).json()["challenge"]
    assert Api().post("/api/token/", {"challenge": challenge, "code": recovery_codes[0]}).status_code == 200
    assert subjects(deliver_mail()) == ["A recovery code was used"]


def test_a_one_time_code_is_no_news(client, person, totp, deliver_mail) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert "_auth_user_id" in client.session
    assert deliver_mail() == []


def test_a_stolen_refresh_token_of_ours_is_told_once(person: User, deliver_mail: Deliver) -> None:
    api = Api()
    first = token = api.sign_in(person)["refresh"]
    for _ in range(2):
        token = api.post("/api/token/refresh/", {"refresh": token}).json()["refresh"]
    for _ in range(3):
        assert api.post("/api/token/refresh/", {"refresh": first}).status_code == 401
    (message,) = deliver_mail()
    assert "An app used a key to your account that it had given up already." in message.body


def test_a_stolen_refresh_token_of_a_client_is_told_by_its_name(person: User, deliver_mail: Deliver) -> None:
    application = Application(make_client(name="Notes & more"))
    application.sign_in()
    first = token = application.tokens(scope="openid offline_access")["refresh_token"]
    for _ in range(2):
        token = application.refresh(token).json()["refresh_token"]
    for _ in range(3):
        assert application.refresh(first).json()["error"] == "invalid_grant"
    (message,) = deliver_mail()
    assert isinstance(message, EmailMultiAlternatives)
    assert "Notes & more used a key to your account" in message.body
    assert "Notes &amp; more used a key to your account" in str(message.alternatives[0][0])
