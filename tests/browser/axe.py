"""axe-core before a page: what of it is not for everybody (WCAG 2.2 AA, and what axe calls best practice)."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

_PROGRAM: Final = Path(__file__).resolve().parent.parent / "interop/node_modules/axe-core/axe.min.js"
_TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Playwright evaluates past the Content-Security-Policy of the page, which stays as it is.
_RUN: Final = """async (options) => {
  const found = await axe.run(document, options);
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${target} (${help})`));
}"""


def violations(page: Page, *, only: str = "") -> list[str]:
    """Return what breaks a rule of axe, or one of these rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_program())
    return list(page.evaluate(_RUN, _options(only)))


def _options(only: str) -> dict[str, Any]:
    chosen = {"type": "rule", "values": only.split()} if only else {"type": "tag", "values": list(_TAGS)}
    rules = {} if only else {"target-size": {"enabled": True}}  # of WCAG 2.2, which axe leaves out unless told
    return {"runOnly": chosen, "rules": rules, "resultTypes": ["violations"], "preload": False}


@cache
def _program() -> str:
    return _PROGRAM.read_text(encoding="utf-8")
