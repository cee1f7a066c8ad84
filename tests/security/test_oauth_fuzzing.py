"""Requests that nobody would think of: never a 500, an open redirect, or a code or token that was not earned."""

import base64
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oauth.models import AuthorizationCode, Consent
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.relying_party import userinfo

pytestmark = pytest.mark.django_db

# The same requests at every run, so that a red test is a new fault and never chance.
BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
REGISTERED = ("https://app.example/callback", "http://127.0.0.1/callback", "com.example.app:/callback")
OWN_PAGES = ("/accounts/login/?", "/accounts/reauthenticate/?")
ERRORS = {
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "parse_error",
    "access_denied", "content_too_large", "unsupported_media_type", "uri_too_long", "headers_too_large", "method_not_allowed", "charset",
}  # fmt: skip

anything = st.text(max_size=60) | st.sampled_from(
    ["", " ", "\0", "%00", "%zz", "\r\nX: y", "\ud7ff", "a" * 5000, "[::::]", "null", "-1", "🙈", "é"]
)
addresses = (
    st.sampled_from(
        [*REGISTERED, "http://127.0.0.1:99/callback", "https://evil.example/", "//evil.example", "http://[::::]"]
    )
    | anything
)
VALUES = {
    "client_id": st.sampled_from(["app", "spa", "native", "nobody", ""]) | anything,
    "redirect_uri": addresses,
    "response_type": st.sampled_from(["code", "code", "code", "token", ""]) | anything,
    "scope": st.lists(st.sampled_from(["openid", "profile", "offline_access", "roles", "admin"]), max_size=4).map(
        " ".join
    )
    | anything,
    "state": anything,
    "nonce": anything,
    "code_challenge": st.just("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM") | anything,
    "code_challenge_method": st.sampled_from(["S256", "S256", "S256", "plain", ""]) | anything,
    "prompt": st.sampled_from(["", "none", "login", "consent", "none login", "select_account"]) | anything,
    "max_age": st.integers().map(str) | st.sampled_from(["0", "1", "0" * 40, "9" * 40, "1e9", "٣"]) | anything,
    "id_token_hint": anything,
    "request": st.just("") | anything,
    "request_uri": st.just("") | addresses,
    "response_mode": st.sampled_from(["", "query", "fragment", "form_post"]) | anything,
    "login_hint": anything,
    "ui_locales": st.sampled_from(["ko", "en", "xx-YY zz", "ko-KR"]) | anything,
    "resource": addresses,
    "decision": st.sampled_from(["allow", "deny"]) | anything,
}
pairs = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name])), max_size=14
)
nearly_right = st.fixed_dictionaries(
    {
        "client_id": st.sampled_from(["app", "spa", "native"]),
        "redirect_uri": st.sampled_from(REGISTERED),
        "response_type": st.just("code"),
        "code_challenge": st.just("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        "code_challenge_method": st.just("S256"),
    },
    optional={
        name: VALUES[name]
        for name in ("scope", "state", "nonce", "prompt", "max_age", "request", "response_mode", "ui_locales")
    },
).map(lambda request: list(request.items()))


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    """So many wrong requests at once would be refused for that alone."""
    monkeypatch.setattr("django.conf.settings.RATE_LIMITS", False)


@pytest.fixture(autouse=True)
def clients(db):
    make_client("app")
    make_client("spa", public=True)
    make_client("native", public=True, redirect_uris="http://127.0.0.1/callback com.example.app:/callback")


def encoded(parameters):
    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in parameters])


def check(answer):
    """Check what holds for every answer; return the parameters that a client would get."""
    assert answer.status_code in {200, 303, 400, 403, 413, 414, 415}, answer.status_code
    location = answer.headers.get("Location", "")
    if answer.status_code != 303 or location.startswith(("/oauth/authorize?", *OWN_PAGES)):
        return {}
    base, _, query = location.partition("?")
    assert base in REGISTERED or base == "http://127.0.0.1:99/callback", location
    assert not {"\r", "\n", "\\", "#"} & set(location)
    told = dict(parse_qsl(query))
    assert told["iss"] == "http://testserver"
    return told


@BOUNDED
@given(parameters=pairs | nearly_right)
def test_nobody_who_is_signed_out_gets_a_code(parameters):
    for answer in (
        Browser().get(f"/oauth/authorize?{encoded(parameters)}"),
        Browser().post(f"/oauth/authorize?{encoded(parameters)}", {"decision": "allow"}),
        Browser().post("/oauth/authorize", encoded(parameters), content_type="application/x-www-form-urlencoded"),
    ):
        assert "code" not in check(answer)
    assert not AuthorizationCode.objects.exists()
    assert not Consent.objects.exists()


@BOUNDED
@given(parameters=pairs | nearly_right)
def test_nobody_who_was_not_asked_gives_a_code(person, parameters):
    browser = Browser()
    browser.force_login(person)
    assert "code" not in check(browser.get(f"/oauth/authorize?{encoded(parameters)}"))
    assert not AuthorizationCode.objects.exists()


