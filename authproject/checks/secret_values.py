"""Rules of the secrets: each its own, long, and of chance. settings.py refuses those under 32 characters."""

from collections.abc import Callable
from typing import Final

from django.conf import settings

from authproject.checks.rule import Rule

_SHORTEST_TOKEN: Final = 32  # characters
_FEWEST_CHARACTERS: Final = 10  # that differ; 64 random hexadecimal digits have fewer once in ten million times
_LONGEST_PATTERN: Final = 16  # characters that are written again and again
_WORDS: Final = ("insecure", "password", "changeme", "change-me", "change_me", "secret", "example", "your-", "your_")


def is_guessable(secret: str) -> bool:
    """Tell whether a secret was written by hand: words, few characters, or a short piece again and again."""
    lower = secret.lower()
    repeats = any(secret.startswith(secret[width:]) for width in range(1, min(_LONGEST_PATTERN, len(secret)) + 1))
    return repeats or len(set(secret)) < _FEWEST_CHARACTERS or any(word in lower for word in _WORDS)


def _signing() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _is_guessable(*listed: Callable[[], list[str]]) -> bool:
    return any(is_guessable(secret) for secrets in listed for secret in secrets())


def _repeats(secrets: list[str]) -> bool:
    return len(set(secrets)) < len(secrets)


RULES: Final = (
    Rule(
        "E011",
        "SEALING_KEYS and SECRET_KEY have a value in common.",
        "Make each by itself: who learns one must not have both, and either must be changeable alone.",
        lambda: not set(settings.SEALING_KEYS).isdisjoint(_signing()),
    ),
    Rule(
        "E012",
        "SECRET_KEY, or one of SECRET_KEY_FALLBACKS, could be guessed.",
        "Make it by chance: python3 -c 'import secrets; print(secrets.token_hex(32))'.",
        lambda: _is_guessable(_signing),
    ),
    Rule(
        "E013",
        "One of SEALING_KEYS could be guessed.",
        "Put one made by chance first (secrets.token_hex(32)) and keep the old behind it: what it sealed needs it.",
        lambda: _is_guessable(lambda: settings.SEALING_KEYS),
    ),
    Rule(
        "E014",
        "METRICS_TOKEN is one of the other secrets.",
        "Make it by itself: it is sent to this site with each scrape.",
        lambda: settings.METRICS_TOKEN in {*_signing(), *settings.SEALING_KEYS},
    ),
    Rule(
        "W004",
        "METRICS_TOKEN is short.",
        f"Set {_SHORTEST_TOKEN} random characters or more: nothing counts the guesses.",
        lambda: 0 < len(settings.METRICS_TOKEN) < _SHORTEST_TOKEN,
    ),
    Rule(
        "W007",
        "SECRET_KEY_FALLBACKS or SEALING_KEYS name a value twice.",
        "Name each former value once, and SECRET_KEY not among them.",
        lambda: _repeats(_signing()) or _repeats(settings.SEALING_KEYS),
    ),
    Rule(
        "W008",
        "METRICS_TOKEN could be guessed.",
        "Make it by chance: python3 -c 'import secrets; print(secrets.token_hex(32))'.",
        lambda: len(settings.METRICS_TOKEN) >= _SHORTEST_TOKEN and is_guessable(settings.METRICS_TOKEN),
    ),
)
