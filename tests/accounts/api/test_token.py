import json
from base64 import urlsafe_b64decode

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Session
from accounts.services import people
from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.security.waits import lengthen_waits
from trust.audit.models import AuditEvent
from trust.tokens import access_token

pytestmark = pytest.mark.django_db


def sign_in(api, **named):
    return api.post("/api/token/", named)


def header_of(token):
    return json.loads(urlsafe_b64decode(token.split(".")[0] + "=="))


def claims_of(token):
    return json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))


@pytest.mark.parametrize(
    "named",
    [{"username": "alice"}, {"username": "ALICE"}, {"username": "Alice@Example.com"}, {"email": "alice@example.com"}],
)
def test_signs_in_by_username_or_address_whatever_the_case(api, person, named):
    response = sign_in(api, password=PASSWORD, **named)
    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh", "token_type", "expires_in"}
    assert (response.json()["token_type"], response.json()["expires_in"]) == ("Bearer", 600)
    assert response["Cache-Control"] == "no-store"
    session = Session.objects.get()
    assert (session.kind, session.user, session.acr, session.amr) == ("api", person, "aal1", "pwd")


@pytest.mark.spec("RFC 9068", "2.2")
def test_issues_an_access_token_of_rfc_9068(api, person):
    access = sign_in(api, username="alice", password=PASSWORD).json()["access"]
    session = Session.objects.get()
    assert header_of(access)["typ"] == "at+jwt"
    assert header_of(access)["alg"] == "ES256"
    claims = claims_of(access)
    assert claims["exp"] - claims["iat"] == 600
    assert {name: claims[name] for name in ("iss", "aud", "sub", "client_id", "scope", "sid", "acr", "amr")} == {
        "iss": settings.ISSUER,
        "aud": settings.ISSUER,
        "sub": str(person.pk),
        "client_id": "first-party",
        "scope": "openid profile email",
        "sid": str(session.pk),
        "acr": "aal1",
        "amr": ["pwd"],
    }
    assert claims["auth_time"] == int(session.auth_time.timestamp())


def test_the_refresh_token_says_three_things_and_no_more(api, person):
    refresh = sign_in(api, username="alice", password=PASSWORD).json()["refresh"]
    assert (header_of(refresh)["typ"], header_of(refresh)["alg"]) == ("rt+jwt", "HS256")
    assert set(claims_of(refresh)) == {"jti", "gen", "exp"}


def test_the_token_works(api, person):
    api.sign_in(person)
    assert api.get("/api/me/").json()["id"] == str(person.pk)


@pytest.mark.parametrize(
    "named",
    [
        pytest.param({"username": "alice", "password": "wrong"}, id="wrong password"),
        pytest.param({"username": "nobody", "password": PASSWORD}, id="unknown person"),
        pytest.param({"username": "alice", "password": ""}, id="blank password"),
        pytest.param({"username": "alice", "password": f" {PASSWORD} "}, id="password with spaces around it"),
    ],
)
def test_refuses_bad_credentials_all_alike(api, person, named):
    response = sign_in(api, **named)
    if named["password"]:
        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert AuditEvent.objects.of_action("sign_in.refused").count() == 1
    else:
        assert response.status_code == 400
    assert not Session.objects.exists()


def test_a_name_that_only_looks_like_theirs_is_no_name_of_theirs(api, person):
    """Its guesses count for the account all the same."""
    assert sign_in(api, username="\uff41lice", password=PASSWORD).status_code == 401
    assert AuditEvent.objects.of_action("sign_in.refused").get().subject == person.pk


def test_a_hash_of_another_strength_is_replaced_at_the_sign_in(api, person, settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.MD5PasswordHasher"]
    person.password = make_password(PASSWORD, hasher="md5")
    person.save()
    for _ in range(2):
        assert sign_in(api, username="alice", password=PASSWORD).status_code == 200
        person.refresh_from_db()
        assert not person.password.startswith("md5")


def test_a_disabled_person_looks_like_a_wrong_password(api, person):
    people.deactivate(user=person, actor=None)
    disabled = sign_in(api, username="alice", password=PASSWORD)
    wrong = sign_in(api, username="alice", password="wrong")
    assert (disabled.status_code, disabled.json()) == (wrong.status_code, wrong.json())


def test_asks_for_the_address_to_be_verified(api, make_person):
    make_person(verified=False)
    response = sign_in(api, username="alice", password=PASSWORD)
    assert (response.status_code, response.json()["code"]) == (401, "email_unverified")
    assert sign_in(api, username="alice", password="wrong").json()["code"] == "invalid_credentials"


def test_lets_an_unverified_person_in_where_verification_is_optional(api, make_person, settings):
    settings.EMAIL_VERIFICATION = "optional"
    make_person(verified=False)
    assert sign_in(api, username="alice", password=PASSWORD).status_code == 200


def test_says_429_and_when_to_come_again_after_too_many_guesses(api, person):
    for _ in range(10):
        assert sign_in(api, username="alice", password="wrong").status_code == 401
    lengthen_waits()
    response = sign_in(api, username="alice", password=PASSWORD)
    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1
    assert response.json()["code"] == "throttled"


def test_counts_username_and_address_as_one_account(api, person):
    for _ in range(5):
        sign_in(api, username="alice", password="wrong")
        sign_in(api, email="alice@example.com", password="wrong")
    lengthen_waits()
    assert sign_in(api, username="ALICE", password="wrong").status_code == 429


def test_a_success_forgets_the_guesses(api, person):
    for _ in range(3):
        for _ in range(8):
            assert sign_in(api, username="alice", password="wrong").status_code == 401
        assert sign_in(api, username="alice", password=PASSWORD).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"username": "alice"}, id="no password"),
        pytest.param({"password": "x"}, id="no username"),
        pytest.param({"username": ["alice"], "password": "x"}, id="a list"),
        pytest.param({"username": {"a": 1}, "password": "x"}, id="an object"),
        pytest.param({"username": "alice\0", "password": "x"}, id="NUL"),
        pytest.param({"username": "a" * 300, "password": "x"}, id="too long"),
        pytest.param({"challenge": "x"}, id="challenge without code"),
        pytest.param([1, 2], id="not an object"),
        pytest.param("text", id="a string"),
        pytest.param(None, id="null"),
    ],
)
def test_answers_malformed_requests_with_400(api, person, body):
    response = api.post("/api/token/", body)
    assert response.status_code == 400
    assert {"detail", "code", "message", "error"} <= set(response.json())


def test_speaks_json_and_forms_and_nothing_else(person):
    http = Api().http
    form = {"username": "alice", "password": PASSWORD}
    encoded = "username=alice&password=" + PASSWORD.replace(" ", "+")
    answer = http.post("/api/token/", encoded, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert http.post("/api/token/", str(form), content_type="text/plain").status_code == 415
    assert http.get("/api/token/").status_code == 405


def test_answers_without_the_trailing_slash_and_never_redirects(api, person):
    assert api.post("/api/token", {"username": "alice", "password": PASSWORD}).status_code == 200


def test_names_the_roles_of_a_person(api, person):
    person.groups.create(name="editors")
    access = sign_in(api, username="alice", password=PASSWORD).json()["access"]
    assert claims_of(access)["roles"] == ["editors"]


def test_minting_needs_no_write(person, django_assert_num_queries):
    token = access_token.AccessToken(
        subject=str(person.pk), client_id="first-party", scope=("openid",), grant="g", audience=settings.ISSUER
    )
    from trust.lib import clock

    access_token.mint(token, now=clock.now())
    with django_assert_num_queries(0):
        access_token.mint(token, now=clock.now())
