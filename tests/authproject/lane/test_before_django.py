"""The lane before a WSGI application."""

from io import BytesIO

import pytest

from authproject.lane.before_django import BeforeDjango
from tests.authproject.lane.cases import api, token
from tests.lane import Asked, Django, environ_of, get, post_form, through_django, through_lane, through_loop

pytestmark = pytest.mark.django_db(transaction=True)


class Behind:
    """An application that keeps what it was asked."""

    def __init__(self):
        self.environ = None

    def __call__(self, environ, start_response):
        self.environ = environ
        start_response("204 No Content", [])
        return []


def asked_behind(asked, **more):
    behind = Behind()
    environ = environ_of(asked) | more
    BeforeDjango(behind)(environ, lambda *said: None)
    return behind.environ


@pytest.mark.parametrize(
    "path", ["/", "/oauth/authorize", "/oauth/token/x", "/api/token/", "/oauth/register", "/health/live"]
)
def test_what_the_lane_has_no_route_for_is_passed_on_unread(path):
    stream = BytesIO(b"a=b")
    environ = asked_behind(post_form(path, {"a": "b"}), **{"wsgi.input": stream})

    assert environ["wsgi.input"] is stream
    assert stream.tell() == 0


def test_a_body_that_was_read_and_is_not_sound_can_be_read_again():
    environ = asked_behind(post_form("/oauth/token", {}).but(body=b"a=%zz").by(content_length="5"))

    assert environ["wsgi.input"].read() == b"a=%zz"


def test_a_body_is_read_no_further_than_was_said():
    stream = BytesIO(b"a=%zzGET / HTTP/1.1")
    asked_behind(post_form("/oauth/token", {}).by(content_length="5"), **{"wsgi.input": stream})

    assert stream.read() == b"GET / HTTP/1.1"


def test_a_body_that_is_too_long_is_not_read():
    stream = BytesIO(b"a=b")
    asked_behind(post_form("/oauth/token", {}).by(content_length="70000"), **{"wsgi.input": stream})

    assert stream.tell() == 0


@pytest.mark.parametrize("name", ["HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE"])
@pytest.mark.parametrize("asked", [Asked("/oauth/token", "POST"), token()])
def test_what_only_looks_like_a_length_or_a_type_is_for_django(name, asked):
    """Some servers make these keys of `Content_Length` and `Content_Type`, which no other program believes."""
    value = {"HTTP_CONTENT_LENGTH": "11", "HTTP_CONTENT_TYPE": "application/x-www-form-urlencoded"}[name]

    assert asked_behind(asked, **{name: value}) is not None


def test_a_status_has_its_reason(world):
    begun = []
    BeforeDjango(Behind())(environ_of(get("/oauth/userinfo")), lambda *said: begun.append(said))

    assert begun[0][0] == "401 Unauthorized"


@pytest.mark.parametrize("ask", [through_lane, lambda asked, django: through_loop(asked, django=django)[0]])
@pytest.mark.parametrize("before", [through_django, through_lane])
def test_no_request_speaks_the_language_of_the_one_before(ask, before, world, as_in_production):
    """Django leaves it behind in the thread."""
    django = Django()
    before(api("verify", {}, accept_language="ko"), django)
    before(get("/accounts/login/", accept_language="ko"), django)

    told = ask(api("verify", {}), django)

    assert (told["Content-Language"], told.json()["detail"]) == ("en", "The request is not valid.")
    assert through_django(api("verify", {}, accept_language="ko"), django)["Content-Language"] == "ko"
