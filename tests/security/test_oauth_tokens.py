"""Tokens in the wrong place, of the wrong kind, or of somebody who is shut out."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from accounts.services import people
from oauth.services import registration
from tests.clients import SECRET, Application, answer_of, basic, make_client, post_form
from tests.relying_party import userinfo, verified

pytestmark = pytest.mark.django_db

READERS = ["/oauth/userinfo", "/api/user_info/", "/api/me/", "/api/protected/", "/api/sessions/"]


def status_of(path, token):
    return Browser().get(path, headers={"authorization": f"Bearer {token}"}).status_code


def introspected(token):
    return post_form("/oauth/introspect", {"token": token}, authorization=basic("api", SECRET)).json()


@pytest.fixture
def api(db):
    return make_client("api", introspects="all", grant_types="client_credentials", redirect_uris="")


@pytest.fixture(params=["jwt", "opaque"])
def tokens(request, application):
    """What a client of either access token format holds."""
    application.client.access_token_format = request.param
    application.client.save()
    return application.tokens(scope="openid profile email offline_access")


@pytest.mark.parametrize("path", READERS)
def test_an_id_token_opens_nothing(application, path):
    assert status_of(path, application.tokens()["id_token"]) == 401


@pytest.mark.parametrize("path", READERS)
def test_a_refresh_token_opens_nothing(application, path):
    assert status_of(path, application.tokens()["refresh_token"]) == 401


@pytest.mark.parametrize("access_token_format", ["jwt", "opaque"])
@pytest.mark.parametrize("path", READERS)
def test_a_client_that_acts_as_itself_is_no_person(app, path, access_token_format):
    app.access_token_format = access_token_format
    app.save()
    token = Application(app).token(grant_type="client_credentials", scope="profile email").json()["access_token"]
    assert status_of(path, token) == 403


def test_a_client_cannot_be_named_like_a_person_to_be_taken_for_one(person):
    application = Application(make_client(str(person.pk)))
    token = application.token(grant_type="client_credentials", scope="profile").json()["access_token"]
    for path in READERS:
        assert status_of(path, token) in {401, 403}


def test_user_info_opens_by_the_scope_profile_alone(application):
    assert status_of("/api/user_info/", application.tokens(scope="openid email")["access_token"]) == 403
    assert status_of("/api/user_info/", application.tokens(scope="profile")["access_token"]) == 200
    assert status_of("/oauth/userinfo", application.tokens(scope="profile")["access_token"]) == 403


@pytest.mark.parametrize("path", ["/api/protected/", "/api/sessions/"])
def test_views_of_our_own_stay_closed_whatever_the_scope(application, path):
    token = application.tokens(scope="openid profile email address phone roles offline_access read")["access_token"]
    assert status_of(path, token) == 403


def test_roles_are_told_by_the_scope_roles_alone(person, application, api):
    Group.objects.create(name="editors").user_set.add(person)
    for scope, told in (("openid profile email", None), ("openid profile roles", ["editors"])):
        token = application.tokens(scope=scope)["access_token"]
        assert verified(token, audience="http://testserver").get("roles") == told
        assert introspected(token).get("roles") == told
        assert userinfo(token).json().get("roles") == told


def test_a_role_that_was_taken_is_gone_at_the_next_request(person, application, api):
    group = Group.objects.create(name="editors")
    group.user_set.add(person)
    tokens = application.tokens(scope="openid roles")
    group.user_set.remove(person)
    assert userinfo(tokens["access_token"]).status_code == 401
    assert introspected(tokens["access_token"]) == {"active": False}
    again = application.refresh(tokens["refresh_token"]).json()["access_token"]
    assert "roles" not in verified(again, audience="http://testserver")


def test_a_person_who_is_shut_out_is_shut_out_everywhere(person, application, api, tokens):
    code = application.code()
    people.deactivate(user=person, actor=None)
    for path in READERS[:2]:
        assert status_of(path, tokens["access_token"]) == 401
    assert introspected(tokens["access_token"]) == {"active": False}
    assert introspected(tokens["refresh_token"]) == {"active": False}
    assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert application.exchange(code).json()["error"] == "invalid_grant"
    assert answer_of(application.authorize(prompt="none"))["error"] == "login_required"
    assert application.authorize()["Location"].startswith("/accounts/login/")


def test_who_is_let_in_again_starts_anew(person, application, tokens):
    people.deactivate(user=person, actor=None)
    people.activate(user=person, actor=None)
    assert userinfo(tokens["access_token"]).status_code == 401
    assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_client_that_is_disabled_is_shut_out_everywhere(application, api, tokens):
    registration.disable(client_pk=application.client.pk)
    for path in READERS[:2]:
        assert status_of(path, tokens["access_token"]) == 401
    assert introspected(tokens["access_token"]) == {"active": False}
    for answer in (
        application.refresh(tokens["refresh_token"]),
        application.token(grant_type="client_credentials"),
        post_form("/oauth/introspect", {"token": "x"}, authorization=basic("app", SECRET)),
        post_form("/oauth/revoke", {"token": tokens["refresh_token"]}, authorization=basic("app", SECRET)),
    ):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    answer = application.authorize(prompt="none")
    assert (answer.status_code, "Location" in answer) == (400, False)


def test_access_tokens_of_a_disabled_client_stay_dead_when_it_is_let_in_again(application, tokens):
    registration.disable(client_pk=application.client.pk)
    registration.enable(client_pk=application.client.pk)
    assert userinfo(tokens["access_token"]).status_code == 401
    assert userinfo(application.refresh(tokens["refresh_token"]).json()["access_token"]).status_code == 200


def test_a_deleted_person_is_gone_from_everywhere(person, application, api, tokens):
    from accounts.services import administration
    from trust.lib.origin import Origin

    administration.delete_person(user=person, actor=person, origin=Origin())
    assert userinfo(tokens["access_token"]).status_code == 401
    assert introspected(tokens["access_token"]) == {"active": False}
    assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_expired_opaque_token_is_dead(application, api):
    from datetime import timedelta

    from oauth.models import AccessToken
    from trust.lib import clock

    application.client.access_token_format = "opaque"
    application.client.save()
    token = application.tokens()["access_token"]
    row = AccessToken.objects.get()
    assert token not in str(vars(row))
    AccessToken.objects.update(expires=clock.now() - timedelta(seconds=1))
    assert userinfo(token).status_code == 401
    assert introspected(token) == {"active": False}
