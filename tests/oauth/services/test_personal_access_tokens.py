"""Personal access tokens: made, read, and ended with what they hang on."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Session, User
from accounts.services import people, sessions
from oauth.conf import MOST_PERSONAL_TOKENS
from oauth.models import PersonalAccessToken, Scope
from oauth.services import access_tokens, personal_access_tokens, scopes
from oauth.services.personal_access_tokens import SessionOver, TooManyTokens
from tests.oauth.grants import change, session_of
from tests.personal_tokens import MONTH, only_token, scope_for_everybody, token_of
from trust.audit.models import AuditEvent
from trust.keys.ring import InvalidToken
from trust.lib import clock
from trust.lib.digests import digest_of
from trust.lib.origin import Origin
from trust.revocation.feed import feed
from trust.tokens.access_token import AccessToken

pytestmark = pytest.mark.django_db

HOME = Origin("198.51.100.1", "Firefox")


def read(value: str) -> AccessToken:
    return access_tokens.read(value, now=clock.now())


def is_good(value: str) -> bool:
    try:
        return not feed.is_revoked(read(value))
    except InvalidToken:
        return False


def test_says_who_it_is_for_and_what_it_may_do(person: User) -> None:
    row, value = token_of(person, "profile", "email")
    said = read(value)
    assert (said.subject, said.client_id) == (str(person.pk), "personal-access-token")
    assert said.scope == ("profile", "email")
    assert (said.jti, said.grant, said.session_id) == (str(row.pk), str(row.pk), None)
    assert said.expires_at == row.expires_at
    assert (said.auth_time, said.acr, said.amr, said.roles) == (None, None, (), ())
    assert not said.is_first_party
    assert said.is_person


def test_is_kept_by_digest_alone(person: User) -> None:
    row, value = token_of(person, "profile")
    assert row.digest == digest_of(value)
    assert not any(value in str(each) for each in PersonalAccessToken.objects.values_list().get())


def test_is_in_the_trail_without_its_value(person: User) -> None:
    row, value = token_of(person, "profile", name="nightly backup")
    event = AuditEvent.objects.get(action="personal_access_token.made")
    assert (event.subject, event.identifier) == (person.pk, "nightly backup")
    assert event.details == {"token": str(row.pk), "scope": "profile", "expires": row.expires_at.isoformat()}
    assert value not in str(vars(event))


def test_says_the_roles_of_today_if_it_has_the_scope(person: User) -> None:
    _row, value = token_of(person, "roles")
    _row, without = token_of(person, "profile")
    editors = Group.objects.create(name="editors")
    person.groups.add(editors)
    assert read(value).roles == ("editors",)
    assert is_good(value), "a change of roles is in it already"
    person.groups.remove(editors)
    assert read(value).roles == ()
    assert read(without).roles == ()


def test_loses_a_scope_that_people_may_not_give_any_more(person: User) -> None:
    scope_for_everybody("notes")
    _row, value = token_of(person, "notes", "profile")
    assert read(value).scope == ("notes", "profile")
    Scope.objects.by_name("notes").update(is_personal=False)
    scopes.memory.forget()
    assert read(value).scope == ("profile",)


def test_nobody_gives_a_scope_of_a_sign_in_or_one_that_is_not_for_everybody(person: User) -> None:
    scope_for_everybody("notes")
    Scope.objects.create(name="orders", is_offered=True, is_default=True)
    Scope.objects.by_name("openid").update(is_personal=True)
    scopes.memory.forget()
    given = personal_access_tokens.scopes_to_give()
    assert given == ("profile", "email", "address", "phone", "roles", "notes")


def test_expires(person: User) -> None:
    row, value = token_of(person, "profile")
    change(row, expires_at=clock.now() - timedelta(milliseconds=5))
    assert not is_good(value)


def test_there_are_only_so_many_of_one_person_and_expired_ones_do_not_count(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal_access_tokens, "MOST_PERSONAL_TOKENS", 2)
    first, _value = token_of(person, "profile")
    token_of(person, "profile")
    with pytest.raises(TooManyTokens):
        token_of(person, "profile")
    change(first, expires_at=clock.now())
    token_of(person, "profile")
    assert MOST_PERSONAL_TOKENS == 50


def test_is_not_made_in_a_session_that_ended_or_is_somebody_elses(person: User, make_person) -> None:
    ended, bobs = session_of(person), session_of(make_person("bob"))
    sessions.end(session_id=ended.pk, reason="signed_out")
    for session in (ended, bobs):
        with pytest.raises(SessionOver):
            personal_access_tokens.make(
                user=person, session_id=session.pk, name="x", scope=["profile"], lifetime=MONTH, origin=HOME
            )
    assert not PersonalAccessToken.objects.exists()


def test_survives_a_sign_out(person: User) -> None:
    _row, value = token_of(person, "profile")
    for session in Session.objects.of_user(person.pk):
        sessions.end(session_id=session.pk, reason="signed_out")
    assert is_good(value)


@pytest.mark.parametrize("how", ["password", "factor", "all", "deactivated"])
def test_ends_with_all_that_its_person_has(person: User, how: str) -> None:
    row, value = token_of(person, "profile")
    match how:
        case "password":
            people.replace_password(user=person, password="another of these passwords", keep=None, origin=HOME)
        case "factor":
            people.factor_changed(user=person, keep=None, factor="totp", origin=HOME)
        case "all":
            people.sign_out(user=person, reason="ended_by_person", origin=HOME)
        case "deactivated":
            people.deactivate(user=person, actor=None)
    assert not is_good(value)
    event = AuditEvent.objects.get(action="personal_access_token.ended")
    assert event.details["token"] == str(row.pk)
    assert event.details["reason"].startswith("session_")


def test_somebody_elses_stays(person: User, make_person) -> None:
    _row, value = token_of(person, "profile")
    people.deactivate(user=make_person("bob"), actor=None)
    assert is_good(value)


def test_what_was_read_before_the_end_is_refused_after_it(person: User) -> None:
    row, value = token_of(person, "profile")
    said = read(value)
    assert personal_access_tokens.end(user_id=person.pk, token_id=row.pk, reason="ended_by_person")
    assert feed.is_revoked(said)
    assert not is_good(value)
    assert not personal_access_tokens.end(user_id=person.pk, token_id=row.pk, reason="ended_by_person")


def test_its_use_is_noted_once_a_minute(person: User) -> None:
    row, value = token_of(person, "profile")
    read(value)
    noted = only_token().last_used_at
    assert noted is not None
    with CaptureQueriesContext(connection) as seen:
        read(value)
    assert [query for query in seen if query["sql"].startswith("UPDATE")] == []
    assert only_token().last_used_at == noted
    change(row, last_used_at=noted - timedelta(seconds=61))
    read(value)
    assert only_token().last_used_at >= noted


def test_what_could_not_be_one_is_refused_without_a_look_at_the_database(person: User) -> None:
    _row, value = token_of(person, "profile")
    mistyped = value[:-1] + ("a" if value[-1] != "a" else "b")
    with CaptureQueriesContext(connection) as seen, pytest.raises(InvalidToken):
        read(mistyped)
    assert len(seen) == 0


def test_one_look_at_the_database_reads_it(person: User) -> None:
    _row, value = token_of(person, "profile")
    read(value)
    with CaptureQueriesContext(connection) as seen:
        read(value)
    assert len(seen) == 1
