"""The document: its sections in the order in which they are put, since later ones name what stands in earlier ones."""

from typing import Any, Final

from authproject.configuration.clients import Clients
from authproject.configuration.detail_types import DetailTypes
from authproject.configuration.groups import Groups
from authproject.configuration.providers import Providers
from authproject.configuration.scopes import Resources, Scopes
from authproject.configuration.section import Entry, Section, WrongEntry
from authproject.configuration.workloads import TrustedIssuers, Workloads

VERSION: Final = 1
SECTIONS: Final[tuple[Section, ...]] = (
    Groups(),
    Scopes(),
    DetailTypes(),
    Clients(),
    Resources(),
    Providers(),
    TrustedIssuers(),
    Workloads(),
)
_VERSION_MEMBER: Final = "version"


def exported(*, with_secrets: bool) -> dict[str, Any]:
    """Return what stands, as a document."""
    sections = {section.name: section.standing(with_secrets=with_secrets) for section in SECTIONS}
    return {_VERSION_MEMBER: VERSION, **sections}


def read(document: object) -> dict[str, list[Entry]]:
    """Return the entries of the sections that a document has. Raises WrongEntry."""
    if not isinstance(document, dict) or document.get(_VERSION_MEMBER) != VERSION:
        raise WrongEntry(f"this is no configuration of version {VERSION}")
    known = {section.name: section for section in SECTIONS}
    if unknown := sorted(set(document) - {*known, _VERSION_MEMBER}):
        raise WrongEntry(f"{unknown[0]}: is not known here")
    return {name: _entries(known[name], document[name]) for name in known if name in document}


def _entries(section: Section, entries: object) -> list[Entry]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise WrongEntry(f"{section.name}: must be a list of objects")
    keys = [entry.get(section.key) for entry in entries]
    if not all(isinstance(key, str) and key for key in keys):
        raise WrongEntry(f"{section.name}: an entry has no {section.key}")
    if len(set(keys)) < len(keys):
        raise WrongEntry(f"{section.name}: a {section.key} stands there twice")
    return entries
