"""Personal access tokens: what a thief, a stranger or another person might try with them."""

import logging
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import people
from oauth.api.authentication import BearerAuthentication
from oauth.models import PersonalAccessToken
from oauth.protocol.rfc7591_registration import check_client_id
from oauth.services import personal_access_tokens
from oauth.services.personal_access_tokens import SessionOver
from tests.bearer import INVALID, ask, authorization, first_party, view_of
from tests.clients import SECRET, basic, make_client, post_form
from tests.impersonation import impersonating, impersonation_on, root, the_impersonation
from tests.personal_tokens import MONTH, NEW, fill_in, shown_in, token_of
from tests.recently_proved import recently_proved
from trust.guard.permissions import HasAcr, HasRole, HasScope, IsFirstParty, RecentAuth
from trust.lib.origin import Origin

__all__ = ["impersonation_on", "root"]
pytestmark = pytest.mark.django_db


def user_info(token: str) -> Any:
    return Browser().get("/api/user_info/", headers=authorization(token))


def api_of_notes(*permissions: Any) -> Any:
    return view_of(*permissions, authentication_classes=(BearerAuthentication,))


def test_the_token_that_the_attacks_start_from_is_good(person: User) -> None:
    assert user_info(token_of(person, "profile")[1]).status_code == 200


# --- What it opens ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/protected/"),
        ("PATCH", "/api/me/"),
        ("GET", "/api/sessions/"),
        ("DELETE", f"/api/sessions/{uuid.UUID(int=1)}/"),
        ("POST", "/api/token/logout/"),
        ("GET", "/api/account/v1/auth/session"),
    ],
)
def test_opens_nothing_that_is_for_our_own_applications(person: User, method: str, path: str) -> None:
    _row, value = token_of(person, "profile", "email", "roles")
    answer = Browser().generic(method, path, "{}", "application/json", headers=authorization(value))
    assert answer.status_code in {401, 403, 404}, answer.content
    assert user_info(value).status_code == 200, "nothing of it ended"


def test_opens_a_view_by_a_scope_that_it_has_and_by_no_other(person: User) -> None:
    _row, value = token_of(person, "email")
    assert user_info(value).status_code == 403
    assert ask(api_of_notes(HasScope("email")), value).status_code == 200
    assert ask(api_of_notes(HasScope("email", "profile")), value).status_code == 403


def test_is_no_token_of_ours_and_proves_no_sign_in(person: User) -> None:
    _row, value = token_of(person, "profile")
    for closed in (IsFirstParty(), RecentAuth(max_age=3600), HasAcr("aal1")):
        assert ask(api_of_notes(HasScope("profile"), closed), value).status_code in {401, 403}


def test_has_no_role_without_the_scope(person: User) -> None:
    person.groups.add(Group.objects.create(name="editors"))
    view = api_of_notes(HasScope("profile"), HasRole("editors"))
    assert ask(view, token_of(person, "profile")[1]).status_code == 403
    assert ask(view, token_of(person, "profile", "roles")[1]).status_code == 200


def test_userinfo_is_for_sign_ins(person: User) -> None:
    _row, value = token_of(person, "profile", "email")
    asked = Browser().get("/oauth/userinfo", headers=authorization(value))
    assert asked.status_code == 403
    assert 'scope="openid"' in asked["WWW-Authenticate"]


def test_does_not_open_the_pages(person: User) -> None:
    _row, value = token_of(person, "profile", "roles")
    for path in ("/accounts/", "/accounts/tokens/", NEW, "/admin/"):
        assert Browser().get(path, headers=authorization(value)).status_code == 302


def test_is_not_taken_from_the_query_or_from_a_form(person: User) -> None:
    _row, value = token_of(person, "profile")
    assert Browser().get(f"/api/user_info/?access_token={value}").status_code == 401
    posted = post_form("/oauth/userinfo", {"access_token": value})
    assert posted.status_code == 403


