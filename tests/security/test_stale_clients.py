"""A client that is not any more what a process remembers of it: what was taken away elsewhere is not to be had here.

Each process remembers a client for up to a second. Here it remembers for an hour, and the tests' transaction keeps it
from hearing of what changes, as if another process had changed it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.services import roles, sessions
from oauth.models import Client, RefreshToken
from oauth.services import client_secrets, clients, registration
from oauth.services.clients import ClientChanged
from oauth.vocabulary import GrantType
from tests.bearer import wait_a_moment
from tests.client_keys import ClientKey, assertion_claims, by_assertion
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.relying_party import userinfo
from trust.guard.refusal_of import refusal_of
from trust.tokens import access_token

pytestmark = pytest.mark.django_db

NEW_SECRET = "another client secret that only the tests know, long enough"
HOUR = 3600.0
KEY = ClientKey("ES256", "clients")


class ByKey(Application):
    """An application that proves itself by a key."""

    def token(self, **form: Any) -> Any:
        return post_form("/oauth/token", by_assertion(KEY.sign(assertion_claims())) | form)


@pytest.fixture
def application(person: User) -> Application:
    """An application that this process will remember for an hour, from its next request on."""
    made = Application(make_client())
    made.sign_in()
    clients.memory.fresh_for = HOUR
    return made


@pytest.fixture
def api() -> None:
    """A resource server that asks about tokens."""
    make_client("api", introspects="all", grant_types="client_credentials", redirect_uris="")


def rewritten(**changed: Any) -> Callable[[Client], object]:
    return lambda row: registration.change(client_pk=row.pk, metadata=replace(clients.metadata_of(row), **changed))


def without(name: str, *taken: str) -> Callable[[Client], object]:
    def change(row: Client) -> object:
        kept = tuple(value for value in getattr(clients.metadata_of(row), name) if value not in taken)
        return rewritten(**{name: kept})(row)

    return change


def disabled(row: Client) -> None:
    registration.disable(client_pk=row.pk)


def deleted(row: Client) -> None:
    registration.delete(client_pk=row.pk)


def with_new_secret(row: Client) -> None:
    client_secrets.rotate(client_pk=row.pk, secret=NEW_SECRET)


def with_its_old_secret_ended(row: Client) -> None:
    """It goes on with the secret before, which an administrator ends."""
    client_secrets.rotate(client_pk=row.pk, secret=NEW_SECRET, keep=timedelta(days=7))
    client_secrets.end_previous(client_pk=row.pk)


def moved(row: Client) -> None:
    rewritten(redirect_uris=("https://app.example/moved",))(row)


def members_only(row: Client) -> None:
    Group.objects.create(name="staff")
    rewritten(groups=("staff",))(row)


def outcome(answer: Any) -> tuple[int, str | None]:
    return answer.status_code, json.loads(answer.content).get("error")


def is_active(token: str) -> bool:
    answer = post_form("/oauth/introspect", {"token": token}, authorization=basic("api", SECRET))
    assert answer.status_code == 200, answer.content
    return bool(answer.json()["active"])


OK = (200, None)
NOT_A_CLIENT = (401, "invalid_client")
NOT_ALLOWED = (400, "unauthorized_client")
NOT_GOOD = (400, "invalid_grant")
# What changed, and what a refresh and an exchange of a code from before are answered.
CHANGES = {
    "disabled": (disabled, NOT_A_CLIENT, NOT_A_CLIENT),
    "deleted": (deleted, NOT_A_CLIENT, NOT_A_CLIENT),
    "a new secret": (with_new_secret, NOT_A_CLIENT, NOT_A_CLIENT),
    "its old secret ended": (with_its_old_secret_ended, NOT_A_CLIENT, NOT_A_CLIENT),
    "open to others": (members_only, NOT_GOOD, NOT_GOOD),
    "a scope less": (without("scopes", "email"), OK, NOT_GOOD),
    "at another redirect URI": (moved, OK, NOT_GOOD),
    "no refreshing": (without("grant_types", GrantType.REFRESH_TOKEN), NOT_ALLOWED, NOT_GOOD),
    "no codes": (without("grant_types", GrantType.AUTHORIZATION_CODE), OK, NOT_ALLOWED),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_refresh_is_answered_for_the_client_as_it_is(application: Application, name: str) -> None:
    change, expected, _ = CHANGES[name]
    value = application.tokens(scope="openid profile email")["refresh_token"]
    change(application.client)
    answer = application.refresh(value)
    assert outcome(answer) == expected
    if expected == OK:
        assert ("email" in answer.json()["scope"].split()) == (name != "a scope less")
    assert not RefreshToken.objects.filter(revoked__isnull=False).exists(), "nobody stole anything"


@pytest.mark.parametrize("name", CHANGES)
def test_a_code_is_redeemed_for_the_client_as_it_is(application: Application, name: str) -> None:
    change, _, expected = CHANGES[name]
    application.tokens()
    code = application.code(scope="openid profile email")
    change(application.client)
    assert outcome(application.exchange(code)) == expected


@pytest.mark.parametrize("name", CHANGES)
def test_the_second_request_is_answered_as_the_first(application: Application, name: str) -> None:
    """The first one made the process look again, and what it saw is what it remembers."""
    change, expected, _ = CHANGES[name]
    value = application.tokens(scope="openid profile email")["refresh_token"]
    change(application.client)
    assert [outcome(application.refresh(value)) for _ in range(2)] == [expected, expected]
    known = clients.memory.get("app")
    assert known is None or known.version == Client.objects.get().updated


def test_who_knows_the_old_secret_alone_uses_no_code_up(application: Application) -> None:
    application.tokens()
    code = application.code()
    with_new_secret(application.client)
    assert outcome(application.exchange(code)) == NOT_A_CLIENT
    application.secret = NEW_SECRET
    assert outcome(application.exchange(code)) == OK


def test_who_knows_the_old_secret_alone_moves_no_counter_on(application: Application) -> None:
    value = application.tokens()["refresh_token"]
    with_new_secret(application.client)
    assert outcome(application.refresh(value)) == NOT_A_CLIENT
    assert RefreshToken.objects.get().generation == 1
    application.secret = NEW_SECRET
    assert outcome(application.refresh(value)) == OK


@pytest.mark.parametrize("grant", ["a code", "a refresh token"])
def test_an_assertion_is_good_for_the_request_that_is_answered_anew(person: User, grant: str) -> None:
    """It is good once, and that once is the request, however often the client is looked up for it."""
    application = ByKey(make_client(jwks=KEY.key_set(), token_endpoint_auth_method="private_key_jwt", client_secret=""))
    application.sign_in()
    clients.memory.fresh_for = HOUR
    tokens, code = application.tokens(), application.code()
    application.client.access_token_lifetime = 60
    application.client.save()
    answer = application.exchange(code) if grant == "a code" else application.refresh(tokens["refresh_token"])
    assert (outcome(answer), answer.json().get("expires_in")) == (OK, 60)


def test_a_refused_exchange_of_a_changed_client_is_no_replay(application: Application) -> None:
    """The code waits for who may redeem it; the grant does not end."""
    application.tokens()
    code = application.code()
    application.client.access_token_lifetime = 60
    application.client.save()
    answer = application.exchange(code)
    assert outcome(answer) == OK
    assert userinfo(answer.json()["access_token"]).status_code == 200


@pytest.mark.parametrize("grant", ["a code", "a refresh token"])
def test_tokens_are_made_as_the_client_wants_them_now(application: Application, grant: str) -> None:
    tokens, code = application.tokens(), application.code()
    application.client.access_token_lifetime = 60
    application.client.access_token_format = "opaque"
    application.client.save()
    answer = application.exchange(code) if grant == "a code" else application.refresh(tokens["refresh_token"])
    made = answer.json()
    assert made["expires_in"] == 60
    assert made["access_token"].count(".") == 0


def test_who_may_not_refresh_any_more_gets_no_refresh_token(application: Application) -> None:
    application.tokens()
    code = application.code()
    application.client.grant_types = "authorization_code"
    application.client.save()
    assert "refresh_token" not in application.exchange(code).json()
    assert RefreshToken.objects.count() == 1


def test_a_code_replayed_by_a_changed_client_ends_its_grant_all_the_same(application: Application) -> None:
    application.tokens()
    code = application.code()
    tokens = application.exchange(code).json()
    application.client.name = "The App, renamed"
    application.client.save()
    assert outcome(application.exchange(code)) == NOT_GOOD
    assert userinfo(tokens["access_token"]).status_code == 401
    assert outcome(application.refresh(tokens["refresh_token"])) == NOT_GOOD


def test_a_stolen_refresh_token_of_a_changed_client_ends_its_grant_all_the_same(application: Application) -> None:
    first = application.tokens()["refresh_token"]
    last = application.refresh(application.refresh(first).json()["refresh_token"]).json()
    application.client.name = "The App, renamed"
    application.client.save()
    assert outcome(application.refresh(first)) == NOT_GOOD
    assert outcome(application.refresh(last["refresh_token"])) == NOT_GOOD


@pytest.mark.parametrize("change", [disabled, deleted, members_only, moved, without("scopes", "read")])
def test_a_token_made_for_a_client_as_it_was_is_dead_with_the_others(
    application: Application, api: None, change: Callable[[Client], object]
) -> None:
    """It is issued as of when the client was looked at: the change killed it before it was made."""
    before = application.token(grant_type="client_credentials", scope="read").json()["access_token"]
    assert is_active(before)
    wait_a_moment()
    change(application.client)
    wait_a_moment()
    answer = application.token(grant_type="client_credentials", scope="read")
    assert outcome(answer) == OK, "this process has not heard of it"
    assert not is_active(before)
    assert not is_active(answer.json()["access_token"])


def test_a_token_is_issued_when_its_client_was_known_and_not_before(application: Application) -> None:
    known = clients.find_known("app")
    assert known is not None
    wait_a_moment()
    value = application.token(grant_type="client_credentials", scope="read").json()["access_token"]
    token = access_token.verify(value, now=known.known_at, audience="http://testserver")
    assert token.issued_at is not None
    assert abs((known.known_at - token.issued_at).total_seconds()) <= 0.001


def test_the_next_token_of_a_client_that_may_again_lives(application: Application, api: None) -> None:
    application.token(grant_type="client_credentials", scope="read")
    disabled(application.client)
    registration.enable(client_pk=application.client.pk)
    wait_a_moment()
    clients.memory.forget("app")
    assert is_active(application.token(grant_type="client_credentials", scope="read").json()["access_token"])


def test_a_person_who_ended_everything_and_came_back_has_a_token_that_lives(
    application: Application, person: User
) -> None:
    """A person's token is issued now, however long the process has known the client."""
    before = application.tokens()
    wait_a_moment()
    sessions.end_all(user=person, reason="test")
    application.browser.cookies.clear()
    application.sign_in()
    after = application.tokens()
    assert userinfo(before["access_token"]).status_code == 401
    assert userinfo(after["access_token"]).status_code == 200
    assert outcome(application.refresh(after["refresh_token"])) == OK


