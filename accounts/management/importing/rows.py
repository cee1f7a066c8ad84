"""People as rows: of a CSV file, or of `manage.py dumpdata auth.user` of another Django. Columns are named as there."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from accounts.management.importing import hashes
from accounts.management.scripting import read_documents, refusal

# Columns of Django's own table, by the member that they are.
_RENAMED: Final = {
    "first_name": "given_name",
    "last_name": "family_name",
    "is_active": "x_active",
    "is_staff": "x_staff",
    "password": "x_password_hash",
    "password_hash": "x_password_hash",
    "sub": "id",
}
_LEFT: Final = frozenset({"last_login", "date_joined", "user_permissions", "is_superuser"})
_FLAGS: Final = frozenset({"x_active", "x_staff", "email_verified", "phone_number_verified"})
_TRUE: Final = frozenset({"1", "t", "true", "yes", "y"})


def from_csv(path: str) -> Iterator[dict[str, Any]]:
    """Yield the people of a CSV file in UTF-8 whose first line names its columns. Raises CommandError."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            yield from map(document_of, csv.DictReader(file, strict=True))
    except OSError as unreadable:
        raise refusal(f"{path}:", unreadable.strerror or "unreadable") from unreadable
    except (csv.Error, UnicodeDecodeError) as malformed:
        raise refusal(f"{path}: this is no CSV in UTF-8") from malformed


def from_django(path: str) -> Iterator[dict[str, Any]]:
    """Yield the people of a dump; other models in it are passed by. Raises CommandError."""
    for entry in read_documents(path)[0]:
        fields = entry.get("fields")
        if isinstance(fields, dict) and "password" in fields and "username" in fields:
            key: dict[str | None, Any] = {"id": entry["pk"]} if isinstance(entry.get("pk"), str) else {}
            row: dict[str | None, Any] = {**fields, **key, "groups": _names(fields.get("groups"))}
            yield document_of(row)


def document_of(row: Mapping[str | None, Any]) -> dict[str, Any]:
    """Return a row as a JSON object that create_user takes. An empty cell says nothing.

    Who was a superuser is not one here: that is given by hand.
    """
    document: dict[str, Any] = {}
    for column, value in row.items():
        name = _RENAMED.get(str(column), str(column))
        if value not in ("", None, []) and name not in _LEFT:
            document[name] = str(value).lower() in _TRUE if name in _FLAGS else value
    if isinstance(document.get("groups"), str):
        document["groups"] = [name.strip() for name in document["groups"].split("|") if name.strip()]
    return document | _kept_hash(document)


def _kept_hash(document: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the hash as it is checked here; None, which is told, where it cannot be."""
    encoded = document.get("x_password_hash")
    return {} if encoded is None else {"x_password_hash": hashes.of_django(str(encoded))}


def _names(groups: object) -> list[str]:
    """Return the groups of a dump that was made with natural keys: others are numbers, which say nothing here."""
    entries: Iterable[Any] = groups if isinstance(groups, list) else []
    return [entry[0] for entry in entries if isinstance(entry, list) and len(entry) == 1 and isinstance(entry[0], str)]
