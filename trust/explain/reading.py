"""An explanation in words, in the language of who reads it: for staff in full, for all in general."""

from typing import Any

from django.utils.translation import gettext

from trust.explain.models import Explanation
from trust.explain.words import WORDS
from trust.explain.words.errors import ERRORS, OTHERWISE


def found(explanation: Explanation) -> str:
    """Say what was found, for staff."""
    words = WORDS.get(explanation.finding)
    return "" if words is None else str(words.found) % _named(explanation)


def mend(explanation: Explanation) -> str:
    """Say how to mend it, for staff."""
    words = WORDS.get(explanation.finding)
    return mend_for_all(explanation) if words is None else str(words.mend) % _named(explanation)


def mend_for_all(explanation: Explanation) -> str:
    """Say how to mend it, telling no more than the answer did."""
    words = WORDS.get(explanation.finding)
    if words is not None and words.is_for_all:
        return str(words.mend) % _named(explanation)
    return str(ERRORS.get(explanation.error, OTHERWISE))


def _named(explanation: Explanation) -> dict[str, Any]:
    came, expected = explanation.came or "–", explanation.expected or "–"
    expected = gettext(expected)  # the rule that metadata breaks is a sentence of ours, kept in English
    return {"about": explanation.about, "came": came, "expected": expected, "number": explanation.number}
