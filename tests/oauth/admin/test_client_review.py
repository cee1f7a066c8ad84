"""Clients that registered themselves: told apart from the others, and marked when somebody has looked at them."""

from collections.abc import Callable

import pytest

from oauth.models import Client
from tests.clients import app as app
from tests.clients import make_client
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, change, page_of
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db: None) -> Client:
    """A client that registered itself."""
    return make_client("newcomer", reviewed=False, registration_source="dcr")


def test_the_list_tells_them_apart_and_narrows_to_them(browser_of: BrowserOf, app: Client, newcomer: Client) -> None:
    browser = browser_of()
    page = browser.get(LIST).content.decode()
    assert "by itself, not reviewed yet" in page
    assert "by staff or a script" in page
    for query in ("reviewed__exact=0", "registration_source__exact=dcr"):
        assert list(browser.get(f"{LIST}?{query}").context["cl"].result_list) == [newcomer]


def test_an_action_marks_them_once_and_leaves_a_trace(
    browser_of: BrowserOf, app: Client, newcomer: Client, staff_id: Callable[[], object]
) -> None:
    browser = browser_of()
    for _time in range(2):
        browser.post(LIST, {"action": "mark_reviewed", "_selected_action": [app.pk, newcomer.pk]})
    assert Client.objects.get(client_id="newcomer").reviewed
    event = AuditEvent.objects.of_action("client.reviewed").get()
    assert (event.client_id, event.actor) == ("newcomer", staff_id())
    assert "by itself, reviewed" in browser.get(LIST).content.decode()


def test_the_form_asks_for_it_only_of_them(browser_of: BrowserOf, app: Client, newcomer: Client) -> None:
    browser = browser_of()
    assert "x_reviewed" not in browser.get(page_of(app)).context["adminform"].form.fields
    assert "x_reviewed" not in browser.get(f"{LIST}add/?kind=web").context["adminform"].form.fields
    change(browser, app, client_name="Our App")
    assert Client.objects.get(pk=app.pk).reviewed
    change(browser, newcomer, x_reviewed="on")
    assert Client.objects.get(pk=newcomer.pk).reviewed
    change(browser, newcomer, x_reviewed=None)
    assert not Client.objects.get(pk=newcomer.pk).reviewed


def test_who_may_only_look_marks_nothing(browser_of: BrowserOf, newcomer: Client) -> None:
    browser = browser_of("view_client")
    assert "mark_reviewed" not in browser.get(LIST).content.decode()
    browser.post(LIST, {"action": "mark_reviewed", "_selected_action": [newcomer.pk]})
    assert not Client.objects.get().reviewed


def test_a_client_that_a_script_wants_reviewed_can_be(browser_of: BrowserOf, app: Client) -> None:
    Client.objects.update(reviewed=False)
    browser = browser_of()
    assert "by staff or a script" in browser.get(LIST).content.decode()
    change(browser, app, x_reviewed="on")
    assert Client.objects.get().reviewed
