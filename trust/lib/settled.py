"""Values that depend on settings and on little else: made once, and anew where a test changes a setting.

To read a setting costs five times a call of what is kept, and machine endpoints read a dozen for each request.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from django.core.signals import setting_changed

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def settled(most: int) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Keep what a function returns for its last `most` arguments, as long as the settings are what they are."""

    def keep(make: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        kept: Any = lru_cache(most)(make)

        def forget(**_changed: object) -> None:
            kept.cache_clear()

        setting_changed.connect(forget, weak=False)
        kept_as_made: Callable[Parameters, Result] = kept
        return kept_as_made

    return keep
