"""The dashboard in a browser: for everybody, in the light and in the dark, on a phone, and on our strict policy."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from allauth.mfa.totp.internal.auth import TOTP

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, follow
from tests.people import PASSWORD, MakePerson
from trust.lib import clock
from trust.statistics.models import Count, Key

pytestmark = pytest.mark.browser


@pytest.fixture
def administrator(visit: Visit, make_person: MakePerson) -> Callable[..., Visitor]:
    """Root before the figures of a day."""
    root = make_person("root", staff=True, superuser=True)
    secret = pyotp.random_base32()
    TOTP.activate(root, secret)
    for hours in (0, 3, 30):
        at = clock.now() - timedelta(hours=hours)
        Count.objects.add({Key("sign_ins", "password.success"): 1200, Key("tokens", "refresh_token"): 7}, at=at)
        Count.objects.add({Key("clients", "a" * 200): 5, Key("limits", "sign-in"): 2}, at=at)
        Count.objects.raise_to({Key("sessions"): 40 + hours, Key("jobs", "mail"): hours}, at=at)

    def come(**context: object) -> Visitor:
        visitor = visit(**context)
        visitor.go("/admin/?period=day")
        visitor.send(login="root", password=PASSWORD)
        visitor.send(code=pyotp.TOTP(secret).now())
        visitor.page.locator("#figures").wait_for()
        return visitor

    return come


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everybody_on_a_phone_too(administrator: Callable[..., Visitor], scheme: str) -> None:
    visitor = administrator(width=360, color_scheme=scheme)
    page = visitor.page
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_period_is_switched_and_each_drawing_opens_as_a_table(administrator: Callable[..., Visitor]) -> None:
    page = administrator().page
    follow(page.get_by_role("link", name="Last 30 days"))
    assert page.get_by_role("link", name="Last 30 days").get_attribute("aria-current") == "true"
    assert page.get_by_role("img", name="Sign-ins, Last 30 days").is_visible()
    page.locator(".figure-sign-ins summary").click()
    page.locator(".figure-sign-ins details table").wait_for()
    assert page.locator(".figure-sign-ins details tbody tr").count() == 30
