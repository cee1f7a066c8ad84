"""The environment variables as .env.example describes them, with the kind and the default that settings.py reads."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SECTION: Final = re.compile(r"# --- (.+)")
_VARIABLE: Final = re.compile(r"(?:# )?([A-Z][A-Z_]+)=")
_KINDS: Final = {"bool": "on or off", "int": "number", "list": "list", "db_url": "URL", "email_url": "URL"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its section and its meaning in words. `default` is empty where it depends on others."""

    name: str
    section: str
    meaning: str
    kind: str
    default: str


def variables(example: str, settings: str) -> Iterator[Variable]:
    """Yield the variables in the order of `example`, the text of .env.example; `settings` is that of settings.py."""
    read = dict(_read_by(settings))
    section, comments = "", list[str]()
    for line in example.splitlines():
        if heading := _SECTION.fullmatch(line):
            section, comments = heading[1], []
        elif variable := _VARIABLE.match(line):
            kind, default = read.get(variable[1], ("text", ""))
            yield Variable(variable[1], section, " ".join(comments), kind, default)
            comments = []
        else:
            comments = [*comments, line.removeprefix("# ")] if line else []


def read_files(house: Path) -> list[Variable]:
    """Return the variables of a tree."""
    example, settings = house / ".env.example", house / "authproject" / "settings.py"
    return list(variables(example.read_text(encoding="utf-8"), settings.read_text(encoding="utf-8")))


def _read_by(settings: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each variable that a call of `env` reads, with its kind and its default."""
    for node in ast.walk(ast.parse(settings)):
        match node:
            case ast.Call(func=ast.Name(id="env"), args=[ast.Constant(value=str(name))], keywords=keywords):
                yield name, ("text", _default(keywords))
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env"), attr=reading),
                args=[ast.Constant(value=str(name))],
                keywords=keywords,
            ):
                yield name, (_KINDS[reading], _default(keywords))


def _default(keywords: list[ast.keyword]) -> str:
    given = next((keyword.value for keyword in keywords if keyword.arg == "default"), None)
    match given:
        case ast.Constant(value=bool(switch)):
            return "on" if switch else "off"
        case ast.Constant(value=constant):
            return str(constant)
    return ""
