"""After a whole life of an account, what was a secret is in no table, no log line and no audit row."""

import logging
import re
from collections.abc import Iterator

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.test import Client

from authproject.logs import LineFormatter
from tests.accounts.api.client import Api
from trust.audit.models import AuditEvent

# What happens at a commit happens here too: the library tells of a new factor then.
pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND, WRONG = "the first passphrase of all", "the second passphrase of all", "a passphrase that is wrong"


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    lines: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda entry: lines.append(LineFormatter().format(entry))  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def database() -> str:
    """Everything that a copy of the database says, and the names that a thief may look for in it."""
    return "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values())


def link(kind: str) -> str:
    [*_, found] = [found for message in mail.outbox for found in re.findall(rf"http://\S+/{kind}/\S+", message.body)]
    return found


class Life:
    """Alice signs up, verifies, signs in everywhere, sets up factors, resets her password; `secrets` gathers."""

    def __init__(self, deliver_mail) -> None:
        self.browser, self.deliver, self.secrets = Client(), deliver_mail, {FIRST, SECOND, WRONG}

    def post(self, path: str, **fields: str):
        return self.browser.post(path, fields)

    def keep(self, *secrets: str) -> None:
        self.secrets.update(secrets)

    def sign_up(self) -> None:
        self.post("/accounts/signup/", email="alice@example.com", username="alice", password1=FIRST, password2=FIRST)
        self.keep_mail_and(self.deliver, "confirm-email")
        self.browser.post(link("confirm-email"))

    def keep_mail_and(self, deliver, kind: str) -> None:
        queued = database()
        deliver()
        assert link(kind).split("/")[-2] not in queued
        self.keep(link(kind).split("/")[-2])

    def sign_in(self) -> None:
        self.post("/accounts/login/", login="alice", password=WRONG)
        self.post("/accounts/login/", login="alice", password=FIRST)
        self.keep(self.browser.cookies["sessionid"].value, self.browser.cookies["csrftoken"].value)

    def set_up_factors(self) -> None:
        self.post("/accounts/reauthenticate/", password=FIRST)
        page = self.browser.get("/accounts/2fa/totp/activate/").content.decode()
        secret = re.search(r"[A-Z2-7]{32}", page)[0]  # type: ignore[index]
        self.keep(secret)
        assert secret not in database()  # while it is being set up
        totp = pyotp.TOTP(secret)
        self.post("/accounts/2fa/totp/activate/", code=totp.now())
        codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
        self.keep(*codes)
        self.browser.get("/accounts/2fa/recovery-codes/")

    def use_the_api(self) -> None:
        api = Api()
        answer = api.post("/api/token/", {"username": "alice", "password": FIRST})
        challenge = answer.json()["challenge"]
        code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
        pair = api.post("/api/token/", {"challenge": challenge, "code": code}).json()
        renewed = api.post("/api/token/refresh/", {"refresh": pair["refresh"]}).json()
        self.keep(challenge, pair["access"], pair["refresh"], renewed["access"], renewed["refresh"])
        api.post("/api/token/verify/", {"token": renewed["access"]})
        api.post("/api/token/refresh/", {"refresh": pair["refresh"] + "x"})
        api.get(f"/api/me/?access_token={renewed['access']}")
        api.bearer = renewed["access"]
        api.get("/api/sessions/")

    def reset(self) -> None:
        Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
        self.keep_mail_and(self.deliver, "password/reset/key")
        other = Client()
        page = other.get(link("password/reset/key"), follow=True)
        key = other.session["_password_reset_key"]
        self.keep(key)
        assert key not in database()  # between the two steps
        other.post(page.request["PATH_INFO"], {"password1": SECOND, "password2": SECOND})
        self.deliver()


def test_a_whole_life_leaves_no_secret_behind(deliver_mail, log_lines):
    life = Life(deliver_mail)
    life.sign_up()
    life.sign_in()
    life.set_up_factors()
    life.use_the_api()
    kept = database()
    life.reset()
    kept += database()
    assert "'action': 'session.started'" in kept
    assert len(life.secrets) > 15
    assert {secret for secret in life.secrets if secret in kept} == set()
    logged = "\n".join(log_lines)
    assert "django.request" in logged
    assert {secret for secret in life.secrets if secret in logged} == set()
    for secret in (settings.SECRET_KEY, *settings.SEALING_KEYS):
        assert secret not in kept + logged


def test_every_security_event_of_a_life_is_in_the_audit_trail(deliver_mail):
    life = Life(deliver_mail)
    life.sign_up()
    life.sign_in()
    life.set_up_factors()
    life.use_the_api()
    life.reset()
    assert {
        "person.signed_up",
        "person.email_verified",
        "sign_in.refused",
        "session.started",
        "person.factor_changed",
        "session.ended",
        "password_reset.asked",
        "person.password_replaced",
    } <= set(AuditEvent.objects.values_list("action", flat=True))


def test_a_password_typed_where_the_name_belongs_is_not_kept(person, deliver_mail):
    Client().post("/accounts/login/", {"login": FIRST, "password": "alice"})
    Api().post("/api/token/", {"username": FIRST, "password": "alice"})
    assert AuditEvent.objects.of_action("sign_in.refused").count() == 2
    assert FIRST not in database()