def test_a_code_comes_by_allowing_alone(person):
    browser = Browser()
    browser.force_login(person)

    @BOUNDED
    @given(parameters=nearly_right, decision=st.sampled_from(["allow", "deny", ""]))
    def try_it(parameters, decision):
        Consent.objects.all().delete()
        before = AuthorizationCode.objects.count()
        told = check(browser.post(f"/oauth/authorize?{encoded(parameters)}", {"decision": decision}))
        assert AuthorizationCode.objects.count() == before + ("code" in told)
        if decision != "allow":
            assert "code" not in told

    try_it()
    assert AuthorizationCode.objects.exists()  # some of them were right


@BOUNDED
@given(query=st.text(alphabet=st.characters(codec="ascii"), max_size=200) | st.binary(max_size=100).map(quote))
def test_a_query_of_any_shape_is_answered(query):
    check(Browser().generic("GET", "/oauth/authorize", QUERY_STRING=query))
    left = Browser().generic("GET", "/oauth/end-session", QUERY_STRING=query)
    assert left.status_code in {200, 400, 414}
    assert "Location" not in left.headers


@BOUNDED
@given(parameters=pairs, address=addresses)
def test_signing_out_leads_nowhere_unregistered(parameters, address):
    query = encoded([*parameters, ("post_logout_redirect_uri", address), ("client_id", "app")])
    answer = Browser().get(f"/oauth/end-session?{query}")
    assert answer.status_code in {200, 400, 414}
    assert "Location" not in answer.headers


forms = st.lists(
    st.sampled_from(
        [
            "grant_type",
            "code",
            "redirect_uri",
            "code_verifier",
            "refresh_token",
            "scope",
            "client_id",
            "client_secret",
            "token",
            "resource",
            "x",
        ]
    ).flatmap(
        lambda name: st.tuples(
            st.just(name),
            {
                "grant_type": st.sampled_from(["authorization_code", "refresh_token", "client_credentials", "password"])
                | anything,
                "client_id": st.sampled_from(["app", "spa", "native"]) | anything,
                "client_secret": st.just(SECRET) | anything,
                "redirect_uri": addresses,
                "code": st.just("THE CODE") | anything,
                "refresh_token": st.just("THE REFRESH TOKEN") | anything,
                "scope": VALUES["scope"],
            }.get(name, anything),
        )
    ),
    max_size=9,
)
headers = st.one_of(
    st.none(),
    st.just(basic("app", SECRET)),
    st.binary(max_size=60).map(lambda raw: "Basic " + base64.b64encode(raw).decode()),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
)


@pytest.fixture
def victim(person, db):
    """Another client, of whose person somebody holds a code and a refresh token."""
    application = Application(make_client("victim", redirect_uris="https://victim.example/callback"))
    application.sign_in()
    refresh_token = application.tokens()["refresh_token"]
    return application, {"THE CODE": application.code(), "THE REFRESH TOKEN": refresh_token}


@pytest.mark.parametrize(
    "path", ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/device-authorization", "/oauth/par"]
)
def test_a_stranger_gets_nothing_of_a_person_and_changes_nothing(victim, path):
    application, stolen = victim

    @BOUNDED
    @given(form=forms, header=headers)
    def try_it(form, header):
        sent = encoded([(name, stolen.get(value, value)) for name, value in form])
        named = {} if header is None else {"authorization": header}
        answer = Browser().post(path, sent, content_type="application/x-www-form-urlencoded", headers=named)
        body = answer.json() if answer.content else {}
        assert answer.status_code in {200, 201, 400, 401, 403, 413}, answer.status_code
        if answer.status_code not in {200, 201}:
            assert body["error"] in ERRORS, body
        assert not {"refresh_token", "id_token"} & set(body)
        assert body.get("active") is not True
        if "access_token" in body:
            assert dict(form)["grant_type"] == "client_credentials"

    try_it()
    assert application.refresh(stolen["THE REFRESH TOKEN"]).status_code == 200
    assert application.exchange(stolen["THE CODE"]).status_code == 200


@BOUNDED
@given(
    body=st.binary(max_size=200),
    content_type=st.sampled_from(["application/x-www-form-urlencoded", "application/json", "text/plain", ""])
    | anything,
)
def test_a_body_of_any_shape_is_answered(body, content_type):
    for path in (
        "/oauth/token",
        "/oauth/revoke",
        "/oauth/introspect",
        "/oauth/device-authorization",
        "/oauth/par",
        "/oauth/userinfo",
        "/oauth/authorize",
        "/oauth/end-session",
    ):
        kind = content_type.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")
        answer = Browser().generic("POST", path, body, content_type=kind)
        assert answer.status_code < 500
        assert answer.status_code in {303, 400, 401, 403, 413, 415, 414} or path == "/oauth/end-session"


@BOUNDED
@given(value=anything | st.text(alphabet="eyJ.-_=ABCabc019", max_size=80))
def test_no_made_up_value_is_a_token(value):
    sent = value.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "").replace("\0", "")
    assert userinfo(sent).status_code == 401
    assert post_form("/oauth/userinfo", {"access_token": value.replace("\0", "")}).status_code in {400, 401}
    split = urlsplit(f"/oauth/userinfo?access_token={quote(sent)}")
    assert Browser().get(split.geturl()).status_code in {400, 401}
