"""RFC 9396 section 2: authorization details as texts, their types, and what a field of theirs may be.

A detail is kept as the JSON text that we write of it, members in order: two are the same if their texts are.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class FieldKind(StrEnum):
    """What a field of a type takes."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"  # {"currency": "EUR", "amount": "12.50"}
    LIST = "list"  # of texts


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailField:
    """A field beside the common ones, and what people read before its value."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    label_en: str = ""
    label_ko: str = ""

    def written(self) -> dict[str, Any]:
        """Return it as it is kept, and as a configuration has it."""
        words = {"label_en": self.label_en, "label_ko": self.label_ko}
        return {"name": self.name, "kind": self.kind.value, "required": self.required, **words}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        """Return what `written` wrote."""
        return cls(**{**written, "kind": FieldKind(written["kind"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailType:
    """A type that clients may ask for, and its words.

    `asks_each_time`: no consent before stands for this one. `is_registrable`: who registers itself may name it.
    """

    type: str
    title_en: str = ""
    title_ko: str = ""
    description_en: str = ""
    description_ko: str = ""
    fields: tuple[DetailField, ...] = ()
    asks_each_time: bool = True
    is_registrable: bool = False

    def written(self) -> dict[str, Any]:
        """Return it as a configuration has it, its fields written too."""
        words = ("title_en", "title_ko", "description_en", "description_ko")
        fields = [field.written() for field in self.fields]
        said = {name: getattr(self, name) for name in words}
        flags = {"asks_each_time": self.asks_each_time, "is_registrable": self.is_registrable}
        return {"type": self.type, **said, "fields": fields, **flags}


DetailTypes = Mapping[str, DetailType]  # by their names


def text_of(detail: object) -> str:
    """Return the text of a detail."""
    return json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def members_of(detail: str) -> dict[str, Any]:
    """Return the members of a detail."""
    members: dict[str, Any] = json.loads(detail)
    return members


def together(details: Iterable[str]) -> str:
    """Return details as the JSON array that the wire has."""
    return f"[{','.join(details)}]"


def each_of(array: str) -> tuple[str, ...]:
    """Return the details of such an array, each as its text; none of nothing."""
    return tuple(text_of(detail) for detail in json.loads(array or "[]"))
