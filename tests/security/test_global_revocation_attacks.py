"""Global token revocation is a weapon in the wrong hands: whose it is not, and what the right hands learn by it."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from accounts.models import Session, User
from oauth import conf
from oauth.views import global_token_revocation
from tests.at_once import at_once
from tests.client_keys import ClientKey, assertion_claims
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.conformance.test_global_token_revocation import ask, guard, opaque
from tests.explained import explained
from tests.impersonation import impersonating, the_impersonation
from tests.people import MakePerson
from tests.relying_party import userinfo
from trust.audit.models import AuditEvent
from trust.explain.models import Explanation
from trust.limits.conf import RatePolicy

__all__ = ["guard"]
pytestmark = pytest.mark.django_db


def _is_signed_in(person: User) -> bool:
    return Session.objects.of_user(person.pk).alive().exists()


@pytest.fixture
def application(person: User) -> Application:
    program = Application(make_client())
    program.sign_in()
    return program


def test_no_token_of_any_kind_opens_it(application: Application, guard: Any, person: User) -> None:
    tokens = application.tokens()
    form = {"grant_type": "client_credentials", "scope": "read"}
    of_guard = post_form("/oauth/token", form, authorization=basic("guard", SECRET)).json()["access_token"]
    for value in (of_guard, tokens["access_token"], tokens["id_token"], tokens["refresh_token"]):
        for scheme in ("Bearer", "DPoP"):
            assert ask(opaque(person), authorization=f"{scheme} {value}").status_code == 401
    assert _is_signed_in(person)


def test_what_was_signed_for_somebody_else_opens_nothing(person: User, application: Application) -> None:
    key = ClientKey()
    make_client(
        "signer",
        may_revoke_subjects=True,
        token_endpoint_auth_method="private_key_jwt",
        client_secret="",
        jwks=key.key_set(),
    )
    for claims, header in (
        (assertion_claims("signer", aud="https://elsewhere.example"), {}),
        (assertion_claims("signer", exp=1), {}),
        (assertion_claims("signer", jti=None), {}),
        (assertion_claims("signer", iss="app"), {}),
        (assertion_claims("signer"), {"typ": "at+jwt"}),
        (assertion_claims("signer"), {"alg": "none"}),
    ):
        assert ask(opaque(person), authorization=f"Bearer {key.sign(claims, **header)}").status_code == 401
    assert _is_signed_in(person)


def test_a_secret_in_the_body_or_the_query_is_none(application: Application, guard: Any, person: User) -> None:
    body = opaque(person) | {"client_id": "guard", "client_secret": SECRET}
    path = f"/oauth/global-token-revocation?client_id=guard&client_secret={SECRET}"
    assert Browser().post(path, json.dumps(body), content_type="application/json").status_code == 401
    assert _is_signed_in(person)


def test_a_public_client_is_nobody(application: Application, person: User) -> None:
    make_client("spa", public=True, may_revoke_subjects=True)
    for authorization in (basic("spa", ""), basic("spa", SECRET)):
        assert ask(opaque(person), authorization=authorization).status_code in {401, 403}
    assert _is_signed_in(person)


def test_nobody_registers_themselves_so(settings: Any, person: User) -> None:
    settings.DCR = "open"
    metadata = {"redirect_uris": ["https://app.example/callback"], "x_global_token_revocation": True}
    made = Browser().post("/oauth/register", json.dumps(metadata), content_type="application/json").json()
    if "client_secret" in made:
        answer = ask(opaque(person), authorization=basic(made["client_id"], made["client_secret"]))
        assert answer.status_code == 403


def test_a_disabled_client_is_refused(application: Application, guard: Any, person: User) -> None:
    guard.is_active = False
    guard.save()
    assert ask(opaque(person)).status_code == 401
    assert _is_signed_in(person)


def test_who_is_not_trusted_any_more_is_refused_at_once(application: Application, guard: Any, person: User) -> None:
    guard.may_revoke_subjects = False
    guard.save()
    assert ask(opaque(person)).status_code == 403
    assert _is_signed_in(person)


def test_a_pairwise_client_names_people_by_its_own_names_alone(person: User, make_person: MakePerson) -> None:
    pairwise = {"subject_type": "pairwise", "may_revoke_subjects": True}
    mine = Application(make_client("mine", redirect_uris="https://mine.example/cb", **pairwise))
    theirs = Application(make_client("theirs", redirect_uris="https://theirs.example/cb", **pairwise))
    subjects = []
    for program in (mine, theirs):
        program.sign_in()
        subjects.append(Browser().get("/oauth/userinfo", headers=_bearer(program)).json()["sub"])
    as_mine = basic("mine", SECRET)
    for subject in (subjects[1], str(person.pk)):
        for named in (
            {"format": "opaque", "id": subject},
            {"format": "iss_sub", "iss": "http://testserver", "sub": subject},
        ):
            assert ask({"sub_id": named}, authorization=as_mine).status_code == 404
    assert _is_signed_in(person)
    assert ask({"sub_id": {"format": "opaque", "id": subjects[0]}}, authorization=as_mine).status_code == 204
    assert not _is_signed_in(person)


def _bearer(program: Application) -> dict[str, str]:
    return {"authorization": f"Bearer {program.tokens()['access_token']}"}


@pytest.mark.parametrize("spelled", [str.upper, lambda sub: "{" + sub + "}", lambda sub: f"urn:uuid:{sub}"])
def test_a_subject_has_one_spelling(application: Application, guard: Any, person: User, spelled: Any) -> None:
    assert ask({"sub_id": {"format": "opaque", "id": spelled(str(person.pk))}}).status_code == 404
    assert _is_signed_in(person)


def test_people_of_other_groups_are_nobody_to_a_client_of_one_group(
    application: Application, guard: Any, person: User
) -> None:
    guard.groups.add(Group.objects.create(name="tenant"))
    for named in (opaque(person), {"sub_id": {"format": "email", "email": "alice@example.com"}}):
        assert ask(named).status_code == 404
    assert _is_signed_in(person)
    person.groups.add(Group.objects.get(name="tenant"))
    assert ask(opaque(person)).status_code == 204


def test_nobody_is_told_apart_from_whom_the_client_may_not_have(guard: Any, person: User) -> None:
    guard.groups.add(Group.objects.create(name="tenant"))
    absent = ask({"sub_id": {"format": "email", "email": "nobody@example.com"}})
    closed = ask({"sub_id": {"format": "email", "email": "alice@example.com"}})
    answers = [{k: v for k, v in a.json().items() if k != "error_uri"} for a in (absent, closed)]
    assert answers[0] == answers[1]
    assert absent.status_code == closed.status_code == 404


def test_how_many_people_it_can_shut_out_is_limited(guard: Any, person: User, monkeypatch: Any) -> None:
    policy = RatePolicy("few", attempts=2, window=3600)
    assert conf.GLOBAL_REVOCATION_BY_CLIENT.attempts == 600
    monkeypatch.setattr(global_token_revocation, "GLOBAL_REVOCATION_BY_CLIENT", policy)
    answers = [ask(opaque(person)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [204, 204, 429]
    assert answers[2]["Retry-After"]


def test_guesses_at_the_secret_are_counted(guard: Any, person: User) -> None:
    answers = {ask(opaque(person), authorization=basic("guard", "wrong" * 8)).status_code for _ in range(25)}
    assert answers == {401, 429}


def test_a_refusal_is_explained_without_the_name(guard: Any, person: User) -> None:
    answer = ask({"sub_id": {"format": "email", "email": "nobody-knows-them@example.com"}})
    assert answer.json()["error"] == "subject_not_found"
    assert "nobody-knows" not in answer.content.decode()
    assert explained()
    assert not any("nobody-knows" in json.dumps(row, default=str) for row in Explanation.objects.values())


def test_who_is_shut_out_has_nothing_left_to_end(guard: Any, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert ask(opaque(person)).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_each_is_answered_and_nothing_is_left(guard: Any, person: User) -> None:
    for _ in range(3):
        Browser().force_login(person)
    statuses = at_once(6, lambda: ask(opaque(person)).status_code)
    assert set(statuses) == {204}
    assert not _is_signed_in(person)
    ended = AuditEvent.objects.of_action("session.ended")
    assert ended.count() == 3


def test_an_impersonation_ends_too(guard: Any, make_person: MakePerson, person: User, settings: Any) -> None:
    settings.IMPERSONATION = True
    root = make_person("root", staff=True, superuser=True)
    impersonating(root, person)
    assert ask(opaque(root)).status_code == 204
    assert the_impersonation(person).ended_at is not None
    assert userinfo("nothing").status_code == 401
