"""Files and functions stay small enough to be read at one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import Function, functions, modules, text

FILE_LINES, TEST_FILE_LINES = 300, 400
FUNCTION_LINES, VIEW_LINES = 40, 25
PARAMETERS = 6
KEYWORD_PARAMETERS = 8  # of a service, whose callers name all of them, or all but the first
BRANCHES = 8
_BRANCHES = ast.If | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler | ast.IfExp | ast.match_case


def test_files_are_short() -> None:
    limits = {path: TEST_FILE_LINES if path.parts[0] == "tests" else FILE_LINES for path in modules(tests=True)}
    assert [path for path, limit in limits.items() if len(text(path).splitlines()) > limit] == []


def test_functions_are_short() -> None:
    assert [_named(path, f) for path in modules() for f in functions(path) if _lines(f) > _line_limit(path)] == []


def test_functions_have_few_parameters() -> None:
    assert [_named(path, f) for path in modules() for f in functions(path) if _has_many_parameters(f)] == []


def test_functions_have_few_branches() -> None:
    assert [_named(path, f) for path in modules() for f in functions(path) if _branches(f) > BRANCHES] == []


def _named(path: Path, function: Function) -> str:
    return f"{path}:{function.lineno} {function.name}"


def _line_limit(path: Path) -> int:
    return VIEW_LINES if "views" in path.parts else FUNCTION_LINES


def _lines(function: Function) -> int:
    """Lines of the body, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _has_many_parameters(function: Function) -> bool:
    arguments = function.args
    by_position = [a for a in (*arguments.posonlyargs, *arguments.args) if a.arg not in {"self", "cls"}]
    most = PARAMETERS if len(by_position) > 1 else KEYWORD_PARAMETERS
    return len(by_position) + len(arguments.kwonlyargs) > most


def _branches(function: Function) -> int:
    """Branches of the function itself, not of those defined within it."""
    return sum(isinstance(node, _BRANCHES) for node in _within(function))


def _within(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Function | ast.ClassDef):
            yield child
            yield from _within(child)
