"""The documents are true of the tree: the rooms they list, the files and tests they name, the page made from the code."""

import re
from pathlib import Path

from tests.architecture.house import HOUSE, files, functions, modules, rooms, text
from tools.settings_page import page

ARCHITECTURE, SETTINGS = Path("docs/architecture.md"), Path("docs/settings.md")
DOCUMENTS = files(".md")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
ROOM = re.compile(r"`((?:accounts|authproject|oauth|trust)/(?:\w+/)*)`")
TEST = re.compile(r"\b(test_\w+)\b(?!\.py)")
# Not rooms but fixed places that Django looks in.
FIXED = {"migrations", "management", "commands"}


def test_the_page_of_the_settings_is_not_stale() -> None:
    assert text(SETTINGS) == page(), "run make docs"


def test_the_architecture_lists_every_room_and_no_other() -> None:
    there = {f"{path.parent.as_posix()}/" for path in rooms() if not FIXED.intersection(path.parts)}
    assert set(ROOM.findall(text(ARCHITECTURE))) == there


def test_links_of_documents_lead_to_files() -> None:
    links = [(path, target) for path in DOCUMENTS for target in LINK.findall(text(path))]
    assert links
    assert [f"{path}: {target}" for path, target in links if not (HOUSE / path.parent / target).exists()] == []


def test_the_tests_that_documents_name_are_there() -> None:
    tests = [path for path in modules(tests=True) if path.parts[0] == "tests"]
    there = {function.name for path in tests for function in functions(path)} | {path.stem for path in tests}
    named = {name for path in DOCUMENTS for name in TEST.findall(text(path))}
    assert named - there == set()
