"""What every section of a configuration can do."""

from collections.abc import Mapping
from typing import Any, Protocol

Entry = dict[str, Any]  # one client, one scope, ... as it stands in the document


class WrongEntry(Exception):
    """An entry cannot be put; the message says which member is wrong, and how."""


class Section(Protocol):
    """One kind of things that an installation is set up with."""

    name: str
    """What the section is called in the document."""
    key: str
    """The member by which an entry is known."""

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return what stands, in a fixed order."""
        ...

    def wanted(self, entry: Entry) -> Entry:
        """Return what would stand. An entry is whole: what it does not name is the default. Raises WrongEntry."""
        ...

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make it so, as `wanted` returned it, and return the secrets that were made, by whose they are."""
        ...

    def is_spared(self, entry: Entry) -> bool:
        """Tell whether what no document names stays all the same."""
        ...

    def remove(self, key: str) -> None:
        """Take away what no document names any more. Raises WrongEntry."""
        ...


def text_of(entry: Entry, member: str) -> str:
    """Return a member that must be text. Raises WrongEntry."""
    value = entry.get(member, "")
    if not isinstance(value, str):
        raise WrongEntry(f"{member}: must be a text")
    return value


def texts_of(entry: Entry, member: str) -> list[str]:
    """Return a member that must be a list of texts. Raises WrongEntry."""
    value = entry.get(member, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise WrongEntry(f"{member}: must be a list of texts")
    return value


def check_members(entry: Entry, known: Mapping[str, object]) -> None:
    """Refuse what is not known: a policy that is not applied must not pass for one that is. Raises WrongEntry."""
    if unknown := sorted(set(entry) - set(known)):
        raise WrongEntry(f"{unknown[0]}: is not known here")
