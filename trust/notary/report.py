"""What a verification found, as it is printed: findings may be millions, so they are counted and few are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from trust.audit.walk import Finding

_KEPT: Final = 100


@dataclass(slots=True)
class Report:
    """What was found wrong, and what there is to say beside it."""

    findings: list[str] = field(default_factory=list)
    count: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, *findings: Finding | str) -> None:
        """Add what is wrong."""
        self.count += len(findings)
        self.findings += [str(found) for found in findings[: _KEPT - len(self.findings)]]

    def add_all(self, findings: Iterable[Finding]) -> None:
        """Add what comes."""
        for found in findings:
            self.add(found)

    def note(self, text: str) -> None:
        """Say something that is not wrong."""
        self.notes.append(text)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.count
