"""Long names fit a narrow screen, and the colours can be read. Every page from all sides: test_every_page.py."""

import re
from itertools import product
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.people import PASSWORD, MakePerson

STRANGERS = [
    "/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/confirm-email/",
]
OWN = [
    "/",
    "/accounts/",
    "/accounts/profile/",
    "/accounts/sessions/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
]
TOKENS = Path(__file__).resolve().parent.parent.parent / "static/css/tokens.css"
TEXT = [
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "accent-soft"),
    ("ink", "danger-soft"),
    ("ink", "warn-soft"),
    ("ink", "line"),
    ("ink-soft", "ground"),
    ("ink-soft", "surface"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("accent-strong", "accent-soft"),
    ("warn", "warn-soft"),
    ("danger", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
]
SCHEMES = dict(zip(("light", "dark"), TOKENS.read_text(encoding="utf-8").split("@media"), strict=True))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_no_page_scrolls_sideways_at_360_pixels(visit: Visit, make_person: MakePerson, language: str) -> None:
    make_person("a" * 64, email=f"{'b' * 60}@example.com")
    narrow = visit(language, width=360)
    assert [path for path in STRANGERS if _overflows(narrow, path)] == []
    narrow.sign_in("a" * 64, PASSWORD)
    assert narrow.is_signed_in
    assert [path for path in OWN if _overflows(narrow, path)] == []


@pytest.mark.parametrize(("scheme", "pair"), list(product(SCHEMES, TEXT)))
def test_text_has_the_contrast_of_wcag_aa(scheme: str, pair: tuple[str, str]) -> None:
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", SCHEMES[scheme]))
    assert _contrast(*(colours[name] for name in pair)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_edges_of_fields_can_be_seen(scheme: str) -> None:
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", SCHEMES[scheme]))
    assert _contrast(colours["field-line"], colours["surface"]) >= 3


def _overflows(visitor: Visitor, path: str) -> bool:
    visitor.go(path)
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
