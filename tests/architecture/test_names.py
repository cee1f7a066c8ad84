"""Modules are named by nouns that say what is in them, and open by saying it in a sentence."""

import ast

from tests.architecture.house import modules, tree

BANNED = {"common", "data", "helper", "helpers", "info", "manager", "managers", "misc", "util", "utils"}
SHORTEST_SENTENCE = 2  # words


def test_no_module_or_package_has_a_name_that_says_nothing() -> None:
    assert [path for path in modules(tests=True) if BANNED.intersection({*path.parts, path.stem})] == []


def test_every_module_opens_with_a_docstring() -> None:
    openings = {path: ast.get_docstring(tree(path)) or "" for path in modules()}
    assert [path for path, opening in openings.items() if len(opening.split()) < SHORTEST_SENTENCE] == []
