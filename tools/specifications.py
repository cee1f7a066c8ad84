"""What specifications demand and which test shows it: read from the marks of the tests, without running them."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

_MARK: Final = "pytest.mark.spec"
_PACKAGES: Final = ("oauth", "trust", "accounts", "authproject")
_CAPITALS: Final = frozenset({"json", "pkce", "rsa", "s256", "rs256", "uri", "uris", "utf8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A requirement, in the words of its test's name. `document` has no version; `room` is empty if none names it."""

    document: str
    section: str
    sentence: str
    test: str
    room: str

    @property
    def order(self) -> tuple[object, ...]:
        """Sections as a table of contents has them, numbers by value and before appendices."""
        parts = self.section.split(".")
        return tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts), self.test


@dataclass(frozen=True)
class Module:
    """A module of the house, and what it says of specifications."""

    path: str
    text: str

    @cached_property
    def docstring(self) -> str:
        """What the module says of itself."""
        return ast.get_docstring(ast.parse(self.text)) or ""

    def names(self, document: str, section: str) -> bool:
        """Tell whether a section is named, together with its document."""
        return _named(self.text, rf"{re.escape(document)}(?: 1\.0)? sections? [\d., and]*?", section)

    def names_as_own(self, section: str, *, text: str) -> bool:
        """Tell whether a section is named alone, as in a room of that document."""
        return _named(text, r"[Ss]ections? [\d., and]*?", section)


def modules(house: Path) -> list[Module]:
    """Return the modules of the four packages, the rules first."""
    found = [
        Module(path.relative_to(house).as_posix(), path.read_text(encoding="utf-8"))
        for package in _PACKAGES
        for path in sorted((house / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]
    return sorted(found, key=lambda module: not module.path.startswith("oauth/protocol/"))


def requirements(house: Path) -> list[Requirement]:
    """Return every requirement that a test of the tree is marked with."""
    rooms = modules(house)

    @cache  # many tests are marked with the same section
    def room(document: str, section: str) -> str:
        return room_of(document, section, rooms)

    return [
        Requirement(
            document=document,
            section=section,
            sentence=_sentence(test.name),
            test=path.relative_to(house).as_posix(),
            room=room(document, section),
        )
        for path in sorted((house / "tests").rglob("test_*.py"))
        for test, document, section in _marked(path.read_text(encoding="utf-8"))
    ]


def room_of(document: str, section: str, rooms: Iterable[Module]) -> str:
    """Return the module that speaks of a section, or of the nearest that it is part of; empty rather than guessed."""
    rooms = list(rooms)
    own = [room for room in rooms if _is_named(document, room.docstring)]
    while section:
        for room in own:
            if room.names_as_own(section, text=room.docstring):
                return room.path
        for room in own:
            if room.names_as_own(section, text=room.text):
                return room.path
        for room in rooms:
            if room.names(document, section):
                return room.path
        section = section.rpartition(".")[0]
    opening = [room for room in own if room.docstring.startswith(document)]
    speaking = opening or [room for room in rooms if _is_named(document, room.text)]
    return speaking[0].path if len(speaking) == 1 else ""


def _is_named(document: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(document)}\b", text) is not None


def _marked(text: str) -> Iterator[tuple[ast.FunctionDef, str, str]]:
    for test in ast.walk(ast.parse(text)) if _MARK in text else ():
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            for mark in test.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == _MARK:
                    document, section = (ast.literal_eval(argument) for argument in mark.args)
                    yield test, document.removesuffix(" 1.0"), section


def _named(text: str, before: str, section: str) -> bool:
    return re.search(rf"{before}(?<![\d.]){re.escape(section)}(?!\d|\.\d)", text) is not None


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").split("_")
    spoken = " ".join(("URIs" if word == "uris" else word.upper()) if word in _CAPITALS else word for word in words)
    return spoken[0].upper() + spoken[1:]
