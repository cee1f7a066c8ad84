"""A client's own claims over HTTP: in the id token and in userinfo, however the tokens are made and refreshed."""

from typing import Any

import jwt
import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from oauth.models import Client
from tests.clients import Application, answer_of
from tests.clients import app as app

pytestmark = pytest.mark.django_db
CLAIMS = {"https://app.example/groups": "groups", "role": "attributes.role", "login": "preferred_username"}
TOLD = {"https://app.example/groups": ["editors"], "role": "Admin", "login": "alice"}


@pytest.fixture
def application(app: Client, person: User) -> Application:
    """The application of Alice, an editor, who has a role there."""
    Group.objects.create(name="editors").user_set.add(person)
    User.objects.by_id(person.pk).update(attributes={"role": "Admin", "salary": 1})
    Client.objects.update(claims=CLAIMS)
    application = Application(app)
    application.sign_in()
    return application


def _in_id_token(tokens: dict[str, Any]) -> dict[str, Any]:
    return jwt.decode(tokens["id_token"], options={"verify_signature": False})


def _userinfo(application: Application, tokens: dict[str, Any]) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    answer = application.browser.get("/oauth/userinfo", headers=headers)
    assert answer.status_code == 200
    if answer["Content-Type"] == "application/jwt":
        return jwt.decode(answer.content.decode(), options={"verify_signature": False})
    return answer.json()


def _has(told: dict[str, Any]) -> bool:
    return {name: told.get(name) for name in TOLD} == TOLD


@pytest.mark.parametrize(
    "set_to",
    [
        {},
        {"access_token_format": "opaque"},
        {"subject_type": "pairwise"},
        {"subject_type": "pairwise", "access_token_format": "opaque"},
        {"userinfo_signed_response_alg": "ES256"},
    ],
    ids=str,
)
def test_they_come_with_every_kind_of_token_and_again_when_it_is_refreshed(
    application: Application, set_to: dict[str, str]
) -> None:
    Client.objects.update(**set_to)
    first = application.tokens(scope="openid")
    again = application.refresh(first["refresh_token"]).json()
    for tokens in (first, again):
        assert _has(_in_id_token(tokens))
        assert _has(_userinfo(application, tokens))
        assert "salary" not in str((_in_id_token(tokens), _userinfo(application, tokens)))


def test_they_say_what_is_so_now(application: Application, person: User) -> None:
    tokens = application.tokens(scope="openid")
    User.objects.by_id(person.pk).update(attributes={"role": "Viewer"})
    assert _userinfo(application, tokens)["role"] == "Viewer"
    assert _in_id_token(application.refresh(tokens["refresh_token"]).json())["role"] == "Viewer"


def test_both_say_the_same_where_they_replace_a_standard_claim(application: Application, person: User) -> None:
    Client.objects.update(claims={"preferred_username": "attributes.role"})
    tokens = application.tokens(claims='{"id_token": {"preferred_username": null}}')
    assert _in_id_token(tokens)["preferred_username"] == "Admin"
    assert _userinfo(application, tokens)["preferred_username"] == "Admin"


def test_attributes_are_told_to_nobody_without_a_mapping(application: Application, person: User) -> None:
    Client.objects.update(claims={})
    tokens = application.tokens(scope="openid profile email roles")
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    told = [_in_id_token(tokens), _userinfo(application, tokens)]
    told += [application.browser.get(path, headers=headers).json() for path in ("/api/me/", "/api/user_info/")]
    assert "Admin" not in str(told)


def test_a_row_that_was_never_checked_still_replaces_nothing_that_says_who_it_is(application: Application) -> None:
    Client.objects.update(claims={"sub": "attributes.role", "iss": "attributes.role", "aud": "attributes.role"})
    tokens = application.tokens()
    in_id_token, in_userinfo = _in_id_token(tokens), _userinfo(application, tokens)
    assert "Admin" not in (in_id_token["sub"], in_id_token["iss"], in_id_token["aud"], in_userinfo["sub"])


def test_a_claim_that_is_mapped_later_is_asked_for_before_it_is_told(application: Application) -> None:
    Client.objects.update(claims={})
    application.tokens(scope="openid")
    assert application.authorize(scope="openid").status_code == 303
    Client.objects.update(claims={"grade": "attributes.role"})
    page = application.authorize(scope="openid")
    assert (page.status_code, "See your “grade”" in page.content.decode()) == (200, True)
    assert answer_of(application.authorize(scope="openid", prompt="none"))["error"] == "consent_required"
    application.tokens(scope="openid")
    assert application.authorize(scope="openid").status_code == 303
    assert "See your “grade”" in application.browser.get("/accounts/apps/").content.decode()
