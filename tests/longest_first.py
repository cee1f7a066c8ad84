"""Which tests begin first, so that no worker is left alone with a long module at the end: make test --dist loadscope."""

from typing import Final

import pytest

_FIRST: Final = (
    "tests/recipes/test_recipes.py",
    "tests/browser/test_every_page.py",
    "tests/security/test_hostile_input.py",
    "tests/browser/",
    "tests/recipes/",
    "tests/interop_external/",
    "tests/interop/",
    "tests/reliability/",
    "tests/conformance/plans/",
    "tests/security/",
    "tests/",
)


def longest_first(tests: list[pytest.Item]) -> None:
    """Put the modules first that take long, each whole: xdist hands them out in this order."""
    tests.sort(key=lambda test: next(place for place, start in enumerate(_FIRST) if test.nodeid.startswith(start)))
