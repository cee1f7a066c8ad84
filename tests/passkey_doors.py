"""The doors that a passkey opens, over HTTP: what each asks, and how it is answered; and what is wrong with an answer."""

import json
from typing import Any, Final

from django.test import Client

from accounts.models import User
from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.software_authenticator import PRESENT, VERIFIED, SoftwareAuthenticator, row_of

OPTIONS: Final = "/accounts/2fa/webauthn/options"
LOGIN: Final = "/accounts/2fa/webauthn/login/"
ADD: Final = "/accounts/2fa/webauthn/add/"
WRONG: Final[dict[str, dict[str, Any]]] = {
    "another site's origin": {"origin": "https://evil.example"},
    "a subdomain's origin": {"origin": "http://evil.testserver"},
    "another port's origin": {"origin": "http://testserver:8080"},
    "another scheme's origin": {"origin": "https://testserver"},
    "another relying party": {"rp_id": "evil.example"},
    "in a frame of another site": {"cross_origin": True},
    "nobody there": {"flags": VERIFIED},
    "nobody verified": {"flags": PRESENT},
    "backed up though it cannot be": {"flags": PRESENT | VERIFIED | 0x10},
    "suddenly fit to be backed up": {"flags": PRESENT | VERIFIED | 0x08},
    "somebody's user handle that is none": {"user_handle": b"nobody"},
}
RIGHT_WHEN_NEW: Final = {"nobody verified", "suddenly fit to be backed up", "somebody's user handle that is none"}


def asked(api: Api) -> dict[str, Any]:
    return api.post("/api/token/passkey/").json()


def asked_after_password(api: Api, username: str = "alice") -> dict[str, Any]:
    return api.post("/api/token/", {"username": username, "password": PASSWORD}).json()


def answer(api: Api, given: dict[str, Any], credential: Any):
    return api.post("/api/token/", {"challenge": given["challenge"], "credential": credential})


def asked_on_page(browser: Client, step: str = "sign-in") -> dict[str, Any]:
    return browser.post(f"{OPTIONS}/{step}/").json()["publicKey"]


def signed_in_by_page(browser: Client, credential: Any) -> bool:
    browser.post(LOGIN, {"credential": json.dumps(credential)})
    return browser.get("/accounts/").status_code == 200


def prove_password(browser: Client) -> None:
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def owner(passkey: SoftwareAuthenticator) -> User:
    return row_of(passkey).user
