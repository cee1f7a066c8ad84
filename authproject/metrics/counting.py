"""What is counted beside answers and tokens: sign-ins, limits, new people. Labels are bounded here too."""

from typing import Final

from authproject.metrics.conf import OTHER, PEOPLE_MADE, SIGN_IN_METHODS, SIGN_IN_OUTCOMES
from authproject.metrics.recorder import recorder
from trust.limits import conf as limits
from trust.limits.conf import GuessPolicy, RatePolicy

SIGN_INS: Final = "sign_ins"  # by method, outcome
LIMITS: Final = "limits"  # by the limit's name
PEOPLE: Final = "people"  # by how they came to be
_LIMITS: Final = frozenset(each.name for each in vars(limits).values() if isinstance(each, GuessPolicy | RatePolicy))


def count_sign_in(method: str, outcome: str) -> None:
    """Count an attempt to sign in: by which first method, and what came of it."""
    recorder.add(
        (
            SIGN_INS,
            method if method in SIGN_IN_METHODS else OTHER,
            outcome if outcome in SIGN_IN_OUTCOMES else OTHER,
        )
    )


def count_limit(limit: str) -> None:
    """Count that a limit let somebody through no more, by its name."""
    recorder.add((LIMITS, limit if limit in _LIMITS else OTHER))


def count_person(how: str) -> None:
    """Count a new person, by how they came to be."""
    recorder.add((PEOPLE, how if how in PEOPLE_MADE else OTHER))
