"""RFC 6749: clients (section 2), the token endpoint (3.2), its grants (4.1.3, 4.4, 6) and answers (5)."""

import base64
from datetime import timedelta
from urllib.parse import quote_plus, urlencode

import pytest
from django.test import Client as Browser

from oauth.models import AuthorizationCode
from oauth.services.digests import secret_digest_of
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.explained import without_reference
from tests.relying_party import userinfo, verified

pytestmark = pytest.mark.django_db

CREDENTIALS = {"client_id": "app", "client_secret": SECRET}


@pytest.mark.spec("RFC 6749", "2.3.1")
def test_a_client_authenticates_by_secret_in_the_header_or_in_the_body(app):
    by_header = post_form("/oauth/token", {"grant_type": "client_credentials"}, authorization=basic("app", SECRET))
    by_body = post_form("/oauth/token", {"grant_type": "client_credentials"} | CREDENTIALS)
    assert (by_header.status_code, by_body.status_code) == (200, 200)


@pytest.mark.spec("RFC 6749", "2.3.1")
def test_id_and_secret_in_the_header_are_form_encoded(db):
    client_id, secret = "an app:of+ours%", "sécret: with + and % and 한국어, long enough"
    make_client(client_id, client_secret=secret_digest_of(secret))
    encoded = base64.b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()
    for scheme in ("Basic", "basic", "BASIC"):  # RFC 9110 section 11.1
        answer = post_form("/oauth/token", {"grant_type": "client_credentials"}, authorization=f"{scheme} {encoded}")
        assert answer.status_code == 200, answer.content


