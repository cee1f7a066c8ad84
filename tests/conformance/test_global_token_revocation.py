"""draft-parecki-oauth-global-token-revocation-06, over HTTP: a trusted client has all that a person has here ended."""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Session, User
from oauth.models import RefreshToken
from tests.client_keys import ClientKey, assertion_claims
from tests.clients import SECRET, Application, basic, make_client
from tests.mail_queue import deliver_mail
from tests.people import PASSWORD, MakePerson
from tests.relying_party import userinfo
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PATH = "/oauth/global-token-revocation"


@pytest.fixture
def guard(db: None) -> Any:
    """The client of a security team, which is trusted so far."""
    return make_client("guard", name="Night Watch", may_revoke_subjects=True)


def ask(body: Any, *, authorization: str = "", kind: str = "application/json") -> Any:
    headers = {"authorization": authorization or basic("guard", SECRET)}
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return Browser().post(PATH, content, content_type=kind, headers=headers)


def opaque(person: User) -> dict[str, Any]:
    return {"sub_id": {"format": "opaque", "id": str(person.pk)}}


@pytest.mark.spec("Global Token Revocation", "3.3")
def test_every_session_and_token_of_the_person_ends(application: Application, guard: Any, person: User) -> None:
    online = application.tokens()
    offline = application.tokens(scope="openid offline_access")
    form = {"username": "alice", "password": PASSWORD}
    own = Browser().post("/api/token/", form, content_type="application/json").json()
    code = application.code()
    answer = ask(opaque(person))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Cache-Control"] == "no-store"
    for tokens in (online, offline):
        assert userinfo(tokens["access_token"]).status_code == 401
        assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert application.exchange(code).json()["error"] == "invalid_grant"
    assert Browser().get("/api/me/", headers={"authorization": f"Bearer {own['access']}"}).status_code == 401
    refreshed = Browser().post("/api/token/refresh/", {"refresh": own["refresh"]}, content_type="application/json")
    assert refreshed.status_code == 401
    assert not Session.objects.of_user(person.pk).alive().exists()
    assert not RefreshToken.objects.of_user(person.pk).not_revoked().exists()


@pytest.mark.spec("Global Token Revocation", "3.3")
def test_the_person_signs_in_again_before_anything_is_issued(
    application: Application, guard: Any, person: User
) -> None:
    application.tokens()
    ask(opaque(person))
    assert application.authorize()["Location"].startswith("/accounts/login/")
    application.sign_in()
    assert userinfo(application.tokens()["access_token"]).status_code == 200


@pytest.mark.spec("Global Token Revocation", "3.2")
@pytest.mark.parametrize(
    "format_",
    [
        lambda person: {"format": "opaque", "id": str(person.pk)},
        lambda person: {"format": "iss_sub", "iss": "http://testserver", "sub": str(person.pk)},
        lambda person: {"format": "email", "email": "alice@example.com"},
        lambda person: {"format": "email", "email": "Alice@Example.COM"},
    ],
)
def test_a_person_is_named_by_each_format(application: Application, guard: Any, person: User, format_: Any) -> None:
    token = application.tokens()["access_token"]
    assert ask({"sub_id": format_(person)}).status_code == 204
    assert userinfo(token).status_code == 401


@pytest.mark.spec("Global Token Revocation", "3.4.2")
@pytest.mark.parametrize(
    "identifier",
    [
        {"format": "opaque", "id": "00000000-0000-4000-8000-000000000000"},
        {"format": "opaque", "id": "alice"},
        {"format": "iss_sub", "iss": "http://testserver", "sub": "nobody"},
        {"format": "email", "email": "nobody@example.com"},
        {"format": "email", "email": "alice"},
        {"format": "email", "email": "%@example.com"},
    ],
)
def test_who_is_nobody_is_not_found(guard: Any, person: User, identifier: dict[str, str]) -> None:
    assert ask({"sub_id": identifier}).status_code == 404


@pytest.mark.parametrize("odd", ["\u0000", "\ud800", "\u202e", "\U0001f600"])
def test_what_no_address_and_no_subject_has_is_refused_and_nothing_worse(guard: Any, person: User, odd: str) -> None:
    for named in (
        {"format": "email", "email": f"{odd}@example.com"},
        {"format": "opaque", "id": odd},
        {"format": "iss_sub", "iss": odd, "sub": str(person.pk)},
        {"format": odd, "id": "x"},
    ):
        assert ask({"sub_id": named}).status_code in {400, 404}


@pytest.mark.spec("Global Token Revocation", "3.4.2")
def test_the_subject_of_another_issuer_is_not_found(guard: Any, person: User) -> None:
    named = {"format": "iss_sub", "iss": "https://elsewhere.example", "sub": str(person.pk)}
    assert ask({"sub_id": named}).status_code == 404


