"""The tree as the house tests see it: our files, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).resolve().parent.parent.parent
PACKAGES: Final = ("accounts", "authproject", "oauth", "trust")
_NOT_OURS: Final = {"node_modules", "staticfiles", "var", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Every file of the tree by suffix, relative to it; hidden and generated folders are not ours."""
    return tuple(path.relative_to(HOUSE) for path in _walk(HOUSE) if not suffixes or path.suffix in suffixes)


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _NOT_OURS or (path.name.startswith(".") and path.name != ".ci"):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def modules(*, tests: bool = False) -> list[Path]:
    """Our modules, without migrations, and without tests unless asked for."""
    return [path for path in files(".py") if "migrations" not in path.parts and (tests or path.parts[0] != "tests")]


def rooms() -> list[Path]:
    """The modules of the four packages."""
    return [path for path in modules() if path.parts[0] in PACKAGES]


@cache
def text(path: Path) -> str:
    return (HOUSE / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Every call of a module: its line, and what is called as dotted as it is written."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, _dotted(node.func)


def imports(path: Path) -> Iterator[str]:
    """Every module or name that a module imports, dotted."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{_dotted(node.value)}.{node.attr}"
        case ast.Call():
            return f"{_dotted(node.func)}()"
    return "?"
