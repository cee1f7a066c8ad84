"""Defects of django-oauth-toolkit as it comes: each docstring begins with the row that ours is free of."""

import base64
import time
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.hashers import identify_hasher
from django.test import Client as Browser

from accounts.models import Session
from accounts.services import people
from oauth.models import AccessToken, IDToken, RefreshToken
from oauth.protocol.rfc6749_redirect_uri import check_registrable
from oauth.services.digests import secret_digest_of, secret_is_right
from tests.at_once import at_once
from tests.clients import SECRET, Application, answer_of, basic, make_client, post_form
from tests.devices import GRANT, connected, make_device_client
from tests.relying_party import userinfo, verified
from trust.audit.models import AuditEvent
from trust.revocation.models import Revocation

pytestmark = pytest.mark.django_db


def counted(*without):
    """Count the rows of every table, but for those of some models."""
    models = [model for model in apps.get_models() if model not in without]
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.mark.parametrize(
    "path",
    [
        "/o/device-authorization/",
        "/o/device",
        "/o/token/",
        "/o/introspect/",
        "/oauth/applications/",
    ],
)
def test_views_of_the_toolkit_are_not_mounted(person, path):
    """D1: its device flow; and its pages by which anybody registers clients."""
    browser = Browser()
    browser.force_login(person)
    assert browser.get(path).status_code == 404
    assert browser.post(path).status_code == 404


def test_an_approved_device_code_is_its_own_clients_alone(person, app):
    """D1: it cannot be redeemed by another client, and by its own once; a client must be registered for the grant."""
    device = connected(client=make_device_client(public=False))
    stolen = {"grant_type": GRANT, "device_code": device.codes["device_code"]}
    make_device_client("thief", public=False)
    for client_id, error in (("app", "unauthorized_client"), ("thief", "invalid_grant")):
        answer = post_form("/oauth/token", stolen, authorization=basic(client_id, SECRET))
        assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert (device.poll().status_code, device.poll().json()["error"]) == (200, "invalid_grant")


@pytest.mark.parametrize("path", ["/oauth/userinfo", "/api/user_info/", "/api/me/", "/api/protected/"])
def test_only_an_access_token_is_a_bearer_token(application, path):
    """D2: neither the id token nor any other signed token of ours opens a view."""
    tokens = application.tokens()
    for value in (tokens["id_token"], tokens["refresh_token"]):
        assert Browser().get(path, headers={"authorization": f"Bearer {value}"}).status_code == 401


def test_introspection_is_for_clients_that_proved_themselves(application, spa):
    """D2b: a client_id that anybody knows is no proof, whatever else the request says."""
    token = application.tokens(scope="openid email")["access_token"]
    for client_id in ("app", "spa"):
        for grant in (None, "urn:ietf:params:oauth:grant-type:device_code", "authorization_code"):
            form = {"client_id": client_id, "token": token, **({"grant_type": grant} if grant else {})}
            answer = post_form("/oauth/introspect", form)
            assert answer.status_code in {401, 403}
            assert set(answer.json()) <= {"error", "error_description", "error_uri"}


def test_prompt_none_is_answered_signed_in_or_not(application):
    """D3: by a redirect, never by a 500."""
    assert answer_of(Application(application.client).authorize(prompt="none"))["error"] == "login_required"
    application.code()
    assert "code" in answer_of(application.authorize(prompt="none"))


def test_prompt_login_cannot_be_bounced_off(application):
    """D4: the sign-in page does not send a signed-in person straight back to a code, nor does max_age."""
    application.code()
    for changed in ({"prompt": "login"}, {"max_age": "0"}):
        asked = application.authorize(**changed)
        assert urlsplit(asked["Location"]).path == "/accounts/reauthenticate/"
        page = application.browser.get(asked["Location"], follow=True)
        assert page.status_code == 200
        assert 'type="password"' in page.content.decode()
        assert "code=" not in application.authorize(**changed)["Location"]


