"""What a program learns of its own personal access token, and how it gives it back."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser

from accounts.models import User
from oauth.models import PersonalAccessToken
from oauth.services.personal_access_token_value import new_value
from tests.bearer import authorization, first_party, of_client, third_party
from tests.clients import SECRET, basic, make_client, post_form
from tests.personal_tokens import only_token, token_of
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.digests import digest_of
from trust.tokens.access_token import new_jti

pytestmark = pytest.mark.django_db

PATH = "/api/personal-access-token/"


def test_a_program_learns_until_when_its_token_is_good(person: User) -> None:
    row, value = token_of(person, "email", "profile")
    answer = Browser().get(PATH, headers=authorization(value))
    assert answer.json() == {
        "id": str(row.pk),
        "sub": str(person.pk),
        "scope": "email profile",
        "expires_at": row.expires_at.isoformat(),
    }
    assert answer["Cache-Control"] == "no-store"


def test_a_program_gives_its_token_back(person: User) -> None:
    row, value = token_of(person, "profile")
    kept, _value = token_of(person, "profile")
    assert Browser().delete(PATH, headers=authorization(value)).status_code == 204
    assert only_token().pk == kept.pk
    event = AuditEvent.objects.get(action="personal_access_token.ended")
    assert event.details == {"token": str(row.pk), "reason": "ended_by_itself"}
    assert Browser().delete(PATH, headers=authorization(value)).status_code == 401


def test_other_tokens_learn_nothing_and_end_nothing(person: User) -> None:
    token_of(person, "profile")
    for token in (first_party(person), third_party(person, "openid", "profile"), of_client("profile")):
        for method in ("GET", "DELETE"):
            answer = Browser().generic(method, PATH, headers=authorization(token))
            assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert Browser().get(PATH).status_code == 401
    assert Browser().post(PATH).status_code == 405
    assert PersonalAccessToken.objects.count() == 1


def test_introspection_says_when_it_was_made(person: User) -> None:
    make_client("api", introspects="all")
    made, value = clock.now() - timedelta(days=3), new_value()
    PersonalAccessToken.objects.create(
        id=uuid.UUID(new_jti(made)), user=person, name="old", digest=digest_of(value), scope="profile",
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    said = post_form("/oauth/introspect", {"token": value}, authorization=basic("api", SECRET)).json()
    assert (said["active"], said["iat"]) == (True, int(made.timestamp()))
