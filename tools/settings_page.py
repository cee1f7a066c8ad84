"""docs/settings.md: `python -m tools.settings_page` writes it from .env.example, settings.py and the conf.py files."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from tools.environment_variables import Variable, read_files
from tools.policy_numbers import Policy, policies

HOUSE: Final = Path(__file__).resolve().parent.parent
PAGE: Final = HOUSE / "docs" / "settings.md"

_OPENING: Final = """\
# Settings

Written by `make docs`; a test holds it to the code. What differs between deployments comes from the environment, or
from a git-ignored `.env` file. What is policy stands in the code, typed, once.

## The environment

On and off are `1` and `0`. Lists are separated by commas.
"""
_POLICY: Final = """\

## Policy

To change one of these is to change the code: each has its reason beside it, and tests that rest on it.
"""


def page(house: Path = HOUSE) -> str:
    """Return the page of a tree."""
    return "".join([_OPENING, *_environment(read_files(house)), _POLICY, *_policies(policies(house))])


def _environment(variables: Iterable[Variable]) -> Iterator[str]:
    for section, members in groupby(variables, key=lambda variable: variable.section):
        title, _, rest = section.partition(": ")
        rows = [(f"`{each.name}`", each.kind, _code(each.default), each.meaning) for each in members]
        yield f"\n### {title}\n\n"
        yield f"{_sentence(rest)}\n\n" if rest else ""
        yield from _table(("variable", "kind", "default", "what it is"), rows)


def _policies(found: Iterable[Policy]) -> Iterator[str]:
    for policy in found:
        yield f"\n### {policy.path}\n\n{policy.about}\n\n"
        rows = [(f"`{each.name}`", each.value, each.meaning) for each in policy.numbers]
        yield from _table(("name", "value", "why, or in what unit"), rows)


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in [titles, ("---",) * len(titles), *rows]:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _sentence(text: str) -> str:
    sentence = text[0].upper() + text[1:]
    return sentence if sentence.endswith((".", "'")) else f"{sentence}."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
