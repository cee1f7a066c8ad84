"""The OpenAPI document is valid, and describes our authentication."""

from io import StringIO

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema


@pytest.fixture(scope="module")
def document() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_is_valid_and_complete_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_describes_bearer_tokens(document) -> None:
    validate_schema(document)

    assert document["components"]["securitySchemes"] == {
        "bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }


@pytest.mark.parametrize("path", ["/api/me/", "/api/protected/", "/api/sessions/"])
def test_guarded_views_demand_one(document, path) -> None:
    assert document["paths"][path]["get"]["security"] == [{"bearerAuth": []}]


def test_addresses_are_listed_once_with_their_slash(document) -> None:
    assert all(path.endswith("/") for path in document["paths"])
