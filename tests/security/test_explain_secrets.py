"""No secret is ever in an explanation, and no reference tells more than the answer did (trust/explain)."""

import re
import secrets
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser

from oauth.models import Client
from oauth.services import digests
from tests.client_keys import ClientKey, assertion_claims, by_assertion
from tests.clients import CALLBACK, SECRET, Application, basic, make_client, post_form
from tests.clients import app as app
from tests.explained import explained, last_explained, reference_of, without_reference
from tests.people import PASSWORD
from tests.registration import send
from trust.explain.models import Explanation
from trust.explain.recorder import recorder
from trust.limits import failures

pytestmark = pytest.mark.django_db
CREDENTIALS = {"grant_type": "client_credentials"}
MACHINES = ["/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/par"]
# Every parameter that any endpoint of ours reads, and some that none does.
PARAMETERS = [
    *("client_id", "client_secret", "client_assertion", "client_assertion_type", "grant_type", "code", "code_verifier"),
    *("redirect_uri", "refresh_token", "scope", "token", "token_type_hint", "resource", "username", "password"),
    *("response_type", "response_mode", "state", "nonce", "code_challenge", "code_challenge_method", "prompt"),
    *("max_age", "acr_values", "claims", "id_token_hint", "login_hint", "ui_locales", "display", "request"),
    *("request_uri", "access_token", "error", "unheard_of", "dpop_jkt", "authorization_details"),
]
MEMBERS = [
    *("client_name", "redirect_uris", "grant_types", "response_types", "scope", "jwks", "jwks_uri", "logo_uri"),
    *("client_uri", "token_endpoint_auth_method", "subject_type", "id_token_signed_response_alg", "client_secret"),
    *("sector_identifier_uri", "request_uris", "contacts", "x_groups", "default_max_age", "default_acr_values"),
]


def table() -> str:
    """Write what waits, and return all that the table has, as text."""
    recorder.write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM explain_explanation")
        return repr(cursor.fetchall())


def forget_what_was_counted() -> None:
    """Write what waits, and let all that follows be judged, and written too."""
    recorder.write()
    recorder.forget()
    failures.forget()
    cache.clear()


@pytest.fixture
def canary() -> str:
    return secrets.token_urlsafe(32)


def shapes(canary: str) -> list[str]:
    """Return where people put what they should not."""
    address = f"https://user:{canary}@app.example/{canary}/callback?code={canary}#access_token={canary}"
    return [address, f"openid {canary} urn:{canary} {canary}.{canary} Bearer:{canary}"]


@pytest.mark.parametrize("path", MACHINES)
def test_what_a_program_sends_in_the_wrong_place_is_not_kept(app: Client, path: str, canary: str) -> None:
    right = {"client_id": "app", "client_secret": SECRET, "grant_type": "refresh_token", "refresh_token": "x"}
    for name in PARAMETERS:
        for shape in shapes(canary):
            post_form(path, right | {name: shape})
        post_form(path, {name: [canary, canary], canary: canary})
        forget_what_was_counted()
    assert explained()
    assert canary not in table()


@pytest.mark.parametrize("path", MACHINES)
def test_what_is_sent_to_authenticate_is_not_kept(app: Client, path: str, canary: str) -> None:
    key = ClientKey("ES256", "canary")
    for header in (basic("app", canary), basic(canary, "x"), basic(canary, canary), f"Bearer {canary}", canary):
        post_form(path, CREDENTIALS, authorization=header)
    for claims in ({"jti": canary}, {"aud": canary}, {"sub": canary, "iss": canary}, {"exp": canary}):
        post_form(path, CREDENTIALS | by_assertion(key.sign(assertion_claims(**claims), kid=canary)))
    Browser().post(path, canary, content_type=f"text/{canary}")
    assert len(explained()) >= 8
    assert canary not in table()


def test_what_an_authorization_request_has_is_not_kept(app: Client, canary: str) -> None:
    application = Application(app)
    ask = application.browser.get
    for name in PARAMETERS:
        for shape in shapes(canary):
            answer = ask("/oauth/authorize", application.parameters(prompt="none") | {name: shape})
            assert answer.status_code < 500
        ask("/oauth/authorize", {**application.parameters(), name: [canary, canary], canary: canary})
        forget_what_was_counted()
    assert explained()
    assert canary not in table()


def test_what_shows_no_good_token_to_register_is_not_kept(canary: str) -> None:
    for shape in shapes(canary):
        send("POST", "/oauth/register", {"redirect_uris": [CALLBACK], "scope": shape}, canary)
        send("PUT", f"/oauth/register/{quote(canary)}", {"client_id": shape}, shape)
        send("POST", "/oauth/register", canary.encode(), canary)
    assert len(explained()) == 6
    assert canary not in table()


