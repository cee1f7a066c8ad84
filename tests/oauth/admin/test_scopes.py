"""Scopes and resources in the administration: words, checks beside their fields, and what is never deleted."""

from typing import Any

import pytest
from django.test import Client as Browser

from oauth.models import Resource, Scope
from oauth.protocol import rfc8707_resource
from oauth.scope_description import BUILT_IN_SCOPES, ResourceDescription, ScopeDescription
from oauth.services import scope_registration, scopes
from tests.clients import make_client
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import errors_of
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SCOPES = "/admin/oauth/scope/"
RESOURCES = "/admin/oauth/resource/"
READ = {"name": "orders:read", "title_en": "See your orders", "title_ko": "주문을 봅니다", "is_offered": "on"}
API = {"identifier": "https://orders.example", "name_en": "Orders", "name_ko": "주문"}


def _event(action: str) -> AuditEvent:
    return AuditEvent.objects.of_action(action).get()


def test_a_scope_is_made_and_changed_but_for_its_name(browser_of: BrowserOf) -> None:
    browser = browser_of()
    assert browser.post(f"{SCOPES}add/", READ).status_code == 302
    scope = Scope.objects.get(name="orders:read")
    assert (scope.title_ko, scope.is_offered, scope.is_default) == ("주문을 봅니다", True, False)
    path = f"{SCOPES}{scope.pk}/change/"
    assert browser.post(path, {"name": "another", "title_en": "Look at orders"}).status_code == 302
    scope.refresh_from_db()
    assert (scope.name, scope.title_en, scope.is_offered) == ("orders:read", "Look at orders", False)
    assert _event("scope.changed").details["title_en"] == "Look at orders"
    assert _event("scope.created").actor is not None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": 'a"b'}, "name"),
        ({"name": "two words"}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "openid"}, "name"),
        ({"title_en": "Your \u202esredro"}, "title_en"),
        ({"title_ko": "x" * 121}, "title_ko"),
        ({"description_en": "zero\u200bwidth"}, "description_en"),
    ],
)
def test_a_scope_that_may_not_be_is_refused_beside_the_field(
    browser_of: BrowserOf, changed: dict[str, str], field: str
) -> None:
    scope_registration.put_scope(BUILT_IN_SCOPES["openid"])
    before = Scope.objects.count()
    assert list(errors_of(browser_of().post(f"{SCOPES}add/", READ | changed))) == [field]
    assert Scope.objects.count() == before


def test_a_scope_of_a_sign_in_is_never_for_personal_access_tokens(browser_of: BrowserOf) -> None:
    scope_registration.put_scope(BUILT_IN_SCOPES["openid"])
    scope = Scope.objects.get(name="openid")
    refused = browser_of().post(f"{SCOPES}{scope.pk}/change/", {"is_personal": "on"})
    assert list(errors_of(refused)) == ["is_personal"]


def test_a_built_in_scope_is_given_other_words_and_never_deleted(browser_of: BrowserOf) -> None:
    scope_registration.put_scope(BUILT_IN_SCOPES["email"])
    scope = Scope.objects.get(name="email")
    browser = browser_of()
    assert browser.get(f"{SCOPES}{scope.pk}/delete/").status_code == 403
    assert browser.post(f"{SCOPES}{scope.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.post(f"{SCOPES}{scope.pk}/change/", {"title_en": "Write to you"}).status_code == 302
    assert "Write to you" in browser.get(SCOPES).content.decode()


def test_a_scope_that_a_client_has_is_not_deleted_and_the_page_says_whose_it_is(browser_of: BrowserOf) -> None:
    scope_registration.put_scope(ScopeDescription(name="orders:read"))
    scope, client = Scope.objects.get(name="orders:read"), make_client(name="Shop", scopes="orders:read")
    browser, path = browser_of(), f"{SCOPES}{scope.pk}/delete/"
    assert "Shop" in browser.get(path).content.decode()
    assert browser.post(path, {"post": "yes"}).status_code in {200, 302, 403}
    assert Scope.objects.filter(pk=scope.pk).exists()
    client.delete()
    assert browser.post(path, {"post": "yes"}).status_code == 302
    assert not Scope.objects.filter(pk=scope.pk).exists()


def test_a_resource_is_made_with_scopes_changed_and_deleted(browser_of: BrowserOf) -> None:
    scope_registration.put_scope(ScopeDescription(name="orders:read"))
    scope, browser = Scope.objects.get(name="orders:read"), browser_of()
    assert browser.post(f"{RESOURCES}add/", API | {"scopes": [scope.pk]}).status_code == 302
    made = Resource.objects.get()
    assert scopes.resource_described(made) == ResourceDescription(**API, scopes=("orders:read",))
    path = f"{RESOURCES}{made.pk}/"
    assert "orders:read" in browser.get(RESOURCES).content.decode()
    changed = {"identifier": "https://other.example", "name_en": "The Orders"}
    assert browser.post(f"{path}change/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.identifier, made.name_en, made.scopes.count()) == ("https://orders.example", "The Orders", 0)
    assert browser.post(f"{path}delete/", {"post": "yes"}).status_code == 302
    assert not Resource.objects.exists()
    assert Scope.objects.filter(pk=scope.pk).exists()
    assert _event("resource.deleted").details == {"identifier": "https://orders.example"}


def test_a_resource_says_what_its_tokens_are_like_and_who_introspects_them(browser_of: BrowserOf) -> None:
    client, browser = make_client("orders-api"), browser_of("add_resource", "view_client")
    chosen = {"access_token_format": "opaque", "access_token_lifetime": "300", "client": client.pk}
    assert browser.post(f"{RESOURCES}add/", API | chosen).status_code == 302
    told = scopes.resource_described(Resource.objects.get())
    assert (told.access_token_format, told.access_token_lifetime, told.client_id) == ("opaque", 300, "orders-api")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("access_token_lifetime", "59"),
        ("access_token_lifetime", "3601"),
        ("access_token_lifetime", "-1"),
        ("access_token_lifetime", "long"),
        ("access_token_format", "saml"),
        ("client", "0"),
        ("client", "app"),
    ],
)
def test_what_its_tokens_cannot_be_like_is_said_beside_the_field(browser_of: BrowserOf, field: str, value: str) -> None:
    assert list(errors_of(browser_of().post(f"{RESOURCES}add/", API | {field: value}))) == [field]
    assert not Resource.objects.exists()


