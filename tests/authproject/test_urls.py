import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/api/schema/",
        "/api/schema",
        "/api/docs/",
        "/api/docs",
        "/health/live",
        "/health/live/",
    ],
)
def test_answers_everybody(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
