"""Second factors: how they are set up and looked after, and where they are asked for."""

import pyotp
from allauth.mfa.totp.internal.auth import TOTP

from tests.browser.visitor import Visitor
from tests.browser.walk import Walk
from tests.people import PASSWORD
from tests.proofs import next_code
from tests.software_authenticator import give_passkey, row_of

_FACTORS = "/accounts/2fa/"


def with_an_app(walk: Walk) -> None:
    """Set up an authenticator app, sign in with it, and turn it off."""
    walk.make_person("henry")
    henry = walk.visit()
    henry.sign_in("henry", PASSWORD)
    walk.go(henry, _FACTORS, "Two-factor sign-in")
    walk.go(henry, f"{_FACTORS}webauthn/", "Passkeys")
    henry.go(f"{_FACTORS}totp/activate/")
    walk.look(henry, "Is it you?")
    henry.send(password="wrong")
    walk.look(henry, "Is it you?")
    henry.send(password=PASSWORD)
    walk.look(henry, "Set up the authenticator app")
    henry.send(code="0")
    walk.look(henry, "Set up the authenticator app")
    totp = pyotp.TOTP(henry.page.locator(".secret").inner_text())
    henry.send(code=totp.now())
    walk.look(henry, "Recovery codes")
    for page, heading in (
        ("", "Two-factor sign-in"),
        ("recovery-codes/generate/", "New recovery codes"),
        ("totp/deactivate/", "Turn off the authenticator app?"),
        ("reauthenticate/", "Is it you?"),
    ):
        walk.go(henry, f"{_FACTORS}{page}", heading)
    _signs_in_by_code(walk, henry, next_code(totp))


def _signs_in_by_code(walk: Walk, henry: Visitor, code: str) -> None:
    henry.sign_out()
    henry.sign_in("henry", PASSWORD)
    walk.look(henry, "Your second factor")
    henry.send(code="0")
    walk.look(henry, "Your second factor")
    henry.send(code=code)
    walk.look(henry, "Hello, henry")


def with_a_passkey(walk: Walk) -> None:
    """The pages of passkeys. What their script does: tests/browser/test_passkeys.py."""
    person = walk.make_person("iris")
    iris = walk.visit()
    iris.sign_in("iris", PASSWORD)
    iris.go(f"{_FACTORS}webauthn/add/")
    iris.send(password=PASSWORD)
    walk.look(iris, "Add a passkey")
    passkey = row_of(give_passkey(person))
    TOTP.activate(person, pyotp.random_base32())
    for page, heading in (
        ("", "Two-factor sign-in"),
        ("webauthn/", "Passkeys"),
        (f"webauthn/keys/{passkey.pk}/edit/", "Rename the passkey"),
        (f"webauthn/keys/{passkey.pk}/remove/", "Remove the passkey?"),
        ("webauthn/reauthenticate/", "Is it you?"),
    ):
        walk.go(iris, f"{_FACTORS}{page}", heading)
    iris.sign_out()
    iris.sign_in("iris", PASSWORD)
    walk.look(iris, "Your second factor")
