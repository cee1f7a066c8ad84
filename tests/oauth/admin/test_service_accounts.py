"""Roles of service accounts in the administration: given by those who could give them to people."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser

from oauth.models import Client
from tests.bearer import authorization
from tests.clients import SECRET, basic, make_client, post_form
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, add, change, errors_of, filled, page_of
from tests.oauth.grants import groups

pytestmark = pytest.mark.django_db

MANAGER = ("add_client", "view_client", "change_client", "delete_client")
SERVICE: dict[str, Any] = {"grant_types": "client_credentials", "redirect_uris": "", "scopes": "read roles"}


def roles_of(client: Client) -> set[str]:
    return set(client.roles.values_list("name", flat=True))


def test_a_service_is_made_with_roles(browser_of: BrowserOf) -> None:
    groups("editors", "authors")
    answer = add(browser_of(), "service", client_name="Worker", scope=["roles"], x_roles=["editors"])
    assert answer.status_code == 200, "its secret is shown"
    assert roles_of(Client.objects.get(name="Worker")) == {"editors"}


def test_its_roles_are_changed(browser_of: BrowserOf) -> None:
    client, browser = make_client("worker", **SERVICE), browser_of()
    groups("editors", "authors")
    change(browser, client, x_roles=["authors"])
    assert roles_of(client) == {"authors"}
    change(browser, client, x_roles=None)
    assert roles_of(client) == set()


@pytest.mark.parametrize("kind", ["web", "spa", "native"])
def test_others_are_not_asked_for_roles(browser_of: BrowserOf, kind: str) -> None:
    assert "x_roles" not in filled(browser_of(), f"{LIST}add/?kind={kind}")


def test_an_application_keeps_the_roles_that_a_script_gave_it(browser_of: BrowserOf) -> None:
    client = make_client("both", grant_types="authorization_code client_credentials")
    client.roles.set(groups("editors"))
    assert change(browser_of(), client, client_name="Another name").status_code == 302
    assert roles_of(client) == {"editors"}


# --- Attacks: who manages clients alone does not reach above themselves ----------------------------------------------


def test_who_manages_clients_alone_gives_no_roles(browser_of: BrowserOf) -> None:
    groups("editors")
    browser = browser_of(*MANAGER)
    assert "x_roles" not in filled(browser, f"{LIST}add/?kind=service")
    add(browser, "service", client_name="Worker", scope=["roles"], x_roles=["editors"])
    assert roles_of(Client.objects.get(name="Worker")) == set()
    client = make_client("worker", **SERVICE)
    change(browser, client, x_roles=["editors"])
    assert roles_of(client) == set()


def test_who_manages_staff_gives_the_roles_that_lift_nobody_above_them(browser_of: BrowserOf) -> None:
    editors, bosses = groups("editors", "bosses")
    bosses.permissions.add(Permission.objects.get(codename="delete_user"))
    client, browser = make_client("worker", **SERVICE), browser_of(*MANAGER, "manage_staff")
    refused = change(browser, client, x_roles=["bosses"])
    assert list(errors_of(refused)) == ["x_roles"]
    assert change(browser, client, x_roles=["editors"]).status_code == 302
    assert roles_of(client) == {editors.name}


@pytest.fixture
def powerful(db: None) -> Client:
    client = make_client("powerful", **SERVICE)
    client.roles.set(groups("bosses"))
    return client


def test_a_client_with_roles_is_not_taken_over_by_another_secret(browser_of: BrowserOf, powerful: Client) -> None:
    browser = browser_of(*MANAGER)
    for method in ("get", "post"):
        assert getattr(browser, method)(f"{LIST}{powerful.pk}/secret/").status_code == 404
    before = powerful.client_secret
    powerful.refresh_from_db()
    assert powerful.client_secret == before


def test_a_client_with_roles_is_not_changed(browser_of: BrowserOf, powerful: Client) -> None:
    browser = browser_of(*MANAGER)
    assert browser.get(page_of(powerful)).status_code == 200
    posted = browser.post(page_of(powerful), {"client_name": "Mine", "grant_types": ["client_credentials"]})
    assert posted.status_code == 403
    powerful.refresh_from_db()
    assert powerful.name == "The App"


def test_a_client_with_roles_is_shut_out_and_not_let_in_again(browser_of: BrowserOf, powerful: Client) -> None:
    def do(browser: Browser, action: str) -> bool:
        browser.post(LIST, {"action": action, "_selected_action": [powerful.pk]})
        powerful.refresh_from_db()
        return powerful.is_active

    manager = browser_of(*MANAGER)
    assert do(manager, "disable") is False
    assert do(manager, "enable") is False


def test_roles_open_nothing_of_the_administration(powerful: Client) -> None:
    bosses = powerful.roles.get()
    bosses.permissions.set(Permission.objects.all())
    form = {"grant_type": "client_credentials", "scope": "read roles"}
    token = post_form("/oauth/token", form, authorization=basic("powerful", SECRET)).json()["access_token"]
    for path in ("/admin/", "/accounts/"):
        assert Browser().get(path, headers=authorization(token)).status_code == 302
    for path in ("/api/me/", "/api/protected/", "/api/user_info/", "/api/sessions/"):
        assert Browser().get(path, headers=authorization(token)).status_code == 403