def test_is_no_token_that_is_bound_to_a_key(person: User) -> None:
    _row, value = token_of(person, "profile")
    assert Browser().get("/api/user_info/", headers={"Authorization": f"DPoP {value}"}).status_code == 401


# --- Making one ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["personal", "first party"])
def test_no_token_makes_a_token(person: User, token: str) -> None:
    value = token_of(person, "profile")[1] if token == "personal" else first_party(person)
    PersonalAccessToken.objects.all().delete()
    form = {"name": "x", "lifetime": "30", "scope": ["profile"]}
    answer = Browser().post(NEW, form, headers=authorization(value))
    assert answer["Location"].startswith("/accounts/login/")
    assert not PersonalAccessToken.objects.exists()


def test_no_other_site_makes_or_ends_one(person: User) -> None:
    browser = recently_proved(person)
    row, _value = token_of(person, "profile")
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    form = {"name": "x", "lifetime": "30", "scope": ["profile"]}
    for path in (NEW, f"/accounts/tokens/{row.pk}/end/", "/accounts/tokens/end-all/"):
        assert strict.post(path, form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert PersonalAccessToken.objects.count() == 1


def test_whoever_sees_the_site_as_somebody_makes_and_ends_none(
    person: User, root: User, impersonation_on: None
) -> None:
    row, value = token_of(person, "profile")
    browser = impersonating(root, person)
    assert browser.get(NEW).status_code == 403
    for path in (NEW, f"/accounts/tokens/{row.pk}/end/", "/accounts/tokens/end-all/"):
        assert browser.post(path, {"name": "x", "lifetime": "30", "scope": ["profile"]}).status_code == 403
    with pytest.raises(SessionOver):
        personal_access_tokens.make(
            user=person,
            session_id=the_impersonation(person).pk,
            name="x",
            scope=["profile"],
            lifetime=MONTH,
            origin=Origin(),
        )
    assert user_info(value).status_code == 200
    assert PersonalAccessToken.objects.count() == 1


def test_nothing_changes_by_get(person: User) -> None:
    browser = recently_proved(person)
    row, _value = token_of(person, "profile")
    for path in (f"/accounts/tokens/{row.pk}/end/", "/accounts/tokens/end-all/"):
        assert browser.get(path).status_code == 405
    browser.get(f"{NEW}?name=x&lifetime=30&scope=profile")
    assert PersonalAccessToken.objects.count() == 1


@pytest.mark.parametrize("scope", ["openid", "offline_access", "orders:write", "profile openid", '"groups', "*"])
def test_a_form_that_was_tampered_with_gets_no_wider_token(person: User, scope: str) -> None:
    make_client(scopes="openid profile orders:write")
    fill_in(recently_proved(person), scope=["profile", scope])
    assert not PersonalAccessToken.objects.exists()


def test_a_token_of_somebody_else_does_not_exist(person: User, make_person: Any) -> None:
    row, value = token_of(person, "profile")
    mallory = recently_proved(make_person("mallory"))
    for token_id in (row.pk, uuid.uuid4()):
        assert mallory.post(f"/accounts/tokens/{token_id}/end/").status_code == 404
    mallory.post("/accounts/tokens/end-all/")
    assert user_info(value).status_code == 200
    assert "backups" not in mallory.get("/accounts/tokens/").content.decode()


# --- Values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trick",
    [
        lambda value: value[:-1],
        lambda value: value + "A",
        lambda value: value.swapcase(),
        lambda value: value.replace("apat_", "apat_0"),
        lambda value: value[:5] + value[6:] + value[5],
        lambda value: "apat_" + "0" * 49,
        lambda value: "apat_" + "a" * 2_000,
        lambda value: "apat_",
        lambda value: f"{value}=",
    ],
)
def test_a_value_that_is_not_quite_one_is_refused_and_nothing_is_looked_up(person: User, trick: Any) -> None:
    _row, value = token_of(person, "profile")
    with CaptureQueriesContext(connection) as seen:
        refused = user_info(trick(value))
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, INVALID)
    assert not [query for query in seen if "personalaccesstoken" in query["sql"]]


