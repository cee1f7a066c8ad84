"""GET /api/docs/: the page that shows the OpenAPI document, from our own files alone."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client


@pytest.fixture
def page(client: Client) -> str:
    response = client.get("/api/docs/")
    assert response.status_code == 200
    return response.content.decode()


def test_answers_without_the_trailing_slash_too(client: Client, page) -> None:
    assert client.get("/api/docs").content.decode() == page


def test_has_no_inline_script_or_style_and_nothing_of_other_sites(page) -> None:
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"(?:src|href|data-schema)=\"(?!/)", page)


def test_every_file_that_it_names_is_there(page) -> None:
    names = re.findall(r'"/static/([^"]+)"', page)

    assert len(names) == 5
    for name in names:
        assert finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name)), name


def test_names_the_document(client: Client, page) -> None:
    address = re.search(r'data-schema="([^"]+)"', page)

    assert address
    assert client.get(address[1]).status_code == 200


def test_can_only_be_read(client: Client) -> None:
    assert client.post("/api/docs/").json()["code"] == "method_not_allowed"
