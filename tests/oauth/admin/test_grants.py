"""Consents and grants in the administration: looked at, and ended with the tokens that came of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from oauth.models import Client, Consent, RefreshToken
from tests.clients import Application, make_client
from tests.clients import app as app
from tests.oauth.admin.conftest import BrowserOf
from tests.people import MakePerson
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
CONSENTS, GRANTS = "/admin/oauth/consent/", "/admin/oauth/refreshtoken/"


@pytest.fixture
def connected(app: Client, person: Any) -> Application:
    application = Application(app)
    application.sign_in()
    return application


@pytest.fixture
def tokens(connected: Application) -> dict[str, Any]:
    return connected.tokens()


def _opens(application: Application, tokens: dict[str, Any]) -> bool:
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    return application.browser.get("/oauth/userinfo", headers=headers).status_code == 200


def test_a_revoked_consent_ends_its_grants_and_the_person_is_asked_anew(
    browser_of: BrowserOf, staff_id: Callable[[], object], connected: Application, tokens: dict[str, Any], person: Any
) -> None:
    chosen = Consent.objects.get().pk
    browser_of().post(CONSENTS, {"action": "revoke", "_selected_action": [chosen]})
    assert not Consent.objects.exists()
    assert not _opens(connected, tokens)
    assert connected.refresh(tokens["refresh_token"]).status_code == 400
    assert connected.authorize().status_code == 200  # the consent page
    event = AuditEvent.objects.of_action("consent.revoked").get()
    assert (event.subject, event.actor, event.client_id) == (person.pk, staff_id(), "app")


def test_an_ended_grant_neither_refreshes_nor_opens_anything(
    browser_of: BrowserOf, staff_id: Callable[[], object], connected: Application, tokens: dict[str, Any], person: Any
) -> None:
    chosen = RefreshToken.objects.get().pk
    browser = browser_of()
    for _twice in range(2):
        browser.post(GRANTS, {"action": "end", "_selected_action": [chosen]})
    assert not _opens(connected, tokens)
    assert connected.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert connected.authorize().status_code == 303  # the consent stands
    event = AuditEvent.objects.of_action("grant.ended").get()
    assert (event.subject, event.actor, event.details["reason"]) == (person.pk, staff_id(), "administrator")


@pytest.mark.parametrize("term", ["ali", "ALICE@", "app"])
@pytest.mark.parametrize("path", [CONSENTS, GRANTS])
def test_finds_by_person_and_by_client(browser_of: BrowserOf, tokens: dict[str, Any], path: str, term: str) -> None:
    browser = browser_of()
    assert browser.get(path, {"q": term}).context["cl"].result_count == 1
    assert browser.get(path, {"q": "nobody"}).context["cl"].result_count == 0


def test_narrows_grants_by_state(browser_of: BrowserOf, connected: Application, tokens: dict[str, Any]) -> None:
    browser = browser_of()

    def counts() -> list[int]:
        return [
            browser.get(GRANTS, {"state": state}).context["cl"].result_count for state in ("open", "ended", "expired")
        ]

    assert counts() == [1, 0, 0]
    browser.post(GRANTS, {"action": "end", "_selected_action": [RefreshToken.objects.get().pk]})
    assert counts() == [0, 1, 0]
    assert "ended" in browser.get(GRANTS).content.decode()


def test_a_grants_page_shows_no_token(browser_of: BrowserOf, tokens: dict[str, Any]) -> None:
    page = browser_of().get(f"{GRANTS}{RefreshToken.objects.get().pk}/change/").content.decode()
    assert tokens["refresh_token"] not in page
    assert tokens["access_token"] not in page
    assert str(RefreshToken.objects.get().grant) in page


def test_who_may_only_look_ends_nothing(browser_of: BrowserOf, connected: Application, tokens: dict[str, Any]) -> None:
    browser = browser_of("view_consent", "view_refreshtoken")
    assert browser.get(CONSENTS).context["cl"].result_count == 1
    browser.post(CONSENTS, {"action": "revoke", "_selected_action": [Consent.objects.get().pk]})
    browser.post(GRANTS, {"action": "end", "_selected_action": [RefreshToken.objects.get().pk]})
    assert _opens(connected, tokens)
    for path in (CONSENTS, GRANTS):
        assert browser.get(f"{path}add/").status_code == 403


@pytest.mark.parametrize("path", [CONSENTS, GRANTS, "/admin/oauth/clientsession/", "/admin/oauth/client/"])
def test_a_list_costs_as_many_statements_for_one_row_as_for_many(
    browser_of: BrowserOf, connected: Application, make_person: MakePerson, path: str
) -> None:
    Client.objects.update(backchannel_logout_uri="https://app.example/logout")
    connected.tokens()
    browser = browser_of()
    browser.get(path)
    one = _statements(browser, path)
    for name in ("bob", "carol", "dave"):
        make_person(name)
        another = Application(make_client(name, backchannel_logout_uri="https://app.example/logout"))
        another.sign_in(name)
        another.tokens()
    assert browser.get(path).context["cl"].result_count == 4
    assert _statements(browser, path) == one


def _statements(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)
