"""From a notice in the mailbox to a new password, in a browser; and the mails themselves, as a mail program shows them."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from playwright.sync_api import Browser

from accounts.models import User
from tests.browser.conftest import OpenMail, Visit
from tests.notices import not_me_path
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def alice(live_server: object, make_person: MakePerson) -> User:
    return make_person("alice")


def test_a_person_shuts_everybody_out_and_comes_back(
    visit: Visit, open_mail: OpenMail, deliver_mail: Callable[..., list[EmailMessage]]
) -> None:
    at_home, thief, owner = visit(), visit(), visit(width=360)
    at_home.sign_in("alice", PASSWORD)
    thief.sign_in("alice", PASSWORD)
    (notice,) = deliver_mail()
    owner.go(not_me_path(notice))
    assert owner.heading == "It was not you?"
    assert owner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    owner.send()
    assert owner.path == "/accounts/password/reset/"
    for shut_out in (at_home, thief):
        shut_out.go("/accounts/")
        assert shut_out.path == "/accounts/login/"
    owner.send(email="alice@example.com")
    owner.go(open_mail("alice@example.com"))
    owner.send(password1="quite another passphrase", password2="quite another passphrase")
    owner.sign_in("alice", "quite another passphrase")
    assert owner.is_signed_in


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_notice_is_read_on_a_phone_by_day_and_by_night(
    visit: Visit, browser: Browser, deliver_mail: Callable[..., list[EmailMessage]], scheme: str
) -> None:
    for _ in range(2):
        visit().sign_in("alice", PASSWORD)
    (notice,) = deliver_mail()
    assert isinstance(notice, EmailMultiAlternatives)
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 800})  # type: ignore[arg-type]
    page = context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.set_content(str(notice.alternatives[0][0]))
    assert fetched == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ink = page.evaluate("getComputedStyle(document.querySelector('td p')).color")
    assert ink == {"light": "rgb(0, 0, 0)", "dark": "rgb(255, 255, 255)"}[scheme]
    context.close()
