"""A view that reads JSON answers 400 for what is not, whatever its type header says."""

import pytest
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView


class Reading(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def post(self, request) -> Response:
        return Response({"read": request.data})


def post(body: bytes, content_type: str = "application/json") -> Response:
    return Reading.as_view()(APIRequestFactory().generic("POST", "/", body, content_type))


def test_reads_json() -> None:
    assert post('{"a": "한"}'.encode()).data == {"read": {"a": "한"}}


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'{"a": 1, "a": 2}', b'"\\u0000"', b'"\\ud800"', b"[" * 30_000, b"NaN", b"9" * 5000]
)
def test_refuses_what_is_not_json_and_says_nothing_of_why(body) -> None:
    response = post(body)

    assert response.status_code == 400
    assert response.data == {
        "detail": "The body cannot be read as JSON.", "message": "The body cannot be read as JSON.",
        "code": "parse_error", "error": "parse_error",
    }  # fmt: skip


def test_the_charset_of_the_request_decodes_nothing() -> None:
    assert post('{"a": "한"}'.encode("utf-16"), "application/json; charset=utf-16").status_code == 400
    assert post(b'"a"', "application/json; charset=bz2").data == {"read": "a"}


def test_refuses_a_type_that_nobody_parses() -> None:
    response = post(b"<a/>", "application/xml")

    assert (response.status_code, response.data["code"]) == (415, "unsupported_media_type")


def test_refuses_a_body_that_is_too_large(settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    response = post(b'"' + b"a" * 20 + b'"')

    assert (response.status_code, response.data["code"]) == (413, "content_too_large")
