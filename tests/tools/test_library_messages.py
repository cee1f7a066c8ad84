"""The texts of libraries that our catalogues hold are the libraries' own, word for word."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tools import library_messages
from tools.translations import extract

CATALOGUES = ("django/contrib/admin/locale/ko", "django/contrib/auth/locale/ko", "allauth/locale/ko")
COMPILED = "rest_framework/locale/ko_KR"
SOURCES = ("django_tasks", "django_tasks_db", "oauth2_provider")


def installed(path: str) -> Path:
    package, _, rest = path.partition("/")
    spec = find_spec(package)
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / rest


def said_in_catalogues() -> Iterator[object]:
    for path in CATALOGUES:
        with (installed(path) / "LC_MESSAGES/django.po").open("rb") as file:
            yield from (message.id for message in read_po(file))
    with (installed(COMPILED) / "LC_MESSAGES/django.mo").open("rb") as file:
        yield from (message.id for message in read_mo(file))


def test_libraries_say_what_is_listed() -> None:
    said = set(said_in_catalogues())
    source = "".join(path.read_text("utf-8") for package in SOURCES for path in installed(package).rglob("*.py"))
    assert [text for text in library_messages.MESSAGES if text not in said and f'_("{text}")' not in source] == []
    assert [pair for pair in library_messages.IN_CONTEXT if '("{}", "{}")'.format(*pair) not in source] == []


def test_nothing_is_listed_twice() -> None:
    assert len(set(library_messages.MESSAGES)) == len(library_messages.MESSAGES)


@pytest.mark.parametrize(("context", "text"), [(None, "Incorrect code."), ("Task", "Ready")])
def test_they_are_among_the_messages_of_the_tree(context: str | None, text: str) -> None:
    assert extract().get(text, context) is not None