@pytest.mark.parametrize(
    "identifier",
    [
        "orders",
        "/orders",
        "https:orders",
        "https://",
        "https://a.example/#x",
        "https://a example",
        "http://[",
        "{issuer}",
        "{issuer}/",
    ],
)
def test_an_identifier_that_may_not_be_is_refused(browser_of: BrowserOf, settings: Any, identifier: str) -> None:
    refused = browser_of().post(f"{RESOURCES}add/", API | {"identifier": identifier.format(issuer=settings.ISSUER)})
    assert list(errors_of(refused)) == ["identifier"]
    assert not Resource.objects.exists()


def test_a_built_in_scope_opens_no_api(browser_of: BrowserOf) -> None:
    scope_registration.put_scope(BUILT_IN_SCOPES["email"])
    chosen = {"scopes": [Scope.objects.get(name="email").pk]}
    assert list(errors_of(browser_of().post(f"{RESOURCES}add/", API | chosen))) == ["scopes"]
    told = rfc8707_resource.problems_of(
        ResourceDescription(**API, scopes=("email", 'a"b')), issuer="https://idp.example"
    )
    assert [(problem.member, problem.value) for problem in told] == [("scopes", "email"), ("scopes", 'a"b')]


@pytest.mark.parametrize("identifier", ["https://api.example/v1?tenant=1", "urn:example:api", "http://127.0.0.1:9000"])
def test_an_absolute_uri_identifies_a_resource(browser_of: BrowserOf, identifier: str) -> None:
    assert browser_of().post(f"{RESOURCES}add/", API | {"identifier": identifier}).status_code == 302
    assert Resource.objects.get().identifier == identifier


@pytest.mark.parametrize("list_of", [SCOPES, RESOURCES])
def test_only_who_has_the_permission_of_the_model_may(browser_of: BrowserOf, list_of: str) -> None:
    model = list_of.split("/")[-2]
    scope_registration.put_resource(ResourceDescription(**API, scopes=("orders:read",)))
    row: Any = {"scope": Scope.objects.filter(name="orders:read"), "resource": Resource.objects.all()}[model].get()
    posted = READ | API

    def answers(browser: Browser) -> list[int]:
        pages = [browser.get(list_of).status_code]
        paths = (f"{list_of}add/", f"{list_of}{row.pk}/change/", f"{list_of}{row.pk}/delete/")
        return pages + [
            browser.post(path, posted | {"name": "a", "identifier": "urn:a:b"}).status_code for path in paths
        ]

    assert answers(browser_of("view_session")) == [403] * 4
    browser = Browser()
    assert [browser.post(f"{list_of}add/", posted).status_code] == [302], "a stranger is sent to sign in"
    assert Scope.objects.filter(name="a").count() == Resource.objects.filter(identifier="urn:a:b").count() == 0


def test_who_may_look_changes_nothing(browser_of: BrowserOf) -> None:
    browser = browser_of("view_scope", "view_resource")
    assert browser.get(SCOPES).status_code == browser.get(RESOURCES).status_code == 200
    assert browser.post(f"{SCOPES}add/", READ).status_code == 403
    assert browser.post(f"{RESOURCES}add/", API).status_code == 403


def test_a_page_without_its_token_changes_nothing(browser_of: BrowserOf) -> None:
    staff = browser_of()
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    assert strict.post(f"{SCOPES}add/", READ).status_code == 403
    assert not Scope.objects.filter(name="orders:read").exists()
