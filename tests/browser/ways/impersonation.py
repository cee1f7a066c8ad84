"""An administrator who sees the site as somebody else: the banner over their pages, what is refused, the end of it."""

import pyotp
from allauth.mfa.totp.internal.auth import TOTP

from accounts.services import sessions
from tests.browser.visitor import Visitor, follow
from tests.browser.walk import Walk
from tests.impersonation import ask, the_impersonation
from tests.people import PASSWORD


def by_an_administrator(walk: Walk) -> None:
    """From the question to the end, which comes from elsewhere."""
    walk.settings.IMPERSONATION = True
    person = walk.make_person("hatter")
    root = administrator(walk)
    begin(root, ask(person))
    walk.look(root, "Hello, hatter")
    walk.go(root, "/accounts/sessions/", "Devices")
    walk.go(root, "/accounts/password/change/", "This is for them alone", status=403)
    walk.go(root, "/nowhere/", "There is nothing here", status=404)
    sessions.end(session_id=the_impersonation(person).pk, reason="ended_by_person")
    root.go("/accounts/")
    walk.look(root, "It is over")
    walk.settings.IMPERSONATION = False


def administrator(walk: Walk) -> Visitor:
    """Root, by password and code."""
    secret = pyotp.random_base32()
    TOTP.activate(walk.make_person("superroot", staff=True, superuser=True), secret)
    visitor = walk.visit()
    visitor.go("/admin/")
    visitor.send(login="superroot", password=PASSWORD)
    visitor.send(code=pyotp.TOTP(secret).now())
    return visitor


def begin(visitor: Visitor, path: str) -> None:
    """Say why, and go."""
    visitor.go(path)
    visitor.page.locator("[name=reason]").fill("ticket 7")
    follow(visitor.page.locator(".submit-row [type=submit]"))
