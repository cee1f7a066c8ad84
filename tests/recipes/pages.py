"""The pages of docs/recipes as those who follow them read them: fenced blocks, in order.

The first word after a fence is the language, the rest says how the block is followed:
- `sh`: a shell runs it. `sh site`: it starts the site, anew if it runs; `sh site worker`: with its job worker.
  `sh background`: another terminal runs it. `sh later`: it runs when the access token in TOKEN has expired.
- `python`: Python runs it. `python NAME.py`, `json NAME.json`: the file is written beside manage.py.
- `json`, `text`: what the block before prints; `…` stands for anything. `text browser URL`: what a browser that visits
  URL shows in the end; `text browser URL asks`: what the site shows it on the way; `text browser URL press WORDS`: when
  the button with these words is pressed; `text browser URL soon`: when it has been reloaded for a while.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.architecture.house import HOUSE

RECIPES: Final = HOUSE / "docs" / "recipes"
KOREAN: Final = ".ko.md"
_BLOCK: Final = re.compile(r"^```(?P<language>\w+) *(?P<how>[^\n]*)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block; `place` is for messages, and no part of what makes two blocks the same."""

    language: str
    how: str
    content: str
    place: str


def blocks(path: Path) -> list[Block]:
    """Return the blocks of a page."""
    page = path.read_text(encoding="utf-8")
    return [
        Block(
            found["language"], found["how"].strip(), found["content"],
            f"{path.relative_to(HOUSE)}:{page.count(chr(10), 0, found.start()) + 1}",
        )
        for found in _BLOCK.finditer(page)
    ]  # fmt: skip


def english() -> list[Path]:
    """Return the English pages, the index among them."""
    return [path for path in sorted(RECIPES.glob("*.md")) if not path.name.endswith(KOREAN)]


def korean(path: Path) -> Path:
    """Return the Korean page of an English one."""
    return path.with_name(path.stem + KOREAN)


def is_like(actual: object, said: object) -> bool:
    """Tell whether what came out is what a page says; `…` in a text stands for anything."""
    match said, actual:
        case dict(), dict():
            return said.keys() == actual.keys() and all(is_like(actual[name], said[name]) for name in said)
        case list(), list():
            return len(said) == len(actual) and all(map(is_like, actual, said))
        case "…", _:
            return True
        case str(), str():
            return re.fullmatch(".*".join(map(re.escape, said.split("…"))), actual, re.DOTALL) is not None
    return said == actual
