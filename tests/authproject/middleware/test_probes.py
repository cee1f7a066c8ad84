from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PATHS = ["/health/live", "/health/live/", "/health/ready", "/health/ready/"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["10.1.2.3:8000", "[fd00::1]:8000", "nobody.example", "not a host"])
def test_answers_under_any_name(client: Client, path: str, host: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_answers_without_https(settings: Any, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path).status_code == 200
    assert Client().get("/").status_code == 301


def test_says_that_there_is_nothing_beside(client: Client) -> None:
    answer = client.get("/health/else")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", PATHS)
def test_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200
