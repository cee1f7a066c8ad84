"""What a person answered a client before, a value that floors hand on."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenConsent:
    """The scopes that were allowed and those that were unticked, and the authorization details that were allowed."""

    allowed: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    details: frozenset[str] = frozenset()

    def settles(self, names: Collection[str], *, needed: Collection[str]) -> bool:
        """Tell whether the person was asked for all of it before, and allowed what cannot be left out."""
        return (self.allowed | self.declined).issuperset(names) and self.allowed.issuperset(needed)