@pytest.mark.django_db(transaction=True)
def test_refreshes_at_once_leave_one_generation(application):
    """D5: no error and no second chain; tests/reliability/test_oauth_races.py has more."""
    refresh = application.tokens()["refresh_token"]
    answers = at_once(4, lambda: application.refresh(refresh))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


def test_a_logout_hint_ends_no_session_but_that_of_the_browser(application):
    """D6: an old id token, sent by nobody, deletes nothing; an unknown client is no 500."""
    tokens = application.tokens(scope="openid offline_access")
    for parameters in (
        {"id_token_hint": tokens["id_token"]},
        {"client_id": "nobody"},
        {"id_token_hint": "x", "client_id": "\u00e9"},
    ):
        assert Browser().get(f"/oauth/end-session?{urlencode(parameters)}").status_code == 200
    assert Session.objects.get().ended_at is None
    assert userinfo(tokens["access_token"]).status_code == 200
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "value", ["ey.x.y", "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJhcHAifQ.x", "a.b.c.d.e", "..", "ey", "e" * 4000]
)
def test_junk_is_unauthorized_and_never_an_error_of_ours(app, value):
    """D7: at every address that takes bearer tokens."""
    for path in ("/oauth/userinfo", "/api/user_info/", "/api/me/"):
        assert Browser().get(path, headers={"authorization": f"Bearer {value}"}).status_code == 401


def test_a_token_of_no_person_is_refused_by_userinfo(application):
    """D7: a client_credentials token has no claims to give."""
    token = application.token(grant_type="client_credentials", scope="profile").json()["access_token"]
    assert userinfo(token).status_code == 403


def test_disabled_means_disabled(person, application):
    """D8: access token, userinfo, refresh and code; test_oauth_tokens.py has more."""
    tokens, code = application.tokens(), application.code()
    people.deactivate(user=person, actor=None)
    assert userinfo(tokens["access_token"]).status_code == 401
    assert application.refresh(tokens["refresh_token"]).status_code == 400
    assert application.exchange(code).status_code == 400


def test_an_empty_secret_is_never_right():
    """D9: not even where the digest is that of an empty one."""
    make_client("blank", client_secret=secret_digest_of(""))
    for form in ({"client_secret": ""}, {}):
        answer = post_form("/oauth/token", {"grant_type": "client_credentials", "client_id": "blank", **form})
        assert answer.status_code == 401
    assert (
        post_form("/oauth/token", {"grant_type": "client_credentials"}, authorization=basic("blank", "")).status_code
        == 401
    )


def test_a_client_secret_does_not_go_through_the_password_hasher():
    """D10: anybody who knows a client_id could make us hash; a random secret needs no slow hash."""
    digest = secret_digest_of(SECRET)
    with pytest.raises(ValueError, match="algorithm"):
        identify_hasher(digest)
    started = time.process_time()
    assert not any(secret_is_right(digest, f"{SECRET}{number}") for number in range(500))
    assert time.process_time() - started < 1  # seconds; one hash of a password costs 20 ms and more


@pytest.mark.parametrize("path", ["/oauth/userinfo", "/api/user_info/", "/api/me/"])
def test_a_token_in_the_query_opens_nothing(application, path):
    """D11: userinfo included."""
    token = application.tokens()["access_token"]
    for method in (Browser().get, Browser().post):
        assert method(f"{path}?access_token={token}").status_code in {401, 405}


@pytest.mark.parametrize("response_type", ["code token", "token", "code id_token token"])
def test_no_hybrid_flow_returns_an_access_token(application, response_type):
    """D12: for no client."""
    answer = application.authorize(response_type=response_type)
    assert answer_of(answer)["error"] == "unsupported_response_type"
    assert "access_token" not in answer["Location"]


