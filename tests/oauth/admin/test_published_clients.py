"""Clients that publish what they are, in the administration: looked at and shut out there, and changed elsewhere."""

import pytest

from oauth.models import Client
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, page_of
from tests.published_client import PublishedClient
from tests.published_client import agent as agent
from tests.published_client import agents as agents
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(agent: PublishedClient) -> Client:
    agent.authorize()
    return agent.row


def test_the_list_tells_them_apart_and_narrows_to_them(browser_of: BrowserOf, row: Client) -> None:
    browser = browser_of()
    assert "by its document, not reviewed yet" in browser.get(LIST).content.decode()
    for query in ("registration_source__exact=cimd", f"q={row.client_id}", f"q={row.client_id[:-3]}"):
        assert list(browser.get(f"{LIST}?{query}").context["cl"].result_list) == [row], query
    assert not browser.get(f"{LIST}?registration_source__exact=dcr").context["cl"].result_list


def test_its_page_shows_all_of_it_and_changes_nothing(browser_of: BrowserOf, row: Client) -> None:
    browser = browser_of()
    page = browser.get(page_of(row)).content.decode()
    assert row.client_id in page
    assert 'name="_save"' not in page
    assert 'name="client_name"' not in page
    assert browser.post(page_of(row), {"client_name": "Mine", "x_skip_consent": "on"}).status_code == 403
    row.refresh_from_db()
    assert (row.name, row.skip_authorization) == ("The Agent", False)
    assert browser.get(f"{LIST}{row.pk}/secret/").status_code == 404


def test_the_list_shuts_it_out_and_marks_it_reviewed(
    browser_of: BrowserOf, row: Client, agent: PublishedClient
) -> None:
    browser = browser_of()
    for action, recorded in (("mark_reviewed", "client.reviewed"), ("disable", "client.disabled")):
        browser.post(LIST, {"action": action, "_selected_action": [row.pk]})
        assert AuditEvent.objects.of_action(recorded).get().client_id == row.client_id
    assert "by its document, reviewed" in browser.get(LIST).content.decode()
    assert agent.authorize().status_code == 400


@pytest.mark.parametrize("permissions", [["view_client"], ["view_client", "delete_client"]])
def test_who_may_only_look_shuts_nothing_out(browser_of: BrowserOf, row: Client, permissions: list[str]) -> None:
    browser = browser_of(*permissions)
    assert browser.get(page_of(row)).status_code == 200
    browser.post(LIST, {"action": "disable", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.is_active


def test_no_client_of_staff_takes_its_id(browser_of: BrowserOf, row: Client) -> None:
    answer = browser_of().post(
        f"{LIST}add/?kind=web", {"client_id": row.client_id, "redirect_uris": "https://a.example/"}
    )
    assert "There is a client of this ID already." in answer.content.decode()
