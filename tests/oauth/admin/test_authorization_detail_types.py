"""Types of authorization details in the administration: words and fields, checked beside their form fields."""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from oauth.models import AuthorizationDetailType, Client
from oauth.services import authorization_detail_types
from tests.authorization_details import ACCOUNTS, PAYMENT
from tests.clients import make_client
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import errors_of
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
TYPES = "/admin/oauth/authorizationdetailtype/"
WRITTEN = PAYMENT.written()
FORM = {**WRITTEN, "fields": json.dumps(WRITTEN["fields"]), "asks_each_time": "on", "is_registrable": ""}


def test_a_type_is_made_changed_and_deleted(browser_of: BrowserOf) -> None:
    browser = browser_of()
    assert browser.post(f"{TYPES}add/", FORM).status_code == 302
    assert dict(authorization_detail_types.read()) == {"payment": PAYMENT}
    row = AuthorizationDetailType.objects.get()
    page = browser.get(f"{TYPES}{row.pk}/change/").content.decode()
    assert "&quot;label_ko&quot;: &quot;금액&quot;" in page
    changed = {"type": "another", "title_en": "Pay", "fields": "[]"}
    assert browser.post(f"{TYPES}{row.pk}/change/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.type, row.title_en, row.fields, row.asks_each_time) == ("payment", "Pay", [], False)
    assert AuditEvent.objects.of_action("authorization_detail_type.changed").get().details["title_en"] == "Pay"
    assert browser.post(f"{TYPES}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not AuthorizationDetailType.objects.exists()
    assert AuditEvent.objects.of_action("authorization_detail_type.deleted").get().details == {"type": "payment"}


def test_saving_what_stands_changes_and_records_nothing(browser_of: BrowserOf) -> None:
    authorization_detail_types.put(PAYMENT)
    row = AuthorizationDetailType.objects.get()
    assert browser_of().post(f"{TYPES}{row.pk}/change/", FORM).status_code == 302
    assert not AuditEvent.objects.of_action("authorization_detail_type.changed").exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": "two words"}, "type"),
        ({"title_en": ""}, "title_en"),
        ({"title_ko": "a\u202eb"}, "title_ko"),
        ({"fields": "not JSON"}, "fields"),
        ({"fields": "{}"}, "fields"),
        ({"fields": '[{"name": "amount", "kind": "coins", "label_en": "x"}]'}, "fields"),
        ({"fields": '[{"name": "actions", "label_en": "x"}]'}, "fields"),
        ({"fields": '[{"name": "a", "name": "b", "label_en": "x"}]'}, "fields"),
        ({"fields": '[{"name": "a"}]'}, "fields"),
    ],
)
def test_a_type_that_may_not_be_is_refused_beside_the_field(
    browser_of: BrowserOf, changed: dict[str, str], field: str
) -> None:
    assert list(errors_of(browser_of().post(f"{TYPES}add/", FORM | changed))) == [field]
    assert not AuthorizationDetailType.objects.exists()


@pytest.mark.parametrize(
    ("permission", "answers"),
    [("view_scope", [403] * 4), ("view_authorizationdetailtype", [200, 403, 403, 403])],
)
def test_only_who_has_the_permission_of_the_model_may(
    browser_of: BrowserOf, permission: str, answers: list[int]
) -> None:
    paths = _paths()
    browser = browser_of(permission)
    posted = [browser.post(path, FORM | {"post": "yes"}).status_code for path in paths]
    assert [browser.get(TYPES).status_code, *posted] == answers
    assert [Browser().post(path, FORM).status_code for path in paths] == [302] * 3, "a stranger is sent to sign in"
    assert dict(authorization_detail_types.read()) == {"accounts": ACCOUNTS}


def test_a_page_without_its_token_changes_nothing(browser_of: BrowserOf) -> None:
    paths = _paths()
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser_of().cookies
    assert [strict.post(path, FORM | {"post": "yes"}).status_code for path in paths] == [403] * 3
    assert dict(authorization_detail_types.read()) == {"accounts": ACCOUNTS}


def _paths() -> list[str]:
    authorization_detail_types.put(ACCOUNTS)
    row = AuthorizationDetailType.objects.get()
    return [f"{TYPES}add/", f"{TYPES}{row.pk}/change/", f"{TYPES}{row.pk}/delete/"]


def test_a_client_is_given_types_and_scopes_that_it_cannot_do_without(browser_of: BrowserOf) -> None:
    authorization_detail_types.put(ACCOUNTS)
    client = make_client(scopes="openid email")
    path = f"/admin/oauth/client/{client.pk}/change/"
    browser = browser_of()
    page = browser.get(path)
    assert "See accounts" in page.content.decode()
    form: dict[str, Any] = {name: value for name, value in page.context["adminform"].form.initial.items() if value}
    form |= {"redirect_uris": client.redirect_uris, "x_claims": "", "default_acr_values": "", "jwks": ""}
    form |= {"x_required_scopes": ["email"], "authorization_details_types": ["accounts"]}
    answer = browser.post(path, form)
    assert answer.status_code == 302, errors_of(answer)
    after = Client.objects.get()
    assert (after.required_scopes, after.authorization_details_types) == ("email", "accounts")
    wrong = form | {"x_required_scopes": ["phone"], "authorization_details_types": ["unheard_of"]}
    assert "authorization_details_types" in errors_of(browser.post(path, wrong))
    wrong = form | {"x_required_scopes": ["phone"]}
    assert "x_required_scopes" in errors_of(browser.post(path, wrong))
