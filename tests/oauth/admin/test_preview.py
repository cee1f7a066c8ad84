"""The preview: what a client would be told of a person, exactly, and without a trace but the audit row."""

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from accounts.models import Session, User
from oauth.models import AuthorizationCode, Client, Consent, PairwiseSubject, RefreshToken
from tests.clients import Application, basic, make_client, post_form
from tests.clients import app as app
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, page_of
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SCOPES = ["openid", "profile", "email", "roles"]
OF_THE_SIGN_IN = {"iat", "exp", "auth_time", "acr", "amr", "sid", "at_hash"}
OF_THE_ACCESS_TOKEN = {"iat", "exp", "jti", "grant", "sid", "auth_time", "acr", "amr"}


def _path(client: Client) -> str:
    return f"{LIST}{client.pk}/preview/"


def _look(browser: Browser, client: Client, person: str = "alice", **changed: Any) -> Any:
    return browser.post(_path(client), {"person": person, "scope": SCOPES} | changed)


def _claims(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    return [json.loads(text) for text in answer.context["claims"].values()]


def _counts() -> list[int]:
    models = (AuthorizationCode, Consent, PairwiseSubject, RefreshToken, Session)
    return [model.objects.count() for model in models]


@pytest.mark.parametrize(
    "set_to",
    [{}, {"subject_type": "pairwise"}, {"userinfo_signed_response_alg": "RS256"}, {"access_token_format": "opaque"}],
)
def test_it_is_what_the_client_is_really_told(
    browser_of: BrowserOf, app: Client, person: User, set_to: dict[str, str]
) -> None:
    Group.objects.create(name="editors").user_set.add(person)
    User.objects.by_id(person.pk).update(attributes={"team": "소금"}, given_name="Alice")
    Client.objects.update(claims={"team": "attributes.team", "groups": "groups"}, **set_to)
    application = Application(Client.objects.get())
    application.sign_in()
    tokens = application.tokens(scope=" ".join(SCOPES), nonce=None)
    real = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    answer = application.browser.get("/oauth/userinfo", headers=headers)
    signed = answer["Content-Type"] == "application/jwt"
    info = jwt.decode(answer.content.decode(), options={"verify_signature": False}) if signed else answer.json()
    page = _look(browser_of(), app)
    access_token, id_token, userinfo = _claims(page)
    _is_what_was_issued(application, tokens["access_token"], access_token)
    assert userinfo == info
    assert id_token.keys() == real.keys()
    assert {name for name in real if id_token[name] != real[name]} == OF_THE_SIGN_IN
    assert {id_token[name] for name in OF_THE_SIGN_IN} == {"…"}
    assert "소금" in page.content.decode()


def _is_what_was_issued(application: Application, token: str, previewed: dict[str, Any]) -> None:
    if token.count(".") == 2:
        real = jwt.decode(token, options={"verify_signature": False})
    else:
        Client.objects.update(introspects="own")
        asked = post_form("/oauth/introspect", {"token": token}, authorization=basic("app", application.secret))
        real = asked.json()
        real.pop("username")
    assert previewed.keys() == real.keys()
    hidden = OF_THE_ACCESS_TOKEN | {"own"}
    assert {name for name in real if previewed[name] != real[name]} == hidden & real.keys()
    assert real["roles"] == previewed["roles"] == ["editors"]


def test_looking_makes_nothing_but_a_row_of_who_looked(
    browser_of: BrowserOf, app: Client, person: User, staff_id: Callable[[], object]
) -> None:
    Client.objects.update(subject_type="pairwise")
    browser = browser_of()
    before = _counts()
    page = _look(browser, app)
    assert [told["sub"] for told in _claims(page)] == ["…", "…", "…"]
    assert "no pairwise sub there yet" in page.content.decode()
    assert str(person.pk) not in "".join(page.context["claims"].values())
    assert _counts() == before
    event = AuditEvent.objects.of_action("client.previewed").get()
    assert (event.subject, event.actor, event.client_id) == (person.pk, staff_id(), "app")
    assert event.details == {"scope": " ".join(SCOPES)}


def test_a_person_is_found_by_name_address_or_id(browser_of: BrowserOf, app: Client, person: User) -> None:
    browser = browser_of()
    for typed in ("ALICE", "Alice@Example.com", str(person.pk)):
        assert _claims(_look(browser, app, typed))[0]["sub"] == str(person.pk)


def test_all_scopes_are_chosen_at_first_and_only_chosen_ones_count(
    browser_of: BrowserOf, app: Client, person: User
) -> None:
    browser = browser_of()
    assert browser.get(_path(app)).context["form"]["scope"].value() == app.scopes.split()
    access_token, _id_token, userinfo = _claims(_look(browser, app, scope=["openid", "email"]))
    assert set(userinfo) == {"sub", "email", "email_verified"}
    assert access_token["scope"] == "openid email"
    without = _look(browser, app, scope=["profile"])
    assert [told["scope"] for told in _claims(without)] == ["profile"]
    assert "Without the scope openid" in without.content.decode()
    assert _look(browser, app, scope=["another"]).context["form"].errors["scope"]


@pytest.mark.parametrize("typed", ["", "nobody", "nobody@example.com", "x" * 300, "'; --"])
def test_nobody_is_told_apart_from_somebody(browser_of: BrowserOf, app: Client, person: User, typed: str) -> None:
    assert _look(browser_of(), app, typed).context["form"].errors["person"]
    assert not AuditEvent.objects.of_action("client.previewed").exists()


def test_who_may_not_sign_in_to_it_is_not_shown(browser_of: BrowserOf, app: Client, person: User) -> None:
    browser = browser_of()
    app.groups.add(Group.objects.create(name="editors"))
    assert "in none of the groups" in _look(browser, app).context["form"].errors["person"][0]
    app.groups.clear()
    User.objects.by_id(person.pk).update(is_active=False)
    assert "deactivated" in _look(browser, app).context["form"].errors["person"][0]


def test_what_a_person_wrote_is_text_on_the_page(browser_of: BrowserOf, app: Client, person: User) -> None:
    User.objects.by_id(person.pk).update(name="</pre><script>alert(1)</script>")
    page = _look(browser_of(), app).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("permissions", [["view_client"], ["view_user"], ["change_session"]])
def test_it_needs_the_permission_to_see_clients_and_people(
    browser_of: BrowserOf, app: Client, person: User, permissions: list[str]
) -> None:
    browser = browser_of(*permissions)
    assert browser.get(_path(app)).status_code == 403
    assert _look(browser, app).status_code == 403
    if "view_client" in permissions:
        assert "/preview/" not in browser.get(page_of(app)).content.decode()


def test_it_needs_no_more_than_that(browser_of: BrowserOf, app: Client, person: User) -> None:
    browser = browser_of("view_client", "view_user")
    assert _path(app) in browser.get(page_of(app)).content.decode()
    assert _claims(_look(browser, app))


def test_a_service_is_told_of_nobody(browser_of: BrowserOf, db: None) -> None:
    service = make_client("service", grant_types="client_credentials", redirect_uris="")
    browser = browser_of()
    assert browser.get(_path(service)).status_code == 404
    assert browser.get(f"{LIST}99999/preview/").status_code == 404
    assert "/preview/" not in browser.get(page_of(service)).content.decode()


def test_nobody_but_staff_sees_it(app: Client, person: User) -> None:
    browser = Browser()
    browser.force_login(person)
    assert _look(browser, app).status_code in {302, 403}
    assert not AuditEvent.objects.of_action("client.previewed").exists()
