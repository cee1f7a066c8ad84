"""The brand of an installation, from its settings: a colour that can be read, a logo, where help is.

A colour is refused at start-up where words in it could not be read (WCAG 2.2, 1.4.3): the pages promise that.
"""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_LEAST_CONTRAST: Final = 4.5
_LIGHT_SURFACE: Final = "#ffffff"
_DARK_SURFACE: Final = "#161e1c"  # static/css/tokens.css
_MOST_BYTES: Final = 256 * 1024
_KINDS: Final = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
_Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that stands in the header of every page."""

    content: bytes
    content_type: str
    version: str  # what its address has, so that a browser may keep it


@cache
def stylesheet(color: str, dark: str) -> str:
    """Return the style sheet of a colour; a dark page has `dark`, or the colour lightened as far as it takes.

    Raises ImproperlyConfigured for what is no colour, or cannot be read.
    """
    light = _checked("BRAND_COLOR", color, _LIGHT_SURFACE)
    dark = _checked("BRAND_COLOR_DARK", dark, _DARK_SURFACE) if dark else _lightened(light)
    return (
        f":root {{\n{_words(light, _LIGHT_SURFACE, '#000000')}}}\n\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{\n{_words(dark, _DARK_SURFACE, '#ffffff')}}}\n}}\n"
    )


@cache
def stylesheet_version(color: str, dark: str) -> str:
    """Return what the address of the style sheet has, so that a browser may keep it."""
    return _version_of(stylesheet(color, dark).encode())


@cache
def logo(path: str) -> Logo:
    """Return the logo that a file is. Raises ImproperlyConfigured."""
    file = Path(path)
    if file.suffix.lower() not in _KINDS:
        raise ImproperlyConfigured(f"BRAND_LOGO must be one of {', '.join(_KINDS)}.")
    try:
        content = file.read_bytes()
    except OSError as unreadable:
        raise ImproperlyConfigured(f"BRAND_LOGO cannot be read: {unreadable.strerror}.") from unreadable
    if len(content) > _MOST_BYTES:
        raise ImproperlyConfigured(f"BRAND_LOGO has more than {_MOST_BYTES} bytes.")
    return Logo(content, _KINDS[file.suffix.lower()], _version_of(content))


def _version_of(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


def check(*, color: str, dark: str, logo_path: str, support_url: str) -> None:
    """Refuse what pages could not be made of; what is empty is the house's own. Raises ImproperlyConfigured."""
    if color:
        stylesheet(color, dark)
    elif dark:
        raise ImproperlyConfigured("BRAND_COLOR_DARK is set without BRAND_COLOR.")
    if logo_path:
        logo(logo_path)
    if support_url:
        _check_support_url(support_url)


def _check_support_url(url: str) -> None:
    parts = urlsplit(url)
    if not ((parts.scheme == "https" and parts.netloc) or (parts.scheme == "mailto" and "@" in parts.path)):
        raise ImproperlyConfigured("SUPPORT_URL must be an https or a mailto address.")


def _checked(name: str, color: str, surface: str) -> str:
    if not _COLOR.fullmatch(color):
        raise ImproperlyConfigured(f"{name} must be a colour such as #0b665c.")
    if (found := _contrast(color, surface)) < _LEAST_CONTRAST:
        raise ImproperlyConfigured(
            f"{name} {color} cannot be read on {surface}: its contrast is {found:.1f}, {_LEAST_CONTRAST} is needed."
        )
    return color


def _words(accent: str, surface: str, away: str) -> str:
    """Return what tokens.css says of the accent, said in this one."""
    on_accent = max(("#ffffff", "#06110f"), key=lambda ink: _contrast(ink, accent))
    said = {
        "accent": accent,
        "accent-strong": _mixed(accent, away, 0.25),
        "accent-soft": _mixed(surface, accent, 0.12),
        "on-accent": on_accent,
    }
    return "".join(f"  --{name}: {value};\n" for name, value in said.items())


def _lightened(color: str) -> str:
    steps = (_mixed(color, "#ffffff", share / 20) for share in range(21))
    return next(one for one in steps if _contrast(one, _DARK_SURFACE) >= _LEAST_CONTRAST + 1)


def _mixed(one: str, other: str, share: float) -> str:
    """Return a colour between two; `share` of it is the other."""
    parts = (round(a + (b - a) * share) for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(rgb: _Rgb) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> _Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
