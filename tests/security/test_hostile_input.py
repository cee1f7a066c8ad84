"""Bad input at every address: a clear 4xx, nothing written, never a 500."""

from collections import Counter
from functools import cache
from typing import Any, Final

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session as BrowserSession
from django.db import connection
from django.test import Client

from accounts.models import SignInChallenge, User
from tests.people import PASSWORD, MakePerson
from tests.security.endpoints import paths
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db

PATHS = paths()
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PROBES = {"/health/live", "/health/ready"}
# What counts attempts may count these too, and a browser may get a session.
COUNTED = {AuditEvent, GuessCounter, BrowserSession}
# A POST without fields is all that these ask for.
FIELDLESS = {
    "/accounts/logout/",
    "/accounts/sessions/end-others/",
    "/admin/logout/",
    "/admin/keys/signingkey/rotate/",
    "/accounts/2fa/recovery-codes/generate/",
}
# What asks for no body has nothing to refuse in an object, nor in none.
BODILESS = {"/api/token/passkey"}

MALFORMED: dict[str, tuple[int, dict[str, Any]]] = {
    "NUL in the query": (400, {"QUERY_STRING": "next=%00"}),
    "bad escape in the query": (400, {"QUERY_STRING": "next=%zz"}),
    "half a character in the query": (400, {"QUERY_STRING": "next=%ed%a0%80"}),
    "too many parameters": (400, {"QUERY_STRING": "a=1&" * 200}),
    "much too long": (414, {"QUERY_STRING": "a" * 20_000}),
    "large header": (431, {"HTTP_COOKIE": "a=" + "b" * 20_000}),
    "NUL in a header": (400, {"HTTP_AUTHORIZATION": "Bearer \x00"}),
}
BODIES: dict[str, tuple[int, str, bytes]] = {
    "NUL in a form": (400, FORM, b"login=%00&password=x&username=%00&email=%00"),
    "raw NUL in a form": (400, FORM, b"login=\x00"),
    "not UTF-8 in a form": (400, FORM, b"login=%ff&password=%ff"),
    "too many fields": (400, FORM, b"a=1&" * 200),
    "too large a form": (413, FORM, b"a" * 70_000),
    "NUL in JSON": (400, JSON, b'{"username": "\\u0000", "password": "x", "refresh": "\\u0000"}'),
    "half a character in JSON": (400, JSON, b'{"username": "\\ud800", "password": "\\udfff"}'),
    "not UTF-8 in JSON": (400, JSON, b'{"username": "\xff"}'),
    "UTF-16": (400, JSON, '{"username": "alice"}'.encode("utf-16")),
    "deep JSON": (400, JSON, b'{"a":' * 10_000),
    "large JSON": (413, JSON, b'"' + b"a" * 70_000 + b'"'),
    "another charset": (415, "application/json; charset=utf-16", b"{}"),
}


def _rows() -> Counter[str]:
    tables, statement = _counting()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        counts = dict(zip(tables, cursor.fetchone(), strict=True))
    people = [repr(row) for row in User.objects.order_by("pk").values()]
    return Counter(counts | dict.fromkeys(people, 1))


@cache
def _counting() -> tuple[list[str], str]:
    """Return the tables, and one statement that counts the rows of each: it is asked after thousands of requests."""
    models = [model for model in apps.get_models() if model._meta.managed and model not in COUNTED]
    tables = [model._meta.db_table for model in models]
    counts = (f"(SELECT COUNT(*) FROM {connection.ops.quote_name(table)})" for table in tables)
    return tables, f"SELECT {', '.join(counts)}"


@pytest.fixture
def root(client: Client, make_person: MakePerson) -> Client:
    """A browser that may go everywhere."""
    client.raise_request_exception = False
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    return client