@pytest.mark.parametrize("grant", ["a code", "a refresh token"])
def test_a_person_whose_groups_changed_has_a_token_that_lives_at_the_next_refresh(
    application: Application, person: User, grant: str
) -> None:
    """The change killed what was issued to them before it; the process has known the client for longer."""
    before, code = application.tokens(), application.code()
    wait_a_moment()
    roles.changed(user_ids=[person.pk])
    wait_a_moment()
    assert userinfo(before["access_token"]).status_code == 401
    after = application.exchange(code) if grant == "a code" else application.refresh(before["refresh_token"])
    assert userinfo(after.json()["access_token"]).status_code == 200


def test_a_person_gets_a_token_that_lives_of_a_client_that_was_just_changed(application: Application) -> None:
    """The change killed what was issued before it, and the process knew the client from before it."""
    before = application.tokens()
    wait_a_moment()
    without("scopes", "email")(application.client)
    wait_a_moment()
    after = application.tokens()
    assert userinfo(before["access_token"]).status_code == 401
    assert userinfo(after["access_token"]).status_code == 200


@pytest.mark.parametrize("change", [disabled, deleted, with_new_secret])
def test_the_process_that_changed_it_knows_at_once(
    application: Application, django_capture_on_commit_callbacks: Any, change: Callable[[Client], object]
) -> None:
    assert outcome(application.token(grant_type="client_credentials", scope="read")) == OK
    with django_capture_on_commit_callbacks(execute=True):
        change(application.client)
    assert outcome(application.token(grant_type="client_credentials", scope="read")) == NOT_A_CLIENT
    application.secret = NEW_SECRET
    expected = OK if change is with_new_secret else NOT_A_CLIENT
    assert outcome(application.token(grant_type="client_credentials", scope="read")) == expected


