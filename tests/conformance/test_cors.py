"""The Fetch standard's CORS protocol: which scripts may read which answers, errors and preflights too, never by cookie."""

import pytest
from django.test import Client as Browser

from tests.clients import SECRET, basic, make_client, post_form
from tests.clients import spa as spa
from trust.revocation.feed import FeedUnreadable, feed

pytestmark = pytest.mark.django_db

SPA = "https://spa.example"
STRANGER = "https://evil.example"
OPEN = [
    "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-protected-resource", "/oauth/jwks",
]  # fmt: skip
FOR_CLIENTS = ["/oauth/token", "/oauth/userinfo", "/oauth/revoke"]
CLOSED = ["/oauth/introspect", "/oauth/authorize", "/oauth/end-session", "/accounts/login/", "/api/me/", "/api/token/"]


def preflight(path, origin, method="POST", headers="authorization,content-type"):
    asked = {"origin": origin, "access-control-request-method": method, "access-control-request-headers": headers}
    return Browser().options(path, headers=asked)


def allowed(answer):
    return answer.headers.get("Access-Control-Allow-Origin")


@pytest.mark.spec("Fetch", "3.3.2")
@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("origin", [SPA, STRANGER, "null", "http://localhost:5173"])
def test_public_documents_are_for_every_origin(path, origin):
    for answer in (Browser().get(path, headers={"origin": origin}), preflight(path, origin, "GET")):
        assert allowed(answer) in {origin, "*"}
        assert "Origin" in answer["Vary"]


@pytest.mark.spec("Fetch", "3.3.2")
@pytest.mark.parametrize("path", FOR_CLIENTS)
def test_endpoints_are_for_the_origins_of_registered_redirect_uris(spa, path):
    answer = Browser().post(path, headers={"origin": SPA})
    assert answer.status_code in {400, 401}
    assert allowed(answer) == SPA
    assert "Origin" in answer["Vary"]


@pytest.mark.spec("Fetch", "3.3.2")
@pytest.mark.parametrize("path", FOR_CLIENTS)
@pytest.mark.parametrize(
    "origin",
    [
        STRANGER, "null", "http://spa.example", "https://spa.example:8443", "https://spa.example.evil.example", "https://sub.spa.example",
        "https://spa.exampl", "https://SPA.example", "https://spa.example/", "https://spa.example/callback", "https://user@spa.example",
        "https://", "https://spa.example https://evil.example", "", "*", "%", "https://sp_.example",
    ],
)  # fmt: skip
def test_other_origins_are_told_nothing(spa, path, origin):
    for answer in (Browser().post(path, headers={"origin": origin}), preflight(path, origin)):
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]
        assert "Origin" in answer["Vary"]


@pytest.mark.spec("Fetch", "3.3.2")
@pytest.mark.parametrize("path", [*OPEN, *FOR_CLIENTS])
def test_cookies_are_never_asked_for(spa, path):
    for answer in (
        Browser().post(path, headers={"origin": SPA}),
        Browser().get(path, headers={"origin": SPA}),
        preflight(path, SPA),
    ):
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.spec("Fetch", "3.3.3")
@pytest.mark.parametrize(
    ("path", "method"),
    [("/oauth/token", "POST"), ("/oauth/revoke", "POST"), ("/oauth/userinfo", "GET"), ("/oauth/userinfo", "POST"), ("/oauth/jwks", "GET")],
)  # fmt: skip
def test_a_preflight_is_told_what_may_be_sent(spa, path, method):
    answer = preflight(path, SPA, method)
    assert answer.status_code in {200, 204}
    assert answer.content == b""
    assert method in answer["Access-Control-Allow-Methods"].split(", ")
    named = answer["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "content-type"} <= set(named)
    assert int(answer["Access-Control-Max-Age"]) <= 7200


@pytest.mark.spec("Fetch", "3.3.2")
def test_answers_and_errors_can_be_read_alike(spa):
    make_client()
    good = post_form(
        "/oauth/token", {"grant_type": "client_credentials"}, authorization=basic("app", SECRET), origin=SPA
    )
    bad = post_form(
        "/oauth/token", {"grant_type": "refresh_token", "refresh_token": "x", "client_id": "spa"}, origin=SPA
    )
    refused = post_form("/oauth/token", {}, authorization=basic("app", "wrong"), origin=SPA)
    malformed = Browser().post("/oauth/token", "{}", content_type="application/json", headers={"origin": SPA})
    unauthorized = Browser().get("/oauth/userinfo", headers={"origin": SPA, "authorization": "Bearer x"})
    answers = (good, bad, refused, malformed, unauthorized)
    assert [answer.status_code for answer in answers] == [200, 400, 401, 400, 401]
    assert {allowed(answer) for answer in answers} == {SPA}
    assert "WWW-Authenticate" in unauthorized["Access-Control-Expose-Headers"]


@pytest.mark.spec("Fetch", "3.3.2")
def test_an_answer_that_the_service_is_unavailable_can_be_read_too(spa, monkeypatch):
    from tests.bearer import of_client

    def unreadable(token):
        raise FeedUnreadable

    monkeypatch.setattr(feed, "is_revoked", unreadable)
    answer = Browser().get("/oauth/userinfo", headers={"origin": SPA, "authorization": f"Bearer {of_client('openid')}"})
    assert (answer.status_code, allowed(answer)) == (503, SPA)
    assert answer["Retry-After"]
    assert "Retry-After" in answer["Access-Control-Expose-Headers"]


@pytest.mark.spec("Fetch", "3.3.2")
@pytest.mark.parametrize("path", CLOSED)
def test_everything_else_is_for_our_own_pages(spa, path):
    for answer in (Browser().get(path, headers={"origin": SPA}), preflight(path, SPA)):
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.spec("Fetch", "3.3.2")
def test_a_disabled_client_lets_its_origin_in_no_more(spa):
    spa.is_active = False
    spa.save()
    assert allowed(Browser().post("/oauth/token", headers={"origin": SPA})) is None


@pytest.mark.spec("Fetch", "3.3.2")
def test_without_an_origin_nothing_is_said_of_any(spa):
    for path in FOR_CLIENTS:
        answer = Browser().post(path)
        assert allowed(answer) is None
        assert "Origin" in answer["Vary"]  # or a cache would give this answer to a script
