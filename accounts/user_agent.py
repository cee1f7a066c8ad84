"""User agents in words: "Firefox on Windows". For people's eyes alone, so a guess may be wrong."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

# The first that matches wins: most browsers also claim to be those below them.
_BROWSERS: Final = (
    ("Edge", re.compile(r"\bEdgA?(?:iOS)?/")),
    ("Opera", re.compile(r"\bOPR/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Whale", re.compile(r"\bWhale/")),
    ("KakaoTalk", re.compile(r"\bKAKAOTALK\b")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Headless)?Chrom(?:e|ium)/|\bCriOS/")),
    ("Safari", re.compile(r"\bSafari/")),
)
_SYSTEMS: Final = (
    ("Android", re.compile(r"\bAndroid\b")),
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("macOS", re.compile(r"\bMac OS X\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
# What programs call themselves: curl/8.5.0, python-requests/2.32.
_PROGRAM: Final = re.compile(r"\A([A-Za-z][\w.-]{1,40})(?:/[\w.]+)?(?:\s|\Z)")


def describe(user_agent: str) -> str:
    """Name the browser and the system of a User-Agent header, or the program that sent it."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        # Translators: a browser on an operating system, such as Firefox on Windows
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _program(user_agent) or _("Unknown device")


@lru_cache(1024)
def kind_of(user_agent: str) -> str:
    """Return what stays the same of a User-Agent header through updates, in no language; empty if it is unknown."""
    found = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    return "/".join(filter(None, found)) or _program(user_agent)


def _program(user_agent: str) -> str:
    program = _PROGRAM.match(user_agent)
    return program[1] if program and program[1] != "Mozilla" else ""


def _first(kinds: Sequence[tuple[str, re.Pattern[str]]], user_agent: str) -> str:
    return next((name for name, pattern in kinds if pattern.search(user_agent)), "")