@pytest.mark.spec("RFC 6749", "2.3")
def test_a_client_uses_one_method_of_authentication(app):
    form = {"grant_type": "client_credentials", "client_secret": SECRET}
    answer = post_form("/oauth/token", form, authorization=basic("app", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("RFC 6749", "2.3.1")
def test_the_secret_is_not_taken_from_the_query(app):
    path = f"/oauth/token?{urlencode(CREDENTIALS)}"
    answer = post_form(path, {"grant_type": "client_credentials", "client_id": "app"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.spec("RFC 6749", "3.2")
def test_the_token_endpoint_takes_post_alone(app):
    answer = Browser().get(f"/oauth/token?{urlencode({'grant_type': 'client_credentials'} | CREDENTIALS)}")
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]


@pytest.mark.spec("RFC 6749", "3.2")
@pytest.mark.parametrize("name", ["grant_type", "scope", "code", "client_id", "client_secret", "anything"])
def test_a_parameter_of_a_token_request_comes_once(app, name):
    form = [*CREDENTIALS.items(), ("grant_type", "client_credentials"), (name, "x"), (name, "x")]
    answer = Browser().post("/oauth/token", urlencode(form), content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("RFC 6749", "3.2")
def test_a_parameter_without_a_value_is_as_if_it_were_not_sent(application):
    form = {"grant_type": "client_credentials", "client_secret": "", "client_id": "", "scope": ""}
    assert post_form("/oauth/token", form, authorization=basic("app", SECRET)).status_code == 200


@pytest.mark.spec("RFC 6749", "3.2")
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_token_request_is_a_form(app, content_type):
    body = urlencode({"grant_type": "client_credentials"} | CREDENTIALS)
    answer = Browser().post("/oauth/token", body, content_type=content_type)
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_request", "parse_error"}


@pytest.mark.spec("RFC 6749", "4.1.2")
def test_a_code_is_good_for_a_minute_at_most(application):
    code = application.code()
    issued = AuthorizationCode.objects.get()
    assert issued.expires - issued.created <= timedelta(seconds=61)
    AuthorizationCode.objects.update(expires=issued.expires - timedelta(seconds=60))
    assert application.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.spec("RFC 6749", "4.1.2")
def test_a_code_is_good_once_and_its_tokens_die_at_a_second_use(application):
    code = application.code()
    tokens = application.exchange(code).json()
    assert userinfo(tokens["access_token"]).status_code == 200
    assert application.exchange(code).json()["error"] == "invalid_grant"
    assert userinfo(tokens["access_token"]).status_code == 401
    assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.spec("RFC 6749", "4.1.3")
@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": None}, "invalid_request"),
        ({"code": ""}, "invalid_request"),
        ({"code": "another"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": "https://app.example/other"}, "invalid_grant"),
        ({"redirect_uri": "https://app.example/callback/"}, "invalid_grant"),
    ],
)
def test_a_code_goes_with_its_redirect_uri(application, changed, error):
    answer = application.exchange(**{"code": application.code()} | changed)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.spec("RFC 6749", "4.1.3")
def test_a_code_is_good_for_its_own_client_alone(application):
    code = application.code()
    other = Application(make_client("other"))
    other.verifier = application.verifier
    assert other.exchange(code).json()["error"] == "invalid_grant"
    assert application.exchange(code).status_code == 200  # a stranger cannot spend it


@pytest.mark.spec("RFC 6749", "4.4.3")
def test_client_credentials_give_an_access_token_and_no_refresh_token(application):
    answer = application.token(grant_type="client_credentials", scope="read").json()
    assert set(answer) == {"access_token", "token_type", "expires_in", "scope"}
    assert verified(answer["access_token"], audience="http://testserver")["sub"] == "app"


@pytest.mark.spec("RFC 6749", "4.4")
def test_client_credentials_are_for_confidential_clients(spa):
    spa.grant_types = "client_credentials authorization_code"
    spa.save()
    assert Application(spa).token(grant_type="client_credentials").json()["error"] == "unauthorized_client"


@pytest.mark.spec("RFC 6749", "4.4.2")
@pytest.mark.parametrize("scope", ["openid", "read openid", "read offline_access", "admin", 'read"'])
def test_client_credentials_have_no_scope_of_a_person_and_none_unregistered(application, scope):
    answer = application.token(grant_type="client_credentials", scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.spec("RFC 6749", "5.1")
def test_a_token_answer_is_json_that_nobody_stores(application):
    answer = application.exchange(application.code())
    assert answer["Content-Type"].startswith("application/json")
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    body = answer.json()
    assert body["token_type"].lower() == "bearer"
    assert body["expires_in"] == 600
    assert body["scope"] == "openid profile"


@pytest.mark.spec("RFC 6749", "3.3")
def test_a_token_answer_names_no_scope_where_none_was_granted(application):
    assert "scope" not in application.token(grant_type="client_credentials").json()


@pytest.mark.spec("RFC 6749", "5.2")
@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "alice", "password": "x"}, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:saml2-bearer"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_a_refused_token_request_has_its_registered_error(application, form, error):
    answer = application.token(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    assert set(answer.json()) <= {"error", "error_description", "error_uri"}


@pytest.mark.spec("RFC 6749", "5.2")
def test_a_client_may_not_use_a_grant_that_it_is_not_registered_for(person):
    application = Application(make_client(grant_types="authorization_code"))
    for grant_type in ("client_credentials", "refresh_token"):
        answer = application.token(grant_type=grant_type, refresh_token="x")
        assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


@pytest.mark.spec("RFC 6749", "5.2")
def test_a_client_that_fails_to_authenticate_gets_401_and_a_basic_challenge(app):
    form = {"grant_type": "client_credentials"}
    answers = [
        post_form("/oauth/token", form, authorization=basic("app", "wrong")),
        post_form("/oauth/token", form, authorization=basic("nobody", SECRET)),
        post_form("/oauth/token", form | {"client_id": "app", "client_secret": "wrong"}),
        post_form("/oauth/token", form),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer["WWW-Authenticate"].startswith("Basic ")
    told = [without_reference(answer) for answer in answers]
    assert told == told[:1] * len(told)


@pytest.mark.spec("RFC 6749", "6")
def test_a_refresh_may_narrow_the_scope_of_its_access_token_alone(application):
    tokens = application.tokens(scope="openid profile email")
    narrowed = application.refresh(tokens["refresh_token"], scope="email").json()
    assert narrowed["scope"] == "email"
    assert "id_token" not in narrowed
    again = application.refresh(narrowed["refresh_token"]).json()
    assert again["scope"] == "openid profile email"


@pytest.mark.spec("RFC 6749", "6")
def test_a_refresh_may_not_widen_the_scope(application):
    refresh = application.tokens(scope="openid profile")["refresh_token"]
    answer = application.refresh(refresh, scope="openid profile email")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert application.refresh(refresh).status_code == 200  # and the token is as good as before


@pytest.mark.spec("RFC 6749", "6")
def test_a_refresh_token_is_bound_to_its_client(application):
    refresh = application.tokens()["refresh_token"]
    other = Application(make_client("other"))
    assert other.refresh(refresh).json()["error"] == "invalid_grant"
    assert application.refresh(refresh).status_code == 200


@pytest.mark.spec("RFC 6749", "6")
def test_a_confidential_client_authenticates_when_it_refreshes(application):
    form = {"grant_type": "refresh_token", "refresh_token": application.tokens()["refresh_token"], "client_id": "app"}
    assert post_form("/oauth/token", form).json()["error"] == "invalid_client"
