"""The plan: what is different between a document and what stands, shown before it is done."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from accounts.services import provisioning
from authproject.configuration.document import SECTIONS
from authproject.configuration.section import Entry, Section, WrongEntry
from oauth.services import registration

_SECRET: Final = frozenset({"secret", "client_secret", "client_secret_digest"})  # members whose values nobody is shown


@dataclass(frozen=True, slots=True)
class Change:
    """One entry to make (`before` is None), to change, or to take away (`after` is None)."""

    section: Section
    key: str
    before: Entry | None
    after: Entry | None

    def lines(self) -> Iterator[str]:
        """Yield what it comes to, for people."""
        sign = "+" if self.before is None else "-" if self.after is None else "~"
        yield f"{sign} {self.section.name} {self.key}"
        if self.before is not None and self.after is not None:
            for member in _differing(self.before, self.after):
                yield f"    {member}: {_shown(member, self.before)} -> {_shown(member, self.after)}"


def planned(wanted: Mapping[str, list[Entry]], *, prune: bool) -> list[Change]:
    """Return what would have to be done, in order. Raises WrongEntry, which names the entry.

    With `prune`, what a section of the document does not name is taken away, last things first.
    """
    changes = [change for section in SECTIONS if section.name in wanted for change in _puts(section, wanted)]
    if prune:
        for section in reversed(SECTIONS):
            if section.name in wanted:
                changes += _removals(section, wanted[section.name])
    return changes


@transaction.atomic
def apply(wanted: Mapping[str, list[Entry]], *, prune: bool) -> tuple[list[Change], dict[str, str]]:
    """Do all of it or nothing, and return what was done, and the secrets of new clients by their ids.

    What stands is looked at again: others may have changed it since a plan was shown. Raises WrongEntry.
    """
    provisioning.wait_for_turn()
    registration.wait_for_turn()
    changes = planned(wanted, prune=prune)
    secrets: dict[str, str] = {}
    for change in changes:
        try:
            secrets |= _done(change)
        except WrongEntry as wrong:
            raise _placed(change.section, change.key, wrong) from wrong
    return changes, secrets


def _done(change: Change) -> Mapping[str, str]:
    if change.after is None:
        change.section.remove(change.key)
        return {}
    return change.section.put(change.after)


def _puts(section: Section, wanted: Mapping[str, list[Entry]]) -> Iterator[Change]:
    """Yield what is to be made and changed. Secrets are compared only if the document has some."""
    standing = _by_key(section, section.standing(with_secrets=True))
    for entry in wanted[section.name]:
        key = entry[section.key]
        try:
            after = section.wanted(entry)
        except WrongEntry as wrong:
            raise _placed(section, key, wrong) from wrong
        before = standing.get(key)
        if before is None or _differing(before, after):
            yield Change(section, key, before, after)


def _removals(section: Section, entries: list[Entry]) -> list[Change]:
    named = {entry[section.key] for entry in entries}
    standing = section.standing(with_secrets=False)
    return [
        Change(section, entry[section.key], entry, None)
        for entry in standing
        if entry[section.key] not in named and not section.is_spared(entry)
    ]


def _by_key(section: Section, entries: list[Entry]) -> dict[str, Entry]:
    return {entry[section.key]: entry for entry in entries}


def _differing(before: Entry, after: Entry) -> list[str]:
    """Return the members that change; a secret that the document does not have stays as it is."""
    members = [name for name in {**before, **after} if name in after or name not in _SECRET]
    return [name for name in members if before.get(name) != after.get(name)]


def _shown(member: str, entry: Entry) -> str:
    if member in _SECRET:
        return "(secret)"
    value: Any = entry.get(member)
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _placed(section: Section, key: str, wrong: WrongEntry) -> WrongEntry:
    return WrongEntry(f"{section.name} {key}: {wrong}")
