"""A walk: signing in by a code that came by mail, and making the account that one was invited to."""

import re
from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import follow
from tests.invitations import invite
from tests.mail_queue import deliver_mail
from tests.people import PASSWORD, MakePerson


@pytest.mark.browser
def test_signs_in_by_a_code(visit: Visit, make_person: MakePerson) -> None:
    make_person("alice")
    alice = visit()
    alice.go("/accounts/login/")
    follow(alice.page.get_by_role("link", name="Sign in with a code by e-mail"))
    alice.send(email="alice@example.com")
    assert (alice.path, alice.heading) == ("/accounts/login/code/confirm/", "Look into your mail")
    alice.send(code="BBBB-BBBB")
    assert alice.page.locator("main .errorlist").count() == 1
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", str(deliver_mail()[-1].body), re.MULTILINE)
    assert found
    alice.send(code=found[0].lower())
    assert alice.is_signed_in


@pytest.mark.browser
def test_comes_by_an_invitation(visit: Visit, settings: Any, db: None) -> None:
    settings.SIGNUP = "invite"
    dana = visit()
    dana.go(invite("dana@example.com"))
    assert dana.path == "/accounts/signup/"
    assert dana.page.locator("main [name=email]").is_disabled()
    dana.send(password1=PASSWORD, password2=PASSWORD)
    assert dana.is_signed_in
