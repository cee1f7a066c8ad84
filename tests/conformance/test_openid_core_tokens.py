"""OpenID Connect Core 1.0: id tokens (sections 2, 3.1.3, 12) and claims (section 5)."""

import base64
import hashlib
from datetime import date, timedelta

import pytest

from accounts.models import Session
from tests.clients import Application, post_form
from tests.relying_party import header_of, userinfo, verified
from trust.lib import clock

pytestmark = pytest.mark.django_db

ALL = "openid profile email address phone"
CLAIMS = {
    "name": "Alice Ada Liddell", "given_name": "Alice", "family_name": "Liddell", "middle_name": "Ada",
    "nickname": "Ali", "profile": "https://alice.example/", "picture": "https://alice.example/a.png",
    "website": "https://blog.example/", "gender": "female", "birthdate": "1990-05-04", "zoneinfo": "Asia/Seoul",
    "locale": "ko-KR", "phone_number": "+82 2 123 4567",
}  # fmt: skip
ADDRESS = {
    "street_address": "1 Main Street", "locality": "Seoul", "region": "Seoul", "postal_code": "04524", "country": "KR",
}  # fmt: skip


@pytest.fixture
def whole_person(person):
    """Alice, who has told everything about herself."""
    for name, value in (CLAIMS | ADDRESS | {"phone_number_verified": True}).items():
        setattr(person, name, value)
    person.full_clean()
    person.save()
    return person


@pytest.mark.spec("OpenID Connect Core 1.0", "2")
def test_an_id_token_says_who_for_whom_and_until_when(person, application):
    token = application.tokens()["id_token"]
    claims = verified(token, audience="app")
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("http://testserver", str(person.pk), "app")
    assert claims["sub"].isascii()
    assert len(claims["sub"]) <= 255
    assert claims["nonce"] == "the nonce"
    assert 0 < claims["exp"] - claims["iat"] <= 3600
    assert (claims["acr"], claims["amr"]) == ("aal1", ["pwd"])
    assert claims["sid"] == str(Session.objects.get().pk)


@pytest.mark.spec("OpenID Connect Core 1.0", "2")
def test_an_id_token_says_when_the_person_signed_in(application):
    before = int(clock.now().timestamp())
    claims = verified(application.tokens()["id_token"], audience="app")
    assert before - 5 <= claims["auth_time"] <= before


@pytest.mark.spec("OpenID Connect Core 1.0", "2")
def test_an_id_token_is_signed_by_rs256_unless_the_client_chose_otherwise(application):
    header = header_of(application.tokens()["id_token"])
    assert header["alg"] == "RS256"
    assert header["typ"] == "JWT"
    assert header["kid"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.3.6")
@pytest.mark.parametrize(("algorithm", "hashed"), [("RS256", "sha256"), ("ES256", "sha256"), ("EdDSA", "sha512")])
def test_at_hash_is_the_left_half_of_the_access_tokens_hash(application, algorithm, hashed):
    application.client.algorithm = algorithm
    application.client.save()
    tokens = application.tokens()
    digest = hashlib.new(hashed, tokens["access_token"].encode()).digest()
    expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    assert verified(tokens["id_token"], audience="app")["at_hash"] == expected


@pytest.mark.spec("OpenID Connect Core 1.0", "12.2")
def test_an_id_token_of_a_refresh_speaks_of_the_same_sign_in(application):
    tokens = application.tokens()
    Session.objects.update(auth_time=clock.now() + timedelta(seconds=30))  # a proof given later elsewhere
    first = verified(tokens["id_token"], audience="app")
    refreshed = application.refresh(tokens["refresh_token"]).json()
    second = verified(refreshed["id_token"], audience="app")
    for name in ("iss", "sub", "aud", "auth_time", "acr", "amr", "sid"):
        assert second[name] == first[name], name
    assert second["iat"] >= first["iat"]
    assert second["at_hash"] != first["at_hash"]


@pytest.mark.spec("OpenID Connect Core 1.0", "5.3.1")
def test_userinfo_answers_get_and_post_by_header_and_post_by_form(person, application):
    token = application.tokens()["access_token"]
    answers = [userinfo(token), userinfo(token, "POST"), post_form("/oauth/userinfo", {"access_token": token})]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.content for answer in answers}) == 1
    assert userinfo(token, "HEAD").status_code == 200
    assert userinfo(token, "PUT").status_code == 405


