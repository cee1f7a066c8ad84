import logging
from typing import Any

import pytest
from django.test import Client

from tests.authproject.middleware.raising import RAISED

ANSWERS = [
    ("limit", 429, "throttled", "17"),
    ("busy", 503, "temporarily_unavailable", "3"),
    ("feed", 503, "temporarily_unavailable", "2"),
    ("connection", 503, "temporarily_unavailable", "2"),
    ("closed", 503, "temporarily_unavailable", "2"),
    ("too-long", 400, "invalid_request", None),
    ("nul", 400, "invalid_request", None),
    ("surrogate", 400, "invalid_request", None),
    ("huge", 400, "invalid_request", None),
]


@pytest.fixture(autouse=True)
def raising_site(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.authproject.middleware.raising"


@pytest.mark.parametrize(("name", "status", "code", "retry_after"), ANSWERS)
@pytest.mark.parametrize("prefix", ["/api/", "/oauth/"])
def test_answers_programs_in_json(
    client: Client, prefix: str, name: str, status: int, code: str, retry_after: str | None
) -> None:
    answer = client.get(f"{prefix}{name}")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == retry_after
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert body == {"detail": body["message"], "code": code, "message": body["message"], "error": code}
    assert body["message"]


@pytest.mark.parametrize(("name", "status", "code", "retry_after"), ANSWERS)
@pytest.mark.parametrize("prefix", ["/", "/oauth/authorize/"])
def test_answers_people_with_a_page(
    client: Client, prefix: str, name: str, status: int, code: str, retry_after: str | None
) -> None:
    answer = client.get(f"{prefix}{name}")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == retry_after
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [(answer[0], answer[1]) for answer in ANSWERS])
def test_answers_what_a_middleware_raised_in_the_same_way(
    client: Client, settings: Any, name: str, status: int
) -> None:
    client.raise_request_exception = False
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.authproject.middleware.raising.RaisingMiddleware"]
    answer = client.get(f"/api/anything?name={name}")
    assert answer.status_code == status
    assert answer.json()["code"]


def test_tells_nothing_of_a_bug(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/api/bug")
    assert answer.status_code == 500
    assert answer.json()["code"] == "server_error"
    assert "secret" not in answer.content.decode()
    page = client.get("/bug")
    assert page.status_code == 500
    assert "secret" not in page.content.decode()


def test_logs_a_refusal_as_no_bug(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for name in RAISED:
        if name != "bug":
            client.get(f"/{name}")
    assert [
        record for record in caplog.records if record.levelno >= logging.ERROR and "refused" in record.message
    ] == []
    assert any("OperationalError" in record.message for record in caplog.records)


def test_speaks_the_language_of_the_request(client: Client) -> None:
    answer = client.get("/api/limit", headers={"Accept-Language": "ko"})
    assert answer.headers["Content-Language"] == "ko"


def test_answers_an_unknown_address(client: Client) -> None:
    assert client.get("/nowhere/at/all").status_code == 404
    answer = client.get("/api/nowhere/at/all")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
