"""Codes that were stolen, injected, guessed or used again (RFC 9700 sections 4.2, 4.5, 4.8)."""

import pytest

from accounts.models import Session
from accounts.services import people, sessions
from oauth.models import AuthorizationCode, RefreshToken
from oauth.services import registration
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.relying_party import userinfo

pytestmark = pytest.mark.django_db


def is_invalid(answer):
    return (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.fixture
def thief(db):
    """A registered client of somebody else, which holds whatever it could steal."""
    return Application(make_client("thief", redirect_uris="https://thief.example/callback"))


def test_a_stolen_code_is_worth_nothing_to_another_client(application, thief):
    code = application.code()
    thief.verifier = application.verifier
    assert is_invalid(thief.exchange(code))
    assert is_invalid(thief.exchange(code, redirect_uri=application.redirect_uri))
    assert not RefreshToken.objects.exists()
    assert application.exchange(code).status_code == 200


def test_a_stolen_code_is_worth_nothing_to_a_public_client_of_the_same_address(application):
    code = application.code()
    twin = Application(make_client("twin", public=True))
    twin.verifier = application.verifier
    assert is_invalid(twin.exchange(code))


def test_a_code_in_the_hands_of_a_stranger_does_not_end_the_grant(application, thief):
    code = application.code()
    tokens = application.exchange(code).json()
    thief.verifier = application.verifier
    assert is_invalid(thief.exchange(code))
    assert userinfo(tokens["access_token"]).status_code == 200
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [{"code_verifier": "b" * 43}, {"code_verifier": None}, {"redirect_uri": "https://thief.example/callback"}],
)
def test_a_code_with_another_verifier_or_address_is_refused_and_not_spent(application, changed):
    code = application.code()
    assert is_invalid(application.exchange(code, **changed))
    assert application.exchange(code).status_code == 200


def test_a_code_of_one_flow_does_not_go_with_the_verifier_of_another(person, app):
    first, second = Application(app), Application(app)
    for application in (first, second):
        application.sign_in()
    code, other_code = first.code(), second.code()
    assert is_invalid(second.exchange(code))
    assert is_invalid(first.exchange(other_code))


def test_a_replay_ends_everything_that_the_code_gave(application):
    code = application.code(scope="openid offline_access")
    tokens = application.exchange(code).json()
    refreshed = application.refresh(tokens["refresh_token"]).json()
    assert is_invalid(application.exchange(code))
    for access_token in (tokens["access_token"], refreshed["access_token"]):
        assert userinfo(access_token).status_code == 401
    for refresh_token in (tokens["refresh_token"], refreshed["refresh_token"]):
        assert is_invalid(application.refresh(refresh_token))


def test_a_replay_ends_no_other_grant(application):
    bystander = application.tokens()
    code = application.code()
    application.exchange(code)
    assert is_invalid(application.exchange(code))
    assert userinfo(bystander["access_token"]).status_code == 200


def test_what_is_kept_of_a_code_is_not_the_code(application):
    code = application.code()
    row = AuthorizationCode.objects.get()
    assert code not in str(vars(row))
    assert len(row.code) == 64
    assert is_invalid(application.exchange(row.code))


def test_a_code_is_dead_when_its_session_ended(application):
    code = application.code()
    sessions.end(session_id=Session.objects.get().pk, reason="test")
    assert is_invalid(application.exchange(code))


def test_a_code_is_dead_when_its_person_was_shut_out_and_stays_so(person, application):
    code = application.code()
    people.deactivate(user=person, actor=None)
    assert is_invalid(application.exchange(code))
    people.activate(user=person, actor=None)
    assert is_invalid(application.exchange(code))


def test_a_code_is_dead_when_its_client_was_disabled_and_stays_so(application):
    code = application.code()
    registration.disable(client_pk=application.client.pk)
    assert application.exchange(code).json()["error"] == "invalid_client"
    registration.enable(client_pk=application.client.pk)
    assert is_invalid(application.exchange(code))


def test_a_code_is_dead_when_the_person_took_the_app_back(application):
    code = application.code()
    application.browser.post(f"/accounts/apps/{application.client.pk}/revoke/")
    assert is_invalid(application.exchange(code))


@pytest.mark.parametrize("kind", ["access_token", "refresh_token", "id_token"])
def test_no_other_credential_passes_for_a_code_or_a_refresh_token(application, kind):
    tokens = application.tokens()
    assert is_invalid(application.exchange(tokens[kind]))
    if kind != "refresh_token":
        assert is_invalid(application.refresh(tokens[kind]))


def test_a_code_is_no_token(application):
    code = application.code()
    assert is_invalid(application.refresh(code))
    assert userinfo(code).status_code == 401
    answer = post_form("/oauth/revoke", {"token": code}, authorization=basic("app", SECRET))
    assert answer.status_code == 200
    assert application.exchange(code).status_code == 200  # revoking it as a token does nothing to it