def test_a_registration_that_may_be_made_keeps_nothing_of_what_it_says_wrongly(settings: Any, canary: str) -> None:
    settings.DCR = "open"
    for name in MEMBERS:
        for shape in shapes(canary):
            for value in (shape, [shape], {shape: shape}):
                send("POST", "/oauth/register", {"redirect_uris": [CALLBACK], name: value})
        forget_what_was_counted()
    assert explained()
    assert canary not in table()


@pytest.mark.parametrize("typed", ["alice", "alice@example.com", "nobody", PASSWORD, "my password in the wrong field"])
def test_what_is_typed_to_sign_in_is_not_kept(person: Any, typed: str, canary: str) -> None:
    Browser().post("/accounts/login/", {"login": typed, "password": f"wrong {canary}"})
    body = {"username": typed, "password": f"wrong {canary}"}
    Browser().post("/api/token/", body, content_type="application/json")
    assert [row.endpoint for row in explained()] == ["sign_in", "sign_in"]
    told = table()
    assert typed not in told
    assert canary not in told
    assert "alice" not in told


def test_genuine_codes_and_tokens_are_never_kept(person: Any, app: Client) -> None:
    secret = digests.new_value()
    app.client_secret = digests.secret_digest_of(secret)
    app.save()
    application = Application(app, secret)
    application.sign_in()
    code = application.code()
    tokens = application.exchange(code).json()
    used = [code, application.verifier, secret, tokens["access_token"], tokens["refresh_token"], tokens["id_token"]]
    for secret in used:
        for name in ("client_id", "scope", "redirect_uri", "grant_type", "code", "refresh_token", "acr_values"):
            post_form("/oauth/token", {**CREDENTIALS, "client_id": "app", name: secret})
            application.browser.get("/oauth/authorize", {**application.parameters(), name: secret})
        forget_what_was_counted()
        parts = [part for part in secret.split(".") if len(part) > 20]
        told = table()
        assert not any(part in told for part in parts)


# --- No oracle


def test_all_reasons_for_which_a_client_is_refused_are_told_alike(app: Client) -> None:
    make_client("public", public=True)
    make_client("posts", token_endpoint_auth_method="client_secret_post")
    app_off = make_client("off")
    app_off.is_active = False
    app_off.save()
    refused = [basic("app", "wrong"), basic("nobody", SECRET), basic("posts", SECRET), basic("public", "x")]
    answers = [post_form("/oauth/token", CREDENTIALS, authorization=one) for one in [*refused, basic("off", SECRET)]]
    assert [without_reference(answer) for answer in answers] == [without_reference(answers[0])] * len(answers)
    explained()
    pages = [_told_by(reference_of(answer)) for answer in answers]
    assert all(one == other for one, other in pairwise(pages))
    assert len({row.finding for row in explained()}) == 4


def test_who_stole_a_code_does_not_learn_what_it_lacks(person: Any, app: Client) -> None:
    application = Application(app)
    application.sign_in()
    code = application.code()
    wrong: list[dict[str, Any]] = [
        {"code_verifier": "v" * 43},
        {"code_verifier": None},
        {"redirect_uri": "https://x.example/"},
    ]
    answers = [application.exchange(code, **changed) for changed in wrong] + [application.exchange("nothing")]
    explained()
    pages = [_told_by(reference_of(answer)) for answer in answers]
    assert all(one == other for one, other in pairwise(pages))


def _told_by(reference: str) -> str:
    page = Browser().get(f"/oauth/errors/{reference}")
    assert page.status_code == 200
    content = page.content.decode().partition("<h1>")[2].partition("</dl>")[0]
    return re.sub(r"<time.*?</time>", "", content).replace(reference, "")


def test_why_a_sign_in_was_refused_is_nowhere_for_all(person: Any) -> None:
    answers = []
    for name in ("alice", "nobody"):
        body = {"username": name, "password": "wrong"}
        answers.append(Browser().post("/api/token/", body, content_type="application/json"))
        row = last_explained()
        assert Browser().get(f"/oauth/errors/{row.reference}").status_code == 404
        assert row.reference.encode() not in answers[-1].content
    assert answers[0].content == answers[1].content
    assert {row.finding for row in explained()} == {"password_wrong", "account_unknown"}


def test_references_cannot_be_guessed_from_one_another(app: Client) -> None:
    references = [reference_of(post_form("/oauth/token", CREDENTIALS)) for _ in range(15)]
    assert len(set(references)) == 15
    assert all(re.fullmatch("[a-z2-7]{12}", one) for one in references)
    assert len({one[:3] for one in references}) > 10


def test_a_flood_leaves_a_bounded_number_of_records_and_is_still_refused(app: Client) -> None:
    wrong = {"client_id": "app", "redirect_uri": "https://evil.example/"}
    answers = [Browser().get("/oauth/authorize", wrong) for _ in range(80)]
    assert {answer.status_code for answer in answers} == {400}
    recorder.write()
    assert Explanation.objects.count() == 60
    assert b"Reference" not in answers[-1].content
