"""Templates keep the strict Content-Security-Policy, and none is left over."""

import re
from pathlib import Path

from tests.architecture.house import files, rooms, text

TEMPLATES = [path for path in files(".html", ".txt") if "templates" in path.parts and "tests" not in path.parts]
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
INLINE = re.compile(
    r"""<style\b
    | <script\b(?![^>]*\bsrc=)(?![^>]*\btype="application/json")
    | <[^>]*\s(?:style|on[a-z]+)\s*=
    | javascript:""",
    re.IGNORECASE | re.VERBOSE,
)
# Loaded under names that a library chooses: statuses by the handlers, the others by Django, DRF and allauth.
BY_LIBRARIES = re.compile(r"^[45]\d\d\.html$|^(allauth|account|mfa|socialaccount|admin|rest_framework)/")
# Swagger UI styles the whole of its page.
WITHOUT_LAYOUT = ["authproject/api_docs.html"]
MAILS = re.compile(r"/email/|^mail/")


def test_no_page_has_an_inline_style_or_script() -> None:
    pages = [path for path in PAGES if not MAILS.search(_name(path))]  # mail clients know nothing but inline styles
    assert [f"{path}: {match.group()}" for path in pages for match in INLINE.finditer(text(path))] == []


def test_every_whole_page_extends_a_layout() -> None:
    whole = [path for path in PAGES if "<html" in text(path) and not MAILS.search(_name(path))]
    layouts = [path for path in whole if _is_named_in(TEMPLATES, _name(path))]
    assert [_name(path) for path in whole if path not in layouts] == WITHOUT_LAYOUT


def test_every_template_is_used() -> None:
    ours = [path for path in TEMPLATES if not BY_LIBRARIES.search(_name(path))]
    assert [path for path in ours if not _is_named_in([*TEMPLATES, *rooms()], _name(path))] == []


def _name(path: Path) -> str:
    """The name that a template is loaded by: its path under templates/."""
    return Path(*path.parts[path.parts.index("templates") + 1 :]).as_posix()


def _is_named_in(places: list[Path], name: str) -> bool:
    return any(f'"{name}"' in text(place) or f"'{name}'" in text(place) for place in places)