def test_errors_are_those_of_the_specifications(application):
    """D13: status, code and challenge of each."""
    lower = "basic " + base64.b64encode(f"app:{SECRET}".encode()).decode()
    assert post_form("/oauth/token", {"grant_type": "client_credentials"}, authorization=lower).status_code == 200
    refused = post_form("/oauth/token", {"grant_type": "client_credentials"}, authorization=basic("app", "wrong"))
    assert (refused.status_code, refused["WWW-Authenticate"].split()[0]) == (401, "Basic")
    assert application.token().json()["error"] == "invalid_request"
    mismatch = post_form("/oauth/token", {"grant_type": "client_credentials", "client_id": "x"}, authorization=lower)
    assert (mismatch.status_code, mismatch.json()["error"]) == (400, "invalid_request")
    scopeless = userinfo(application.tokens(scope="profile")["access_token"])
    assert (scopeless.status_code, scopeless["WWW-Authenticate"].split()[0]) == (403, "Bearer")
    assert 'error="insufficient_scope"' in scopeless["WWW-Authenticate"]


def test_a_narrower_refresh_does_not_narrow_for_ever(application):
    """D14: the refresh token keeps the scope that was granted."""
    tokens = application.tokens(scope="openid profile email")
    narrow = application.refresh(tokens["refresh_token"], scope="openid").json()
    assert narrow["scope"] == "openid"
    assert application.refresh(narrow["refresh_token"]).json()["scope"] == "openid profile email"


@pytest.mark.parametrize(
    ("uri", "registrable"),
    [
        ("https://app.example/callback", True), ("http://127.0.0.1/callback", True), ("http://[::1]:8000/", True), ("http://localhost:3000/", True),
        ("com.example.app:/callback", True), ("http://app.example/callback", False), ("http://10.0.0.1/", False), ("myapp:/callback", False),
        ("javascript:alert(1)", False), ("data:text/html,x", False), ("https://app.example/#x", False), ("https://user@app.example/", False),
        ("https:///callback", False), ("https://*.example/", False), ("https://a;script-src/", False), ("https://a,b/", False), ("", False),
    ],
)  # fmt: skip
def test_plain_http_is_for_loopback_alone(uri, registrable):
    """D15: and a host is compared as it is written."""
    assert (check_registrable(uri) is None) == registrable


def test_the_host_is_compared_as_it_is_written(application):
    """D15: no case is folded."""
    assert application.authorize(redirect_uri="https://APP.example/callback").status_code == 400


@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        ("https://app.example/callback", "https://app.example"),
        ("https://app.example:8443/callback", "https://app.example:8443"),
        ("http://127.0.0.1:5000/callback", "http://127.0.0.1:5000"),
        ("http://[::1]:5000/callback", "http:"),  # a policy cannot name an IPv6 address
        ("com.example.app:/callback", "com.example.app:"),
    ],
)
def test_every_page_on_the_way_may_end_at_the_client(person, redirect_uri, source):
    """D16: browsers hold form-action against the redirect after the POST too."""
    application = Application(make_client(redirect_uris=redirect_uri))
    sign_in_page = application.browser.get(application.authorize()["Location"])
    application.sign_in()
    for page in (sign_in_page, application.authorize()):
        policy = {one.split()[0]: one.split()[1:] for one in page["Content-Security-Policy"].split("; ")}
        assert {"'self'", source} <= set(policy["form-action"])
    application.code()
    assert "form-action 'self';" in application.browser.get("/accounts/")["Content-Security-Policy"] + ";"


def test_tokens_leave_no_rows_behind(application):
    """D17: id tokens and signed access tokens are not stored, and a refresh adds no row."""
    tokens = application.tokens(scope="openid offline_access")
    before = counted()
    for _ in range(5):
        tokens = application.refresh(tokens["refresh_token"]).json()
        application.token(grant_type="client_credentials", scope="read")
        assert verified(tokens["id_token"], audience="app")
    assert counted() == before
    assert (AccessToken.objects.count(), IDToken.objects.count(), RefreshToken.objects.count()) == (0, 0, 1)


def test_refusals_leave_no_rows_behind(application):
    """D17: what strangers send does not grow the tables."""
    before = counted(AuditEvent, Revocation)
    for form in (
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "refresh_token", "refresh_token": "x"},
    ):
        application.token(**form)
        post_form("/oauth/token", form)
    application.authorize(redirect_uri="https://evil.example/")
    assert counted(AuditEvent, Revocation) == before