@pytest.mark.parametrize(("status", "hostile"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_requests_are_refused_everywhere(client: Client, status: int, hostile: dict[str, Any]) -> None:
    before = _rows()
    answers = {path: client.get(path, **hostile).status_code for path in PATHS}
    assert {path: found for path, found in answers.items() if found != status} == {}
    assert _rows() == before


@pytest.mark.parametrize(("status", "content_type", "body"), BODIES.values(), ids=BODIES)
def test_malformed_bodies_are_refused_everywhere(client: Client, status: int, content_type: str, body: bytes) -> None:
    before = _rows()
    answers = {path: client.post(path, body, content_type=content_type).status_code for path in PATHS}
    assert {path: found for path, found in answers.items() if found != status} == {}
    assert _rows() == before


# The one address where another method is meant: it does what it says.
SIGN_OUT: Final = ("DELETE", "/api/account/browser/v1/auth/session")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X" * 500])
def test_other_methods_do_nothing(root: Client, method: str) -> None:
    before = _rows()
    answers = {path: root.generic(method, path).status_code for path in PATHS if (method, path) != SIGN_OUT}
    assert {path: found for path, found in answers.items() if found >= 500} == {}
    assert _rows() == before


HOSTILE_FIELDS: dict[str, str] = {
    "missing": "",
    "empty": "login=&password=&username=&email=&code=&next=&action=&language=",
    "repeated": "&".join(
        f"{name}=a@&{name}=b@" for name in ("login", "password", "username", "email", "code", "action")
    ),
    "oversized": "&".join(f"{name}={'x' * 9000}" for name in ("login", "password", "username", "email", "code")),
    "of another type": "login[]=a&password[a]=b&username=[]&email=-1&code=NaN&action=null&next[]=x",
    "markup": "login=<script>&username='%22><b>&email=a@<b>&code=<b>&next=javascript:alert(1)&action=<b>&language=<b>",
    "line feeds": "login=a%0D%0ASet-Cookie:x&email=a%0D%0ABcc:b@example.com&next=/%0D%0AX:y&language=en%0D%0A",
    "odd characters": "login=%E2%80%AE%EF%BF%BF&username=%F0%9F%98%80&email=%EA%B9%80@%EA%B9%80&code=%D9%A3%D9%A3",
    "large numbers": "code=99999999999999999999&_selected_action=99999999999999999999&action=delete_selected&index=99",
    "form management": "form-TOTAL_FORMS=99999&form-INITIAL_FORMS=-1&sessions-TOTAL_FORMS=x&_save=1",
}


@pytest.mark.parametrize("fields", HOSTILE_FIELDS.values(), ids=HOSTILE_FIELDS)
@pytest.mark.parametrize("who", ["anybody", "root"])
def test_senseless_forms_change_nothing(request: pytest.FixtureRequest, client: Client, who: str, fields: str) -> None:
    client.raise_request_exception = False
    asking: Client = request.getfixturevalue("root") if who == "root" else client
    before = _rows()
    for path in PATHS:
        if who == "root" and path in FIELDLESS:
            continue
        answer = asking.post(path, fields, content_type=FORM)
        assert answer.status_code < 500, path
        assert b"<script>'" not in answer.content
        assert b'"><b>' not in answer.content, path
        assert _rows() == before, path


@pytest.mark.parametrize("query", HOSTILE_FIELDS.values(), ids=HOSTILE_FIELDS)
def test_senseless_queries_are_no_bugs(root: Client, query: str) -> None:
    before = _rows()
    for path in PATHS:
        answer = root.get(path, QUERY_STRING=f"{query[:4000]}&q={query[:100]}&p=x&o=9.9.9&e=1&page=-1&format=<b>")
        assert answer.status_code < 500, path
    assert _rows() == before


HOSTILE_JSON: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a string": b'"x"',
    "a number": b"1",
    "null": b"null",
    "a list": b"[]",
    "an empty object": b"{}",
    "null fields": b'{"username": null, "password": null, "refresh": null, "token": null, "challenge": null, "code": null}',
    "lists for strings": b'{"username": ["a"], "password": ["b"], "refresh": ["c"], "token": [], "challenge": [1]}',
    "objects for strings": b'{"username": {"a": 1}, "password": {}, "refresh": {"a": {}}, "token": {}, "code": {}}',
    "numbers for strings": b'{"username": 1, "password": 1e400, "refresh": 1, "token": 1, "challenge": 1, "code": 1}',
    "booleans for strings": b'{"username": true, "password": true, "refresh": false, "token": true, "challenge": true}',
    "repeated members": b'{"username": "alice", "username": "bob", "password": "a", "password": "b", "token": "", "token": 1}',
    "large numbers": b'{"username": 1' + b"0" * 5000 + b"}",
    "NaN": b'{"username": NaN, "password": Infinity, "refresh": -Infinity}',
    "long strings": b'{"username": "' + b"a" * 30_000 + b'", "password": "' + b"b" * 30_000 + b'"}',
    "a byte order mark": b'\xef\xbb\xbf{"username": "alice"}',
    "lookups": b'{"username__contains": "a", "password": "x", "refresh__in": [], "_connector": "OR"}',
    "empty tokens": b'{"refresh": "..", "token": "..", "username": "", "password": ""}',
}


@pytest.mark.parametrize("body", HOSTILE_JSON.values(), ids=HOSTILE_JSON)
def test_senseless_json_is_refused(client: Client, person: User, body: bytes) -> None:
    client.raise_request_exception = False
    before = _rows()
    for path in [path for path in PATHS if path.startswith("/api/")]:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if method == "POST" and path in BODILESS:
                continue
            answer = client.generic(method, path, body, content_type=JSON)
            assert 400 <= answer.status_code < 500, f"{method} {path}"
            told = answer.json()
            assert told["error"] == told["code"]
            assert told["detail"] == told["message"]
    assert _rows() == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/xml", "application/octet-stream", "", "x", "multipart/form-data"]
)
def test_the_api_takes_no_other_kind_of_body(client: Client, person: User, content_type: str) -> None:
    body = f'{{"username": "alice", "password": "{PASSWORD}"}}'.encode()
    answer = client.generic("POST", "/api/token/", body, content_type=content_type)
    assert answer.status_code in {400, 415}
    assert "access" not in answer.json()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Basic !!!",
        "Bearer " + "a." * 4000,
        "é",
        "Bearer ..",
        ",",
        "Bearer e30.e30.e30",
    ],
)
def test_odd_credentials_are_a_401(client: Client, value: str) -> None:
    answer = client.get("/api/me/", HTTP_AUTHORIZATION=value)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("value", ["", "a", "é" * 30, "'; DROP TABLE x; --", "x" * 4000, "../../etc/passwd", "a" * 32])
@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "language", "messages"])
def test_odd_cookies_are_strangers(client: Client, cookie: str, value: str) -> None:
    client.raise_request_exception = False
    before = _rows()
    assert client.get("/accounts/login/", HTTP_COOKIE=f"{cookie}={value}").status_code == 200
    assert client.get("/accounts/profile/", HTTP_COOKIE=f"{cookie}={value}").status_code == 302
    assert _rows() == before


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver@evil.example", "", "[::1", "\u00e9"])
def test_odd_hosts_are_refused_with_a_page(client: Client, host: str) -> None:
    answer = client.get("/accounts/login/", HTTP_HOST=host)
    assert answer.status_code in {200, 400} if host == "" else answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize("language", ["x" * 10_000, "ko;q=9e999,*;q=nan", "-" * 500 + "-x", ",,,;;;===", "\u00e9"])
def test_odd_languages_are_no_bug(client: Client, language: str) -> None:
    assert client.get("/", HTTP_ACCEPT_LANGUAGE=language).status_code == 200


def test_nothing_pending_is_left_behind(client: Client, person: User) -> None:
    client.post("/api/token/", {"username": "alice", "password": ["x", "y"]}, content_type=JSON)
    assert not SignInChallenge.objects.exists()
