"""Clients that are not whom they say: refused alike, and at the same cost, whatever was wrong."""

import base64
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from oauth.services.digests import secret_digest_of, secret_is_right
from tests.clients import SECRET, basic, make_client, post_form
from tests.explained import without_reference

pytestmark = pytest.mark.django_db

ENDPOINTS = ["/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/par"]
FORM = {"grant_type": "client_credentials", "token": "x"}
FORM |= {"response_type": "code", "code_challenge": "x" * 43, "code_challenge_method": "S256"}
CONFIDENTIAL = {"client_id": "app"}


def encoded(text):
    return "Basic " + base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


FORMS = {
    "nobody": {},
    "no secret": {"client_id": "app"},
    "empty secret": {"client_id": "app", "client_secret": ""},
    "blank secret": {"client_id": "app", "client_secret": " "},
    "wrong secret": {"client_id": "app", "client_secret": "wrong"},
    "the secret and a space": {"client_id": "app", "client_secret": SECRET + " "},
    "the secret in capitals": {"client_id": "app", "client_secret": SECRET.upper()},
    "half the secret": {"client_id": "app", "client_secret": SECRET[: len(SECRET) // 2]},
    "the digest": {"client_id": "app", "client_secret": secret_digest_of(SECRET)},
    "unknown client": {"client_id": "nobody", "client_secret": SECRET},
    "public client with a secret": {"client_id": "spa", "client_secret": SECRET},
    "public client with a blank secret": {"client_id": "spa", "client_secret": " "},
    "first party": {"client_id": "first-party"},
    "pattern": {"client_id": "%", "client_secret": SECRET},
    "quote": {"client_id": "app'--", "client_secret": SECRET},
    "another case": {"client_id": "APP", "client_secret": SECRET},
    "assertion": {
        "client_id": "app",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": "eyJhbGciOiJub25lIn0.e30.",
    },
}
HEADERS = {
    "empty": "Basic",
    "empty credentials": "Basic ",
    "not base64": "Basic !!!",
    "no colon": encoded("app"),
    "empty secret": encoded("app:"),
    "blank secret": encoded("app: "),
    "wrong secret": encoded("app:wrong"),
    "unknown client": encoded(f"nobody:{SECRET}"),
    "public client with a secret": encoded(f"spa:{SECRET}"),
    "no client": encoded(f":{SECRET}"),
    "not UTF-8": encoded(b"\xff\xfe:\xff"),
    "NUL": encoded(f"app\0:{SECRET}"),
    "NUL in an escape": encoded(f"%00app:{SECRET}"),
    "half a character in an escape": encoded(f"%ed%a0%80:{SECRET}"),
    "bad escape": encoded(f"%zz:{SECRET}"),
    "line break": encoded(f"app\r\n:{SECRET}"),
    "very long": encoded("a" * 9000 + ":b"),
    "bearer": "Bearer x",
    "digest": 'Digest username="app"',
    "not ASCII": "Basic \xe9\xe9",
    "two": f"{basic('app', SECRET)}, {basic('app', SECRET)}",
}


@pytest.fixture(autouse=True)
def clients(db):
    make_client(introspects="all")
    make_client("spa", public=True)


def refused(answer):
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert answer["Cache-Control"] == "no-store"
    return without_reference(answer)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_client_that_does_not_prove_itself_is_refused(endpoint, form):
    assert refused(post_form(endpoint, FORM | form)) == refused(post_form(endpoint, FORM))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_that_does_not_prove_a_client_is_refused(endpoint, header):
    assert refused(post_form(endpoint, FORM, authorization=header)) == refused(post_form(endpoint, FORM))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_secret_in_the_query_is_not_looked_at(endpoint):
    query = urlencode({"client_id": "app", "client_secret": SECRET})
    refused(post_form(f"{endpoint}?{query}", FORM))
    refused(post_form(f"{endpoint}?{query}", FORM | CONFIDENTIAL))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_two_methods_at_once_are_refused_though_both_are_right(endpoint):
    answer = post_form(endpoint, FORM | {"client_secret": SECRET}, authorization=basic("app", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_another_client_id_beside_the_header_is_refused(endpoint):
    answer = post_form(endpoint, FORM | {"client_id": "spa"}, authorization=basic("app", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    right = post_form(endpoint, FORM | {"client_id": "app"}, authorization=basic("app", SECRET))
    assert right.status_code in {200, 201}


@pytest.mark.parametrize(("method", "right"), [("client_secret_basic", "header"), ("client_secret_post", "body")])
def test_a_client_of_one_method_does_not_pass_by_the_other(method, right):
    make_client("strict", token_endpoint_auth_method=method)
    answers = {
        "header": post_form("/oauth/token", FORM, authorization=basic("strict", SECRET)),
        "body": post_form("/oauth/token", FORM | {"client_id": "strict", "client_secret": SECRET}),
    }
    assert {where: answer.status_code for where, answer in answers.items()} == {
        "header": 200 if right == "header" else 401,
        "body": 200 if right == "body" else 401,
    }


def test_a_confidential_client_cannot_be_kept_without_a_secret():
    """A blank one would let everybody in; neither the database nor the comparison has it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        make_client("blank", client_secret="")
    make_client("hashed", client_secret=secret_digest_of(""))
    for secret in ("", " "):
        refused(post_form("/oauth/token", FORM | {"client_id": "hashed", "client_secret": secret}))
        refused(post_form("/oauth/token", FORM, authorization=basic("hashed", secret)))


@pytest.mark.parametrize("digest", ["", "sha256", "sha256$", "sha256$$", "$$", "plain$$secret", "sha256$salt$"])
def test_a_digest_that_is_none_matches_nothing(digest):
    for secret in ("", " ", "secret", "sha256$$", digest):
        assert not secret_is_right(digest, secret)


def test_an_unknown_client_costs_as_much_as_a_known_one():
    def statements(form):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            refused(post_form("/oauth/token", FORM | form))
        return len(seen)

    known = statements({"client_id": "app", "client_secret": "wrong"})
    assert statements({"client_id": "nobody", "client_secret": "wrong"}) == known
    assert statements({"client_id": "spa", "client_secret": "wrong"}) == known


def test_a_secret_is_never_in_an_answer_nor_in_the_log(caplog):
    caplog.set_level("DEBUG")
    answers = [
        post_form("/oauth/token", FORM | {"client_id": "app", "client_secret": "a-wrong-secret-to-look-for"}),
        post_form("/oauth/token", FORM, authorization=basic("app", "a-wrong-secret-to-look-for")),
    ]
    assert all(b"to-look-for" not in answer.content for answer in answers)
    assert "to-look-for" not in caplog.text


def test_a_browsers_session_is_no_client(person):
    browser = Browser()
    browser.force_login(person)
    answer = browser.post("/oauth/introspect", urlencode(FORM), content_type="application/x-www-form-urlencoded")
    refused(answer)
