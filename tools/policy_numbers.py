"""The policy numbers of the house: the constants of the conf.py files, with the comments that explain them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Two bounds stand beside the code that keeps them.
_BESIDE: Final = ("accounts/hashing_pool.py", "authproject/middleware/input_guard.py")
_PACKAGES: Final = ("trust", "accounts", "oauth", "authproject")


@dataclass(frozen=True, slots=True)
class Number:
    """A constant: its name, its value in words, and why it is so."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The constants of one module, and what the module says of itself."""

    path: str
    about: str
    numbers: tuple[Number, ...]


def policies(house: Path) -> Iterator[Policy]:
    """Yield the policies of a tree, package by package from the bottom."""
    kept_in_conf = (path for package in _PACKAGES for path in sorted((house / package).rglob("conf.py")))
    for path in [*kept_in_conf, *(house / name for name in _BESIDE)]:
        source = path.read_text(encoding="utf-8")
        about = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
        yield Policy(path.relative_to(house).as_posix(), about, tuple(numbers(source)))


def numbers(source: str) -> Iterator[Number]:
    """Yield the public constants of a module's text."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name[0].isupper():
                first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
                yield Number(name, in_words(value), _comment(lines, first, last))


def in_words(value: ast.expr) -> str:
    """Return a constant as a person would write it."""
    match value:
        case ast.Constant(value=constant):
            return str(constant)
        case ast.Tuple(elts=parts):
            return ", ".join(map(in_words, parts))
        case ast.Call(func=ast.Name(id="timedelta"), keywords=[ast.keyword(arg=str(unit), value=amount)]):
            number = in_words(amount)
            return f"{number} {unit.removesuffix('s') if number == '1' else unit}"
        case ast.Call(keywords=[_, *_] as keywords):
            return ", ".join(f"{str(each.arg).replace('_', ' ')} {in_words(each.value)}" for each in keywords)
        case ast.BinOp():
            return ast.unparse(value).replace(" * 1024", " Ki")
    return ast.unparse(value)


def _comment(lines: list[str], first: int, last: int) -> str:
    """Return the comment at the end of the constant's line, or else the lines of comment above it."""
    _, marked, beside = lines[last].partition("  # ")
    if marked:
        return beside
    above = first
    while above and re.match(r"# ", lines[above - 1]):
        above -= 1
    return " ".join(line.removeprefix("# ") for line in lines[above:first])
