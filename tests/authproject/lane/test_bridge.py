"""An RSGI request as an environ of WSGI (PEP 3333), and a WSGI application's whole answer."""

from io import BytesIO

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from authproject.lane.bridge import address_of, ask, environ_of
from tests.lane import Asked, Scope, through_loop


def environ(body=b"", *, server="testserver:80", **asked):
    return environ_of(Scope(Asked(**({"path": "/"} | asked)), server=server), body)


def test_says_what_pep_3333_demands():
    made = environ(b"a=b", method="POST", path="/oauth/token", query="c=%20d", scheme="https", client="192.0.2.1:5")

    assert made["wsgi.input"].read() == b"a=b"
    assert (made["REQUEST_METHOD"], made["PATH_INFO"], made["QUERY_STRING"]) == ("POST", "/oauth/token", "c=%20d")
    assert (made["wsgi.url_scheme"], made["REMOTE_ADDR"], made["SCRIPT_NAME"]) == ("https", "192.0.2.1", "")
    assert (made["SERVER_NAME"], made["SERVER_PORT"], made["SERVER_PROTOCOL"]) == ("testserver", "80", "HTTP/1.1")
    assert all(isinstance(value, str) for name, value in made.items() if not name.startswith("wsgi."))


def test_what_an_application_says_of_errors_is_dropped():
    errors = environ()["wsgi.errors"]

    errors.write("a")
    errors.writelines(["b"])
    assert errors.flush() is None


@pytest.mark.parametrize("path", ["/", "/한/café", "/\ufffd", "/a b%20"])
def test_a_path_is_its_bytes_as_latin_1(path):
    made = environ(path=path)

    assert made["PATH_INFO"].encode("latin-1").decode() == path
    assert WSGIRequest(made).path_info == path


def test_headers_stand_under_their_cgi_names():
    made = environ(headers=(("content-type", "a/b"), ("content-length", "3"), ("x-a-b", "c"), ("Accept", "d")))

    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"], made["HTTP_X_A_B"], made["HTTP_ACCEPT"]) == (
        "a/b",
        "3",
        "c",
        "d",
    )
    assert not {"HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"} & set(made)


def test_what_was_sent_twice_is_joined():
    twice = (
        ("x-a", "1"),
        ("cookie", "a=1"),
        ("x-a", "2"),
        ("cookie", "b=2"),
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-for", "2.2.2.2"),
    )
    made = environ(headers=twice)

    assert (made["HTTP_X_A"], made["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")
    assert made["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert WSGIRequest(made).COOKIES == {"a": "1", "b": "2"}


def test_the_first_length_counts():
    assert environ(headers=(("content-length", "3"), ("content-length", "30")))["CONTENT_LENGTH"] == "3"


@pytest.mark.parametrize(
    "spoofed", ["x_forwarded_for", "x_forwarded-for", "X_Forwarded_For", "content_length", "content_type", "_", "host_"]
)
def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_dash(spoofed):
    true = (("x-forwarded-for", "1.1.1.1"), ("host", "testserver"))
    made = environ(headers=((spoofed, "2.2.2.2"), *true, (spoofed, "2.2.2.2")))

    assert "2.2.2.2" not in made.values()
    assert made["HTTP_X_FORWARDED_FOR"] == "1.1.1.1"


@pytest.mark.parametrize(
    ("headers", "authority", "host"),
    [
        ((), "id.example", "id.example"),
        ((("host", "testserver"),), "id.example", "testserver"),
        ((("host", "testserver"),), None, "testserver"),
        ((), None, ""),
    ],
)
def test_http_2_names_the_host_otherwise(headers, authority, host):
    assert environ(headers=headers, authority=authority, http_version="2").get("HTTP_HOST") == host


@pytest.mark.parametrize(
    ("client", "address"),
    [("192.0.2.1:80", "192.0.2.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("2001:db8::1:80", "2001:db8::1"), ("", "")],
)
def test_an_address_has_no_port(client, address):
    assert address_of(client) == address


@pytest.mark.parametrize(("server", "named"), [("", ("localhost", "80")), ("[::1]:8000", ("[::1]", "8000"))])
def test_a_server_has_a_name_and_a_port(server, named):
    made = environ(server=server)
    assert (made["SERVER_NAME"], made["SERVER_PORT"]) == named


class Parts:
    """What an application returns: parts, and an end."""

    def __init__(self, *parts, broken=False):
        self.parts, self.broken, self.closed = parts, broken, 0

    def __iter__(self):
        yield from self.parts
        if self.broken:
            raise OSError("gone")

    def close(self):
        self.closed += 1


def saying(parts, status="200 OK", headers=()):
    def application(environ, start_response):
        start_response(status, [*headers])
        return parts

    return application


def test_an_answer_is_whole_and_its_parts_are_closed():
    parts = Parts(b"a", b"", b"b")
    headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]

    assert ask(saying(parts, "404 Not Found", headers), environ()) == (404, headers, b"ab")
    assert parts.closed == 1


def test_parts_that_break_are_closed_too():
    parts = Parts(b"a", broken=True)
    with pytest.raises(OSError, match="gone"):
        ask(saying(parts), environ())
    assert parts.closed == 1


def test_an_answer_may_begin_late_and_begin_again():
    def generator(environ, start_response):
        start_response("200 OK", [("A", "b")])
        yield b"a"

    def failing(environ, start_response):
        start_response("200 OK", [])
        start_response("500 Oops", [("C", "d")], (None, None, None))
        return [b"x"]

    assert ask(generator, environ()) == (200, [("A", "b")], b"a")
    assert ask(failing, environ()) == (500, [("C", "d")], b"x")


def test_nobody_writes_into_an_answer():
    def writing(environ, start_response):
        start_response("200 OK", [])(b"x")
        return []

    with pytest.raises(NotImplementedError):
        ask(writing, environ())


def test_an_application_that_says_nothing_is_a_bug():
    with pytest.raises(IndexError):
        ask(lambda environ, start_response: [BytesIO().read()], environ())


def test_a_static_file_comes_whole():
    """It is streamed, which the bridge ends."""
    (told,) = through_loop(Asked("/static/css/page.css"))
    written = (settings.BASE_DIR / "static/css/page.css").read_bytes()

    assert (told.status, told.body, told["Content-Length"]) == (200, written, str(len(written)))