@pytest.mark.spec("Global Token Revocation", "3.4.2")
def test_an_address_that_nobody_proved_is_not_found(guard: Any, make_person: MakePerson) -> None:
    make_person("bob", verified=False)
    assert ask({"sub_id": {"format": "email", "email": "bob@example.com"}}).status_code == 404


@pytest.mark.spec("Global Token Revocation", "3.4.2")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"alice"',
        b'{"sub_id": {"format": "email", "email": "a@b.c"}, "sub_id": {"format": "opaque", "id": "x"}}',
        {},
        {"subject": {"format": "email", "email": "alice@example.com"}},
        {"sub_id": "alice"},
        {"sub_id": None},
        {"sub_id": []},
        {"sub_id": {}},
        {"sub_id": {"format": "phone_number", "phone_number": "+8210"}},
        {"sub_id": {"format": "aliases", "identifiers": []}},
        {"sub_id": {"format": ["email"], "email": "alice@example.com"}},
        {"sub_id": {"format": "email"}},
        {"sub_id": {"format": "email", "email": ""}},
        {"sub_id": {"format": "email", "email": 7}},
        {"sub_id": {"format": "email", "email": "x" * 3000}},
        {"sub_id": {"format": "email", "email": "alice@example.com", "id": "x"}},
        {"sub_id": {"format": "iss_sub", "sub": "x"}},
        {"sub_id": {"format": "email", "email": "alice@example.com"}, "reason": "x"},
    ],
)
def test_what_names_nobody_rightly_is_a_bad_request(guard: Any, person: User, body: Any) -> None:
    answer = ask(body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("Global Token Revocation", "3.1")
def test_the_body_is_json(guard: Any, person: User) -> None:
    assert ask(json.dumps(opaque(person)), kind="text/plain").status_code == 400
    assert ask("sub_id=alice", kind="application/x-www-form-urlencoded").status_code == 400
    assert Browser().get(PATH).status_code == 405


@pytest.mark.spec("Global Token Revocation", "3.2")
def test_who_does_not_prove_who_they_are_is_refused(guard: Any, person: User) -> None:
    for authorization in (basic("guard", "wrong" * 8), basic("nobody", SECRET), "Bearer nonsense", "Digest x"):
        answer = ask(opaque(person), authorization=authorization)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    anonymous = Browser().post(PATH, json.dumps(opaque(person)), content_type="application/json")
    assert anonymous.status_code == 401
    assert anonymous["WWW-Authenticate"]


@pytest.mark.spec("Global Token Revocation", "3.2")
def test_a_client_proves_itself_by_what_it_signed(person: User) -> None:
    key = ClientKey()
    make_client(
        "signer",
        may_revoke_subjects=True,
        token_endpoint_auth_method="private_key_jwt",
        client_secret="",
        jwks=key.key_set(),
    )
    assertion = key.sign(assertion_claims("signer"))
    assert ask(opaque(person), authorization=f"Bearer {assertion}").status_code == 204
    assert ask(opaque(person), authorization=f"Bearer {assertion}").status_code == 401  # good once
    assert ask(opaque(person), authorization=f"Bearer {key.sign(assertion_claims('other'))}").status_code == 401


@pytest.mark.spec("Global Token Revocation", "3.4.2")
def test_a_client_that_is_not_trusted_so_far_is_forbidden(application: Application, person: User) -> None:
    token = application.tokens()["access_token"]
    answer = ask(opaque(person), authorization=basic("app", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
    assert userinfo(token).status_code == 200


@pytest.mark.spec("Global Token Revocation", "3.4.1")
def test_it_may_be_said_again(application: Application, guard: Any, person: User) -> None:
    application.tokens()
    assert [ask(opaque(person)).status_code for _ in range(3)] == [204, 204, 204]
    assert len([mail for mail in deliver_mail() if "signed out everywhere" in mail.subject]) == 1


@pytest.mark.spec("Global Token Revocation", "5")
def test_the_metadata_names_the_endpoint() -> None:
    for document in ("openid-configuration", "oauth-authorization-server"):
        said = Browser().get(f"/.well-known/{document}").json()
        assert said["global_token_revocation_endpoint"] == f"http://testserver{PATH}"
        methods = said["global_token_revocation_endpoint_auth_methods_supported"]
        assert methods == ["client_secret_basic", "private_key_jwt"]


def test_it_is_noted_and_the_person_is_told(application: Application, guard: Any, person: User) -> None:
    application.tokens()
    ask(opaque(person))
    event = AuditEvent.objects.of_action("person.tokens_revoked").get()
    assert (event.subject, event.client_id, event.actor) == (person.pk, "guard", None)
    assert event.details == {"format": "opaque", "sessions": 1}
    [mail] = [mail for mail in deliver_mail() if "signed out everywhere" in mail.subject]
    assert mail.to == ["alice@example.com"]
    assert "Night Watch" in mail.body
