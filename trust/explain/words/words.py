"""The words of one finding."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Words:
    """What was found, how to mend it, and whether whoever has the reference may read how."""

    found: str | Promise
    mend: str | Promise
    is_for_all: bool = False
