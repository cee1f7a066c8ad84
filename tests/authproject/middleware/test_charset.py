from typing import Any

import pytest
from django.test import Client, RequestFactory

from authproject.middleware.charset import is_utf8
from authproject.wsgi import application

CHARSETS = ["utf-7", "utf-16", "latin-1", "unicode_escape", "base64", "hex", "idna", "euc-kr", "no-such", '"utf-7"', ""]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_refuses_another_charset_before_django_decodes_by_it(method: str, kind: str, charset: str) -> None:
    environ = RequestFactory().post("/accounts/login/?next=%2BAAA-", content_type=kind, data=b"").environ
    answer: dict[str, Any] = {}
    environ |= {"REQUEST_METHOD": method, "CONTENT_TYPE": f"{kind}; Charset={charset}"}
    body = application(environ, lambda status, headers: answer.update(status=status, headers=dict(headers)))
    assert answer["status"].startswith("415")
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert b"".join(body)


def test_refuses_a_parameter_in_a_charset_that_nobody_knows() -> None:
    assert not is_utf8("text/plain; a*=no-such''b")
    assert is_utf8("text/plain; a*=utf-8''b")


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "application/json; charset=utf-8", 'text/plain; charset="UTF-8"', "a; b=c"]
)
def test_takes_utf_8_for_granted(content_type: str) -> None:
    assert is_utf8(content_type)


@pytest.mark.django_db
def test_refuses_it_among_the_middleware_too(client: Client) -> None:
    answer = client.post("/api/token/", data=b"{}", content_type="application/json; charset=utf-16")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
