"""GET /api/schema/: the OpenAPI document, for everybody."""

import json

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/api/schema/", "/api/schema"])
def test_is_open_to_everybody(client: Client, path) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert json.loads(response.content)["openapi"].startswith("3.")
    assert response.headers["Content-Type"] == "application/vnd.oai.openapi+json"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/vnd.oai.openapi+json"),
        ("application/json,*/*", "application/json"),
        ("application/vnd.oai.openapi", "application/vnd.oai.openapi; charset=utf-8"),
    ],
)
def test_comes_in_the_form_that_is_asked_for(client: Client, accept, content_type) -> None:
    assert client.get("/api/schema/", headers={"Accept": accept}).headers["Content-Type"] == content_type


def test_refuses_another_form_in_json(client: Client) -> None:
    response = client.get("/api/schema/", headers={"Accept": "image/png"})

    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("query", ["lang=nonesuch", "lang=../../etc", "version=2%0D%0AX-A:b", "version=9"])
def test_parameters_change_nothing(client: Client, query) -> None:
    response = client.get(f"/api/schema/?{query}")

    assert (response.status_code, response.content) == (200, client.get("/api/schema/").content)
    assert "X-A" not in response.headers


def test_ignores_tokens_good_and_bad(client: Client) -> None:
    assert client.get("/api/schema/", headers={"Authorization": "Bearer nonsense"}).status_code == 200
