"""OpenID Connect Core sections 3.1.2.1 and 5.5.1.1: levels of authentication that a client wants (`acr`)."""

from collections.abc import Iterable
from typing import Final

from accounts.vocabulary import Acr

_RANKS: Final = {level.value: rank for rank, level in enumerate(Acr)}  # the weakest first


def met_by(level: str, wanted: Iterable[str]) -> str | None:
    """Return the first of the levels wanted that a level meets, or None: who gave two factors gave one."""
    reached = _RANKS.get(level, -1)
    return next((value for value in wanted if value in _RANKS and _RANKS[value] <= reached), None)


def stricter(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return those levels wanted whose weakest is the stronger; of equals, the first."""
    return max(one, other, key=_weakest)


def _weakest(wanted: tuple[str, ...]) -> int:
    if not wanted:
        return -1
    return min((_RANKS[value] for value in wanted if value in _RANKS), default=len(_RANKS))
