"""The catalogues: `python -m tools.translations update` takes the tree's messages in, `check` tells what is missing.

English is the source and has no catalogue. Every other language has locale/<language>/LC_MESSAGES/django.po.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tools import library_messages

HOUSE: Final = Path(__file__).resolve().parent.parent
LANGUAGES: Final = ("ko",)
_ROOMS: Final = ("authproject", "oauth", "accounts", "trust")
_TEMPLATES: Final = "tools.template_messages.extract_template"
_METHODS: Final = [
    *((f"{room}/**.py", "python") for room in _ROOMS),
    ("templates/**.html", _TEMPLATES),
    ("templates/**.txt", _TEMPLATES),
]
_LAZY: Final = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")}
_KEYWORDS: Final = DEFAULT_KEYWORDS | _LAZY | {"gettext_noop": None}
_CONTRIBUTORS: Final = "authproject contributors"
_COMMENT_TAGS: Final = ("Translators:",)


def extract(house: Path = HOUSE) -> Catalog:
    """Return every message of the tree, and those of the libraries that we say ourselves."""
    messages = Catalog(project="authproject", charset="utf-8")
    found = extract_from_dir(house, _METHODS, keywords=_KEYWORDS, comment_tags=_COMMENT_TAGS, strip_comment_tags=True)
    for path, line, text, comments, context in sorted(found, key=lambda message: message[:2]):
        messages.add(text, locations=[(path, line)], auto_comments=comments, context=context)
    borrowed = [(None, text) for text in library_messages.MESSAGES]
    for context, text in [*borrowed, *library_messages.IN_CONTEXT]:
        messages.add(text, locations=[("tools/library_messages.py", 1)], context=context)
    return messages


def update(catalogue: Catalog, messages: Catalog) -> None:
    """Take the tree's messages into a language's catalogue, drop what is gone, and keep its dates: diffs stay small."""
    messages.creation_date = catalogue.creation_date
    catalogue.update(messages, no_fuzzy_matching=True)
    catalogue.obsolete.clear()


def faults(catalogue: Catalog, messages: Catalog) -> Iterator[str]:
    """Tell what keeps a catalogue from being complete and right, one line each."""
    for message in _texts(messages):
        own = catalogue.get(message.id, message.context)
        if own is None:
            yield f"missing: {message.id!r}"
        elif not all(own.string if isinstance(own.string, tuple | list) else [own.string]):
            yield f"not translated: {message.id!r}"
        elif own.fuzzy:
            yield f"fuzzy: {message.id!r}"
    for message in _texts(catalogue):
        if messages.get(message.id, message.context) is None:
            yield f"not in the tree: {message.id!r}"
        yield from (f"{error}: {message.id!r}" for error in message.check(catalogue))
    yield from (f"obsolete: {message.id!r}" for message in catalogue.obsolete.values())


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _path(language: str) -> Path:
    return HOUSE / "locale" / language / "LC_MESSAGES" / "django.po"


def _load(language: str) -> Catalog:
    path = _path(language)
    if not path.exists():
        return _new(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _new(language: str) -> Catalog:
    return Catalog(
        locale=language,
        header_comment="# The texts of authproject, under its licence.",
        project="authproject",
        version="1",
        msgid_bugs_address="none",
        last_translator=_CONTRIBUTORS,
        language_team=_CONTRIBUTORS,
        charset="utf-8",
        fuzzy=False,
    )


def _update_all() -> int:
    messages = extract()
    for language in LANGUAGES:
        catalogue = _load(language)
        update(catalogue, messages)
        _path(language).parent.mkdir(parents=True, exist_ok=True)
        with _path(language).open("wb") as file:
            write_po(file, catalogue, width=110, sort_by_file=True, include_lineno=False)
    return 0


def _check_all() -> int:
    messages = extract()
    found = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(_load(language), messages)]
    print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit({"update": _update_all, "check": _check_all}[sys.argv[1]]())
