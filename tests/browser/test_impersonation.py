"""The banner of who sees the site as somebody else: first on the page, in view on a phone, and there without styles.

How its pages look to everybody else is walked in test_every_page.py.
"""

from typing import Any

import pytest
from django.conf import settings as of_the_site
from django.test import Client

from accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, follow
from tests.impersonation import ask, impersonation_on, root, the_impersonation
from tests.people import MakePerson
from tests.staff import sign_in_strongly

__all__ = ["impersonation_on", "root"]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("impersonation_on")]
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FIRST = "document.body.querySelector('*').className"
LONG = "somebody.with.a.username.that.has.no.end.at.all.to.speak.of"


def _begin(visitor: Visitor, root: User, person: User, url: str) -> None:
    client = Client()
    sign_in_strongly(client, root)
    value = client.cookies[of_the_site.SESSION_COOKIE_NAME].value
    visitor.context.add_cookies([{"name": of_the_site.SESSION_COOKIE_NAME, "value": value, "url": url}])
    visitor.go(ask(person))
    visitor.page.locator("[name=reason]").fill("ticket 7")
    follow(visitor.page.locator(".submit-row [type=submit]"))
    assert visitor.path == "/accounts/"


def test_the_banner_stands_first_without_styles_too_and_stops_it(
    visit: Visit, live_server: Any, root: User, person: User
) -> None:
    visitor = visit()
    _begin(visitor, root, person, live_server.url)
    banner = visitor.page.get_by_role("region", name="You see the site as somebody else")
    assert "You, root, see the site as alice." in banner.inner_text()
    assert visitor.page.evaluate(FIRST) == "impersonation"
    visitor.context.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    visitor.go("/accounts/")
    assert visitor.page.locator("body").inner_text().lstrip().startswith("You, root, see the site as alice.")
    follow(banner.get_by_role("button", name="Stop"))
    assert visitor.path == f"/admin/accounts/user/{person.pk}/change/"
    assert the_impersonation(person).ended_at is not None


def test_it_stays_in_view_on_a_phone(visit: Visit, live_server: Any, root: User, make_person: MakePerson) -> None:
    visitor = visit(width=360)
    _begin(visitor, root, make_person(LONG), live_server.url)
    assert not visitor.page.evaluate(SIDEWAYS)
    visitor.page.evaluate("window.scrollTo(0, 900)")
    assert visitor.page.locator(".impersonation button").is_visible()
    box = visitor.page.locator(".impersonation").bounding_box()
    assert box is not None
    assert (box["y"], box["height"] < 160) == (0, True)