@pytest.mark.spec("OpenID Connect Core 1.0", "5.3.2")
def test_the_sub_of_userinfo_is_that_of_the_id_token(application):
    tokens = application.tokens()
    said = userinfo(tokens["access_token"])
    assert said["Content-Type"] == "application/json"
    assert said.json()["sub"] == verified(tokens["id_token"], audience="app")["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "5.4")
@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("openid", set()),
        ("openid profile", {*CLAIMS, "preferred_username", "updated_at"} - {"phone_number"}),
        ("openid email", {"email", "email_verified"}),
        ("openid address", {"address"}),
        ("openid phone", {"phone_number", "phone_number_verified"}),
    ],
)
def test_each_scope_asks_for_its_own_claims(whole_person, application, scope, names):
    assert set(userinfo(application.tokens(scope=scope)["access_token"]).json()) == {"sub", *names}


@pytest.mark.spec("OpenID Connect Core 1.0", "5.1")
def test_every_standard_claim_comes_with_its_type(whole_person, application):
    said = userinfo(application.tokens(scope=ALL)["access_token"]).json()
    assert {name: said[name] for name in CLAIMS} == CLAIMS
    assert (said["preferred_username"], said["email"]) == ("alice", "alice@example.com")
    assert (said["email_verified"], said["phone_number_verified"]) == (True, True)
    assert type(said["updated_at"]) is int
    assert date.fromisoformat(said["birthdate"])
    assert {name: said["address"][name] for name in ADDRESS} == ADDRESS
    assert all(line in said["address"]["formatted"] for line in ADDRESS.values())


@pytest.mark.spec("OpenID Connect Core 1.0", "5.3.2")
def test_a_claim_without_a_value_is_left_out(application):
    said = userinfo(application.tokens(scope=ALL)["access_token"]).json()
    assert set(said) == {"sub", "name", "preferred_username", "updated_at", "email", "email_verified"}


@pytest.mark.spec("OpenID Connect Core 1.0", "5.7")
def test_the_subject_stays_when_name_and_address_change(person, application):
    before = userinfo(application.tokens()["access_token"]).json()["sub"]
    person.username, person.email = "alicia", "alicia@example.com"
    person.save()
    assert userinfo(application.tokens()["access_token"]).json()["sub"] == before


@pytest.mark.spec("OpenID Connect Core 1.0", "8")
def test_the_subject_is_the_same_at_every_client(application, public_application):
    subjects = {
        verified(program.tokens()["id_token"], audience=program.client.client_id)["sub"]
        for program in (application, public_application)
    }
    assert len(subjects) == 1


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_the_acr_that_was_asked_for_and_met_is_returned(application):
    assert verified(application.tokens(acr_values="aal1")["id_token"], audience="app")["acr"] == "aal1"


@pytest.mark.spec("OpenID Connect Core 1.0", "2")
def test_two_people_in_one_browser_have_two_subjects_and_two_sessions(application, make_person):
    make_person("bob")
    first = verified(application.tokens()["id_token"], audience="app")
    application.browser.post("/accounts/logout/")
    application.sign_in("bob")
    second = verified(application.tokens()["id_token"], audience="app")
    assert first["sub"] != second["sub"]
    assert first["sid"] != second["sid"]


@pytest.mark.spec("OpenID Connect Core 1.0", "16.11")
def test_an_id_token_for_one_client_is_not_for_another(application, public_application):
    tokens = Application(application.client)
    tokens.browser = application.browser
    assert verified(tokens.tokens()["id_token"], audience="app")["aud"] == "app"
    assert verified(public_application.tokens()["id_token"], audience="spa")["aud"] == "spa"
