import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from authproject.middleware.headers import SecurityHeadersMiddleware

pytestmark = pytest.mark.django_db


def test_gives_each_request_an_id_of_its_own(client: Client) -> None:
    first, second = (client.get("/").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert len(first) == 32


def test_keeps_an_id_that_a_proxy_gave(client: Client) -> None:
    answer = client.get("/", headers={"X-Request-ID": "4bf92f35-77b3.4da6_a3ce"})
    assert answer.headers["X-Request-ID"] == "4bf92f35-77b3.4da6_a3ce"
    assert answer.wsgi_request.request_id == "4bf92f35-77b3.4da6_a3ce"


@pytest.mark.parametrize(
    "given", ["short", "a" * 65, "12345678\r\nX: y", "<script>alert(1)</script>", "12345678 9", "é" * 9, "12345678\n"]
)
def test_takes_no_id_that_is_not_plainly_one(client: Client, given: str) -> None:
    assert client.get("/", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"] != given


def test_stores_nothing_that_did_not_choose_to_be(client: Client) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_leaves_a_views_own_choice_alone() -> None:
    chosen = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
    guarded = SecurityHeadersMiddleware(lambda request: HttpResponse(headers=chosen))
    headers = guarded(RequestFactory().get("/oauth/jwks")).headers
    assert {name: headers[name] for name in chosen} == chosen
