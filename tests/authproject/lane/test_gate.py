"""What the lane takes: only what is so plain that no middleware would refuse or change it."""

import pytest

from authproject.lane.gate import is_plain, is_sound
from authproject.lane.routes import ROUTES
from tests.lane import FORM, JSON

TOKEN, KEYS, VERIFY = ROUTES["/oauth/token"], ROUTES["/oauth/jwks"], ROUTES["/api/token/verify/"]
FORM_OF_TEN = {"host": "testserver", "content-type": FORM, "content-length": "10"}


def is_taken(route=TOKEN, method="POST", query="", scheme="http", **changed):
    named = {name.replace("_", "-"): value for name, value in changed.items()}
    headers = {name: value for name, value in (FORM_OF_TEN | named).items() if value is not None}
    return is_plain(route, method, query, scheme, headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content_type": f"{FORM}; charset=UTF-8"},
        {"content_type": f"{FORM};charset=utf-8"},
        {"content_type": JSON},
        {"content_length": "65536"},
        {"content_length": "0"},
        {"content_length": "0", "content_type": None},
        {"content_length": None, "content_type": None},
        {"host": "TestServer:8000"},
        {"host": "127.0.0.1"},
        {"accept": "text/html"},
        {"origin": "https://app.example", "authorization": "Basic x", "user_agent": "curl", "x_request_id": "?"},
        {"x_a": "a" * 16_000},
    ],
)
def test_takes_what_is_plain(headers):
    assert is_taken(**headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "a=b"},
        {"cookie": ""},
        {"transfer_encoding": "chunked"},
        {"expect": "100-continue"},
        {"range": "bytes=0-1"},
        {"content_encoding": "gzip"},
        {"content_type": None},
        {"content_type": ""},
        {"content_type": FORM.upper()},
        {"content_type": f"{FORM}; charset=latin-1"},
        {"content_type": f"{FORM}; charset=utf-8; x=y"},
        {"content_type": "text/plain"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": f"{JSON}; charset=utf-16", "content_length": "0"},
        {"content_type": f"{JSON}; charset=utf-16", "content_length": None},
        {"content_length": "65537"},
        {"content_length": "9" * 20},
        {"content_length": "-1"},
        {"content_length": "+1"},
        {"content_length": "1 "},
        {"content_length": "1, 1"},
        {"content_length": "²"},
        {"content_length": ""},
        {"host": None},
        {"host": ""},
        {"host": "evil.example"},
        {"host": "testserver.evil.example"},
        {"host": "a@testserver"},
        {"host": "testserver,evil.example"},
        {"x_a": "a" * 16_385},
        {"x_a": "a\0b"},
        {"x_a": "café"},
    ],
)
def test_passes_on_whatever_else(headers):
    assert not is_taken(**headers)


def test_passes_on_a_query_and_what_has_a_body_but_is_no_post():
    assert not is_taken(query="a=b")
    assert not is_taken(KEYS, "GET")
    assert is_taken(KEYS, "GET", content_type=None, content_length=None)


@pytest.mark.parametrize("route", ROUTES.values())
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "post", ""])
def test_passes_on_whatever_is_neither_get_nor_post(route, method):
    assert not is_taken(route, method, content_type=None, content_length=None)


@pytest.mark.parametrize("path", ROUTES)
def test_each_address_has_a_twin_with_a_slash(path):
    assert ROUTES[path] is ROUTES[path.removesuffix("/")] is ROUTES[path.removesuffix("/") + "/"]


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        (None, True), ("", False), ("*/*", True), (JSON, True), ("application/*", True), ("text/html, */*", True),
        ("text/html", False), ("text/*", False), ("*/json", False), (f"{JSON};q=0.9", False), (f"{JSON}; indent=4", False),
        ("text/html, */*;q=0.8", False), ("application/jsonp", False),
    ],
)  # fmt: skip
def test_who_takes_no_json_is_for_drf_to_refuse(accept, taken):
    assert is_taken(VERIFY, content_type=JSON, accept=accept) is taken


@pytest.mark.parametrize(
    ("proxies", "scheme", "forwarded", "taken"),
    [
        (0, "https", None, True), (0, "http", None, False), (0, "http", "https", False), (0, "https", "http", True),
        (1, "http", "https", True), (1, "https", None, False), (1, "https", "http", False), (1, "http", "https,http", False),
    ],
)  # fmt: skip
def test_takes_only_what_came_by_https_where_the_issuer_is_https(proxies, scheme, forwarded, taken, settings):
    settings.SECURE_SSL_REDIRECT, settings.TRUSTED_PROXY_COUNT = True, proxies

    assert is_taken(scheme=scheme, x_forwarded_proto=forwarded) is taken


def test_hosts_are_those_of_the_settings_as_they_are_now(settings):
    assert not is_taken(host="id.example")
    settings.ALLOWED_HOSTS = [".example"]
    assert is_taken(host="id.example")
    assert not is_taken(host="testserver")


@pytest.mark.parametrize(
    ("content_type", "body", "sound"),
    [
        (FORM, b"a=b&c=%20", True), (FORM, b"a=%zz", False), (FORM, b"a=%00", False), (FORM, b"a=\xff", False),
        (FORM, b"a=%ff", False), (FORM, b"a&" * 100, False), (JSON, b'{"a": 1}', True), (JSON, b"\xff", False),
        (JSON, b"{", True), (JSON, b'"\\u0000"', False), (JSON, b'"\\ud800"', False), (JSON, b"[" * 33, False),
        (f"{JSON};charset=utf-8", b"a=%00", True), (f"{FORM};charset=utf-8", b"a=%00", False),
    ],
)  # fmt: skip
def test_looks_at_a_body_as_the_guard_of_the_input_does(content_type, body, sound):
    assert is_sound({"content-type": content_type, "content-length": str(len(body))}, body) is sound


@pytest.mark.parametrize("length", ["0", "2", "4"])
def test_a_body_of_another_length_than_was_said_is_not_sound(length):
    assert not is_sound({"content-type": FORM, "content-length": length}, b"a=b")


def test_no_body_is_sound_whatever_it_would_have_been():
    assert is_sound({}, b"")
    assert is_sound({"content-type": JSON, "content-length": "00"}, b"")
