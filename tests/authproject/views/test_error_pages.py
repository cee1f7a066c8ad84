"""The pages of refusals ask for nothing: they stand when all else is down."""

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

PAGES = ["400.html", "403.html", "404.html", "429.html", "500.html", "503.html", "errors/403_csrf.html"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_renders_without_a_request_or_a_database(page: str, language: str) -> None:
    with translation.override(language):
        text = render_to_string(page)
    assert f'<html lang="{language}">' in text
    assert text.count("<h1>") == 1
    assert 'href="/"' in text


def test_every_refusal_has_a_page_of_its_own() -> None:
    root = Path(__file__).resolve().parent.parent.parent.parent / "templates"
    assert {path.name for path in root.glob("[45]??.html")} == {name for name in PAGES if "/" not in name}


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_on_a_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "alice", "password": "x"})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"<h1>" in answer.content
