"""Alice proves once more who she is, on the pages that an authorization request leads her to."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

import pyotp
from django.test import Client as Browser

from tests.clients import Application
from tests.people import PASSWORD

PASSWORD_PAGE = "/accounts/reauthenticate/"
STEP_UP = "/accounts/2fa/prove-again/"  # which leads on to the page of the person's strongest factor
SECOND_FACTOR_PAGE = "/accounts/2fa/reauthenticate/"


def page_of(answer: Any) -> str:
    """Return the path that an answer leads to, or an empty string."""
    return urlsplit(answer.get("Location", "")).path


def asks_for_a_proof(answer: Any) -> bool:
    """Tell whether an answer is the way to the page that asks for the password again."""
    return answer.status_code == 303 and page_of(answer) == PASSWORD_PAGE


def prove(application: Application, answer: Any, **fields: str) -> Any:
    """Fill in the page that an answer leads to (the password, if nothing is named), and follow back."""
    location = answer["Location"]
    if page_of(answer) == STEP_UP:
        location = application.browser.get(location)["Location"]
    proved = application.browser.post(location, fields or {"password": PASSWORD})
    assert proved.status_code == 302, proved.content
    return application.browser.get(proved["Location"])


def set_up_authenticator(browser: Browser) -> pyotp.TOTP:
    """Set up an authenticator app as a person does: the session in which they do stays what it was, aal1."""
    assert browser.post(PASSWORD_PAGE, {"password": PASSWORD}).status_code == 302
    secret = re.search(r"[A-Z2-7]{32}", browser.get("/accounts/2fa/totp/activate/").content.decode())
    assert secret
    totp = pyotp.TOTP(secret[0])
    assert browser.post("/accounts/2fa/totp/activate/", {"code": totp.now()}).status_code == 302
    return totp


def next_code(totp: pyotp.TOTP) -> str:
    """Return the code of half a minute later: that of now is used up."""
    return totp.at(int(time.time()) + 30)
