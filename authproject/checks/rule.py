"""A rule of the deployment: its id, when it is broken, what is then said, and how it is mended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.checks import CheckMessage, Error, Info
from django.core.checks import Warning as Caution

# By the letter of the id: what must not be, what should not be, what is to be done before serving.
_LEVELS: Final[Mapping[str, Callable[..., CheckMessage]]] = {"E": Error, "W": Caution, "I": Info}


@dataclass(frozen=True, slots=True)
class Rule:
    """One id. Neither sentence holds a value: what is wrong with a secret must not tell the secret."""

    number: str
    says: str
    mend: str
    is_broken: Callable[[], bool]

    @property
    def id(self) -> str:
        """Return the id, by which a check is silenced or looked up."""
        return f"authproject.{self.number}"

    def message(self) -> CheckMessage:
        """Return what `manage.py check` prints."""
        return _LEVELS[self.number[0]](self.says, hint=self.mend, id=self.id)
