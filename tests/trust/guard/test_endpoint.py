"""A machine endpoint mounted as a Django view: what comes in, what goes out, and its refusals."""

import json

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory

from tests.bearer import BARE
from trust.guard.challenge import Challenge
from trust.guard.endpoint import answer, django_view, request_of
from trust.guard.errors import Refused
from trust.guard.refusal import of_challenge
from trust.lib.busy import Busy
from trust.lib.wire import Endpoint, Request, Response

factory = RequestFactory()


async def echo(request: Request) -> Response:
    return Response(body={"body": request.json(), "agent": request.user_agent})


def saying(response: Response) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return response

    return endpoint


def test_gives_the_endpoint_what_it_needs_and_no_more() -> None:
    seen = request_of(
        factory.post(
            "/a/b?c=d&c=%20",
            b'{"e": 1}',
            "application/json",
            REMOTE_ADDR="192.0.2.1",
            HTTP_USER_AGENT="curl",
            HTTP_DPOP="x",
        )
    )

    assert (seen.method, seen.path, seen.query, seen.body) == ("POST", "/a/b", "c=d&c=%20", b'{"e": 1}')
    assert (seen.client_address, seen.user_agent) == ("192.0.2.1", "curl")
    assert (seen.headers["content-type"], seen.headers["dpop"]) == ("application/json", "x")
    assert seen.json() == {"e": 1}


def test_answers_json_that_nobody_stores() -> None:
    response = django_view(echo)(factory.post("/", '"한"'.encode(), "application/json", HTTP_USER_AGENT="curl"))

    assert (response.status_code, response.content) == (200, '{"body":"한","agent":"curl"}'.encode())
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"


def test_an_answer_without_a_body_has_no_content_type() -> None:
    response = answer(saying(Response(status=204)), factory.post("/"))

    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers


def test_the_endpoints_own_headers_win() -> None:
    headers = {"Content-Type": "application/jwt", "Cache-Control": "max-age=60", "X-A": "b"}

    response = answer(saying(Response(body=b"a.b.c", headers=headers)), factory.get("/"))

    assert response.content == b"a.b.c"
    assert {name: response.headers[name] for name in headers} == headers


@pytest.mark.spec("RFC 9110", "15.5.6")
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get"])
def test_other_methods_are_refused_with_those_that_are_allowed(method) -> None:
    response = django_view(echo, methods=("POST", "PATCH"))(factory.generic(method, "/"))

    assert (response.status_code, response.headers["Allow"]) == (405, "PATCH, POST")
    assert json.loads(response.content)["code"] == "method_not_allowed"


def test_an_endpoint_needs_no_csrf_token() -> None:
    assert django_view(echo).csrf_exempt is True


@pytest.mark.parametrize(
    ("error", "status", "header"),
    [
        (Busy(2), 503, ("Retry-After", "2")),
        (RequestDataTooBig(), 413, ("Cache-Control", "no-store")),
        (Refused(of_challenge(Challenge(error="invalid_token"))), 401, ("WWW-Authenticate", f'{BARE}, error="invalid_token"')),
    ],
)  # fmt: skip
def test_refusals_have_the_shape_that_drf_gives_them(error, status, header) -> None:
    async def refusing(request: Request) -> Response:
        raise error

    response = answer(refusing, factory.post("/"))
    body = json.loads(response.content)

    assert response.status_code == status
    assert response.headers[header[0]] == header[1]
    assert (body["detail"], body["code"]) == (body["message"], body["error"])


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a": "\\u0000"}', b"[" * 60_000])
def test_a_body_that_is_no_json_is_refused(body) -> None:
    response = answer(echo, factory.post("/", body, "application/json"))

    assert (response.status_code, json.loads(response.content)["code"]) == (400, "parse_error")


def test_a_body_that_is_too_large_is_not_read(settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    response = answer(echo, factory.post("/", b'"' + b"a" * 20 + b'"', "application/json"))

    assert response.status_code == 413


def test_a_bug_is_raised_on() -> None:
    async def broken(request: Request) -> Response:
        raise KeyError("inside")

    with pytest.raises(KeyError):
        answer(broken, factory.post("/"))