def test_its_row_does_not_open_anything(person: User) -> None:
    row, _value = token_of(person, "profile")
    for found_in_the_database in (str(row.pk), row.digest, f"apat_{row.digest}"):
        assert user_info(found_in_the_database).status_code == 401


def test_dies_with_the_account_at_the_next_request(person: User) -> None:
    _row, value = token_of(person, "profile")
    User.objects.update(is_active=False)  # behind the back of whatever ends tokens
    assert user_info(value).status_code == 401
    User.objects.update(is_active=True)
    people.deactivate(user=person, actor=None)
    people.activate(user=person, actor=None)
    assert user_info(value).status_code == 401, "what ended stays ended"


def test_is_nowhere_but_on_the_page_that_showed_it(
    person: User, caplog: pytest.LogCaptureFixture, deliver_mail: Any, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = recently_proved(person)
    value = shown_in(fill_in(browser))
    for token in (value, value[:-1]):
        user_info(token)
        Browser().post("/oauth/introspect", {"token": token}, headers={"authorization": "Basic eDp5"})
    deliver_mail()
    call_command("clear_expired")
    everything = caplog.text + "".join(str(message.message()) for message in mail.outbox)
    for page in ("/accounts/tokens/", "/accounts/", "/accounts/activity/", "/accounts/data/"):
        everything += browser.get(page).content.decode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            everything += str(cursor.fetchall())
    assert value[5:30] not in everything


# --- At the authorization server ----------------------------------------------------------------------------


@pytest.mark.parametrize("client_id", ["personal-access-token", "Personal-Access-Token", "PERSONAL-ACCESS-TOKEN"])
def test_no_client_has_its_name(client_id: str) -> None:
    assert check_client_id(client_id) == "is reserved"


@pytest.mark.parametrize(("introspects", "active"), [("own", False), ("all", True)])
def test_only_who_may_ask_about_all_tokens_may_ask_about_it(person: User, introspects: str, active: bool) -> None:
    make_client("api", introspects=introspects)
    row, value = token_of(person, "profile")
    said = post_form("/oauth/introspect", {"token": value}, authorization=basic("api", SECRET)).json()
    assert said["active"] is active
    told = (said.get("client_id"), said.get("scope"), said.get("jti"))
    assert told == (("personal-access-token", "profile", str(row.pk)) if active else (None, None, None))


def test_no_client_revokes_it(person: User) -> None:
    make_client("api", introspects="all")
    _row, value = token_of(person, "profile")
    assert post_form("/oauth/revoke", {"token": value}, authorization=basic("api", SECRET)).status_code == 200
    assert user_info(value).status_code == 200


def test_is_no_refresh_token_no_code_and_no_id_token(person: User) -> None:
    client = make_client()
    _row, value = token_of(person, "profile")
    for form in (
        {"grant_type": "refresh_token", "refresh_token": value},
        {"grant_type": "authorization_code", "code": value, "redirect_uri": client.redirect_uris},
    ):
        answer = post_form("/oauth/token", form, authorization=basic("app", SECRET))
        assert (answer.status_code, answer.json()["error"]) in {(400, "invalid_grant"), (400, "invalid_request")}
    hinted = Browser().get("/oauth/end-session", {"id_token_hint": value})
    assert hinted.status_code in {200, 400}


@pytest.mark.parametrize("policy", ["delegation", "impersonation"])
def test_is_exchanged_for_nothing(person: User, policy: str) -> None:
    exchange = "urn:ietf:params:oauth:grant-type:token-exchange"
    make_client("gateway", grant_types=exchange, token_exchange=policy, introspects="all", redirect_uris="")
    _row, value = token_of(person, "profile")
    form = {
        "grant_type": exchange,
        "subject_token": value,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
    }
    answer = post_form("/oauth/token", form, authorization=basic("gateway", SECRET))
    assert answer.status_code == 400
    assert "access_token" not in answer.json()