def test_the_process_that_took_something_away_knows_at_once(
    application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    assert outcome(application.token(grant_type="client_credentials", scope="read")) == OK
    with django_capture_on_commit_callbacks(execute=True):
        without("scopes", "read")(application.client)
    assert outcome(application.token(grant_type="client_credentials", scope="read")) == (400, "invalid_scope")
    with django_capture_on_commit_callbacks(execute=True):
        without("grant_types", GrantType.CLIENT_CREDENTIALS)(application.client)
    assert outcome(application.token(grant_type="client_credentials")) == NOT_ALLOWED


def test_what_a_change_did_not_commit_nobody_forgets_for(
    application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    clients.find_known("app")
    with django_capture_on_commit_callbacks(execute=False):
        with_new_secret(application.client)
        assert outcome(application.token(grant_type="client_credentials", scope="read")) == OK


def test_who_changes_faster_than_it_is_answered_is_told_to_come_again() -> None:
    refusal = refusal_of(ClientChanged())
    assert refusal is not None
    assert (refusal.status, refusal.retry_after) == (503, 1)


def test_a_process_knows_of_a_new_client_at_once(application: Application) -> None:
    """That there was none is never remembered."""
    late = Application(Client(client_id="late", client_type="confidential"))
    assert outcome(late.token(grant_type="client_credentials", scope="read")) == NOT_A_CLIENT
    make_client("late")
    assert outcome(late.token(grant_type="client_credentials", scope="read")) == OK
