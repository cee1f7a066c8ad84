"""Clients in the administration: each kind with its fields, a secret that is shown once, and no other way to it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from oauth.admin.kinds import Kind
from oauth.models import Client, Consent
from oauth.services import client_secrets, consents, scope_registration
from oauth.services.digests import secret_is_right
from tests.clients import SECRET, Application, make_client
from tests.clients import app as app
from tests.clients import spa as spa
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, add, change, errors_of, filled, page_of
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db


def _secret_in(answer: Any) -> str:
    found = re.search(r'id="client-secret"[^>]*value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_asks_first_which_kind_of_client(browser_of: BrowserOf) -> None:
    browser = browser_of()
    for path in (f"{LIST}add/", f"{LIST}add/?kind=spaceship"):
        page = browser.get(path).content.decode()
        assert all(f"?kind={kind}" in page for kind in Kind)


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("web", {"redirect_uris", "scope", "token_endpoint_auth_method"}, {"x_introspects", "x_pkce", "grant_types"}),
        ("spa", {"redirect_uris", "scope"}, {"token_endpoint_auth_method", "x_pkce", "x_introspects", "jwks"}),
        ("native", {"redirect_uris", "scope"}, {"token_endpoint_auth_method", "x_pkce", "x_introspects", "jwks"}),
        ("service", {"scope", "x_introspects"}, {"redirect_uris", "grant_types", "x_groups", "x_skip_consent"}),
    ],
)
def test_a_kind_has_only_the_fields_that_it_needs(
    browser_of: BrowserOf, kind: str, has: set[str], lacks: set[str]
) -> None:
    fields = browser_of().get(f"{LIST}add/?kind={kind}").context["adminform"].form.fields
    assert has <= set(fields)
    assert not lacks & set(fields)


def test_shows_the_secret_of_a_new_client_once(browser_of: BrowserOf, staff_id: Callable[[], object]) -> None:
    browser = browser_of()
    answer = add(browser, "web", client_name="The Shop", redirect_uris="https://shop.example/a\nhttps://shop.example/b")
    client = Client.objects.get()
    secret = _secret_in(answer)
    assert secret_is_right(client.client_secret, secret)
    assert client.redirect_uris.split() == ["https://shop.example/a", "https://shop.example/b"]
    assert "no-store" in answer["Cache-Control"]
    for path in (page_of(client), LIST, f"{LIST}{client.pk}/history/", f"{LIST}{client.pk}/secret/"):
        page = browser.get(path).content.decode()
        assert secret not in page
        assert client.client_secret not in page
    event = AuditEvent.objects.of_action("client.created").get()
    assert (event.actor, event.client_id) == (staff_id(), client.client_id)


def test_a_public_client_has_no_secret_to_show(browser_of: BrowserOf) -> None:
    browser = browser_of()
    answer = add(browser, "native", client_name="The App", client_id="app", redirect_uris="com.example.app:/callback")
    client = Client.objects.get()
    assert answer.status_code == 302
    assert (client.client_id, client.client_type, client.client_secret) == ("app", "public", "")
    assert browser.get(f"{LIST}{client.pk}/secret/").status_code == 404
    assert browser.post(f"{LIST}{client.pk}/secret/").status_code == 404


def test_a_service_uses_client_credentials_alone(browser_of: BrowserOf) -> None:
    scope_registration.ensure_scopes(["read", "write"])
    answer = add(browser_of(), "service", client_name="The Service", scope=["read", "write"])
    client = Client.objects.get()
    assert (client.grant_types, client.scopes) == ("client_credentials", "read write")
    tokens = Application(client, _secret_in(answer)).token(grant_type="client_credentials", scope="read")
    assert tokens.status_code == 200


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"redirect_uris": "http://shop.example/"}, "redirect_uris", "http://shop.example/: must be https"),
        ({"redirect_uris": ""}, "redirect_uris", "is missing"),
        ({"post_logout_redirect_uris": "nowhere"}, "post_logout_redirect_uris", "nowhere: must be https"),
        ({"scope": ["openid", "nowhere"]}, "scope", "nowhere"),
        ({"client_id": "first-party"}, "client_id", "is reserved"),
        ({"client_id": "taken"}, "client_id", "There is a client of this ID already."),
        ({"token_endpoint_auth_method": "none"}, "token_endpoint_auth_method", "none"),
        ({"x_groups": ["nobody"]}, "x_groups", "nobody"),
        ({"client_name": ""}, "client_name", "required"),
    ],
)
def test_shows_a_fault_beside_its_field_and_makes_nothing(
    browser_of: BrowserOf, changed: dict[str, Any], field: str, said: str
) -> None:
    make_client("taken")
    right = {"client_name": "The Shop", "redirect_uris": "https://shop.example/"}
    errors = errors_of(add(browser_of(), "web", **(right | changed)))
    assert list(errors) == [field]
    assert said in errors[field][0]
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"x_default_scopes": ["phone"], "scope": ["openid"]}, "x_default_scopes", "phone: is not among"),
        ({"x_access_token_lifetime": "1"}, "x_access_token_lifetime", "60"),
        ({"grant_types": ["password"]}, "grant_types", "password"),
    ],
)
def test_shows_a_fault_of_a_change_beside_its_field(
    browser_of: BrowserOf, app: Client, changed: dict[str, Any], field: str, said: str
) -> None:
    errors = errors_of(change(browser_of(), app, **changed))
    assert list(errors) == [field]
    assert said in errors[field][0]


def test_changes_what_was_changed_and_nothing_else(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of()
    Client.objects.update(token_endpoint_auth_method="client_secret_post")
    Group.objects.create(name="editors")
    changed = {"x_groups": ["editors"], "client_name": "Our App", "x_skip_consent": "on"}
    assert browser.post(page_of(app), filled(browser, page_of(app), **changed)).status_code == 302
    after = Client.objects.get()
    assert (after.name, after.skip_authorization, after.groups.get().name) == ("Our App", True, "editors")
    assert (after.token_endpoint_auth_method, after.scopes, after.client_secret) == (
        "client_secret_post",
        app.scopes,
        app.client_secret,
    )
    details = AuditEvent.objects.of_action("client.changed").get().details
    assert details == {"groups": ["editors"], "name": "Our App", "skips_consent": True}


def test_takes_a_method_back(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of()
    for method in ("client_secret_basic", ""):
        fields = filled(browser, page_of(app)) | {"token_endpoint_auth_method": method}
        assert browser.post(page_of(app), fields).status_code == 302
        assert Client.objects.get().token_endpoint_auth_method == method


def test_what_the_form_does_not_ask_stays(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of()
    fields = filled(browser, page_of(app), client_name="Our App", client_id="another", is_active="")
    browser.post(page_of(app), fields | {"client_secret": "chosen", "client_type": "public"})
    after = Client.objects.get()
    assert (after.client_id, after.is_active, after.client_type) == ("app", True, "confidential")
    assert after.client_secret == app.client_secret


def test_a_new_secret_is_made_by_post_alone_and_shown_once(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of()
    path = f"{LIST}{app.pk}/secret/"
    assert path in browser.get(page_of(app)).content.decode()
    browser.get(path)
    assert secret_is_right(Client.objects.get().client_secret, SECRET)
    assert browser.post(path).context["form"].errors["keep"]
    assert browser.post(path, {"keep": "3650"}).context["form"].errors["keep"]
    assert secret_is_right(Client.objects.get().client_secret, SECRET)
    answer = browser.post(path, {"keep": "0"})
    after = Client.objects.get()
    assert secret_is_right(after.client_secret, _secret_in(answer))
    assert after.previous_secret == ""
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.of_action("client.secret_rotated").count() == 1


def test_the_old_secret_stays_as_long_as_chosen_and_is_ended_by_a_button(browser_of: BrowserOf, app: Client) -> None:
    browser, path = browser_of(), f"{LIST}{app.pk}/secret/"
    assert browser.get(path).context["form"]["keep"].value() == 7
    answer = browser.post(path, {"keep": "7"})
    after = Client.objects.get()
    assert secret_is_right(after.previous_secret, SECRET)
    assert after.previous_secret_until is not None
    assert after.previous_secret_until - clock.now() > timedelta(days=6, hours=23)
    assert "The old secret is good until" in answer.content.decode()
    for page in (path, page_of(app), LIST):
        assert after.previous_secret not in browser.get(page).content.decode()
    assert "two; the older one until" in browser.get(page_of(app)).content.decode()
    assert browser.post(path, {"end_previous": "1"}).status_code == 302
    assert Client.objects.get().previous_secret == ""
    assert "one before" not in browser.get(path).content.decode()
    assert AuditEvent.objects.of_action("client.previous_secret_ended").count() == 1


def test_who_may_only_look_ends_no_secret(browser_of: BrowserOf, app: Client) -> None:
    client_secrets.rotate(client_pk=app.pk, keep=timedelta(days=7))
    browser = browser_of("view_client")
    for form in ({"keep": "0"}, {"end_previous": "1"}):
        assert browser.post(f"{LIST}{app.pk}/secret/", form).status_code == 404
    assert Client.objects.get().previous_secret


def test_disables_and_enables_by_the_list(browser_of: BrowserOf, app: Client, spa: Client) -> None:
    browser = browser_of()
    for action, active in (("disable", False), ("enable", True)):
        browser.post(LIST, {"action": action, "_selected_action": [app.pk, spa.pk]})
        assert set(Client.objects.values_list("is_active", flat=True)) == {active}
    assert AuditEvent.objects.of_action("client.disabled").count() == 2
    assert "delete_selected" not in browser.get(LIST).content.decode()


def test_deletes_after_telling_what_goes_along(browser_of: BrowserOf, app: Client, person: Any) -> None:
    consents.give(user_id=person.pk, client_pk=app.pk, client_id="app", scope=("openid",), origin=Origin())
    browser = browser_of()
    page = browser.get(f"{LIST}{app.pk}/delete/")
    assert dict(page.context["model_count"]) == {"consents": 1}
    browser.post(f"{LIST}{app.pk}/delete/", {"post": "yes"})
    assert not Client.objects.exists()
    assert not Consent.objects.exists()
    assert AuditEvent.objects.of_action("client.deleted").count() == 1


def test_finds_and_narrows(browser_of: BrowserOf, app: Client, spa: Client) -> None:
    browser = browser_of()
    for query in ("q=spa.example", "q=spa", "client_type__exact=public"):
        assert list(browser.get(f"{LIST}?{query}").context["cl"].result_list) == [spa]


def test_who_may_only_look_sees_everything_but_a_secret_and_changes_nothing(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of("view_client")
    page = browser.get(page_of(app)).content.decode()
    assert app.redirect_uris in page
    assert app.scopes in page
    assert app.client_secret not in page
    assert "/secret/" not in page
    assert browser.post(page_of(app), {"client_name": "Mine"}).status_code == 403
    assert browser.get(f"{LIST}{app.pk}/secret/").status_code == 404
    assert browser.get(f"{LIST}add/").status_code == 403
    browser.post(LIST, {"action": "disable", "_selected_action": [app.pk]})
    assert Client.objects.get().is_active


def test_who_has_no_permission_sees_nothing(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of("view_session")
    for path in (LIST, page_of(app), f"{LIST}add/", f"{LIST}add/?kind=web"):
        assert browser.get(path).status_code == 403


@pytest.mark.parametrize("model", ["accesstoken", "authorizationcode", "idtoken", "deviceauthorization"])
def test_tokens_and_codes_are_not_shown(browser_of: BrowserOf, model: str) -> None:
    assert browser_of().get(f"/admin/oauth/{model}/").status_code == 404
