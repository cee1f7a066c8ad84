"""RFC 9396 section 2: what a type of authorization details may be, and whether a detail is of its type."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from oauth.authorization_detail import DetailField, DetailType, FieldKind
from oauth.conf import LONGEST_SCOPE, LONGEST_SCOPE_DESCRIPTION, LONGEST_SCOPE_TITLE
from oauth.protocol import rfc7591_values
from oauth.protocol.readable_text import is_readable
from oauth.protocol.rfc6749_scope import is_scope_token, problems_of_words
from oauth.protocol.rfc7591_metadata import Problem
from oauth.protocol.rfc7591_values import Malformed

TYPE: Final = "type"
LONGEST_TEXT: Final = 255  # characters of one text in a detail
MOST_TEXTS: Final = 20  # in one list of a detail
MOST_FIELDS: Final = 20  # of one type, beside the common ones
_LONGEST_LABEL: Final = 80  # characters, in each language
_LARGEST_NUMBER: Final = 10**15  # beyond it, programs differ in what they read
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")  # ISO 4217
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?")
_WORDS: Final = {
    **dict.fromkeys(("title_en", "title_ko"), LONGEST_SCOPE_TITLE),
    **dict.fromkeys(("description_en", "description_ko"), LONGEST_SCOPE_DESCRIPTION),
}


def is_text(value: object) -> bool:
    """Tell whether a value is a text that people can read."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and is_readable(value)


def is_list(value: object) -> bool:
    """Tell whether a value is a list of such texts, each once."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_TEXTS:
        return False
    return all(is_text(one) for one in value) and len(set(value)) == len(value)


def _is_locations(value: object) -> bool:
    if not is_list(value):
        return False
    try:
        return all(rfc7591_values.uris(value))
    except Malformed:
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER


def _is_money(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"currency", "amount"}:
        return False
    currency, amount = value["currency"], value["amount"]
    if not isinstance(currency, str) or not isinstance(amount, str):
        return False
    return bool(_CURRENCY.fullmatch(currency) and _AMOUNT.fullmatch(amount))


# Section 2.2: the fields that every type may have.
COMMON: Final[Mapping[str, Callable[[object], bool]]] = {
    "locations": _is_locations,
    "actions": is_list,
    "datatypes": is_list,
    "identifier": is_text,
    "privileges": is_list,
}
_OF_KIND: Final[Mapping[FieldKind, Callable[[object], bool]]] = {
    FieldKind.TEXT: is_text,
    FieldKind.NUMBER: _is_number,
    FieldKind.MONEY: _is_money,
    FieldKind.LIST: is_list,
}


def wrong_field(detail: Mapping[str, Any], of_type: DetailType) -> str | None:
    """Return the name of a field that a detail of this type may not have, or not so, or must have; or None."""
    own = {field.name: field for field in of_type.fields}
    for name, value in detail.items():
        if name == TYPE:
            continue
        is_right = _OF_KIND[own[name].kind] if name in own else COMMON.get(name)
        if is_right is None or not is_right(value):
            return name
    return next((field.name for field in of_type.fields if field.required and field.name not in detail), None)


def problems_of(described: DetailType) -> list[Problem]:
    """Return what is wrong with a type that somebody describes."""
    problems = []
    if not is_scope_token(described.type) or len(described.type) > LONGEST_SCOPE:
        problems.append(Problem("type", gettext_noop("is not the name of a type"), described.type))
    if not described.title_en.strip():
        problems.append(Problem("title_en", gettext_noop("is missing: people read it when they are asked to consent")))
    for member, longest in _WORDS.items():
        problems += problems_of_words(member, getattr(described, member), longest=longest)
    return [*problems, *_problems_of_fields(described.fields)]


def _problems_of_fields(fields: tuple[DetailField, ...]) -> Iterator[Problem]:
    names = [field.name for field in fields]
    if len(names) > MOST_FIELDS:
        yield Problem("fields", gettext_noop("are too many"))
    for field in fields:
        if not _NAME.fullmatch(field.name) or field.name == TYPE or field.name in COMMON:
            yield Problem("fields", gettext_noop("is not the name of a field"), field.name)
        elif names.count(field.name) > 1:
            yield Problem("fields", gettext_noop("stands there twice"), field.name)
        if not field.label_en.strip():
            yield Problem("fields", gettext_noop("has no label_en: people read it before the value"), field.name)
        for label in (field.label_en, field.label_ko):
            yield from problems_of_words("fields", label, longest=_LONGEST_LABEL)


def fields_of(written: object) -> tuple[DetailField, ...]:
    """Return the fields that somebody wrote down as JSON. Raises Malformed."""
    if not isinstance(written, list):
        raise Malformed(gettext_noop("must be a list of fields"))
    return tuple(_field(one) for one in written)


def _field(written: object) -> DetailField:
    """Return a field; its members are names, so that what is misspelt is told."""
    if not isinstance(written, dict) or not written.keys() <= DetailField(name="").written().keys():
        raise Malformed(gettext_noop("each field has: name, kind, required, label_en, label_ko"))
    if not isinstance(written.get("required", False), bool):
        raise Malformed(gettext_noop("required: must be true or false"))
    texts = {name: rfc7591_values.text(value) for name, value in written.items() if name not in {"required", "kind"}}
    kind = rfc7591_values.one_of(FieldKind)(written.get("kind", FieldKind.TEXT.value))
    return DetailField(**{"name": "", **texts}, kind=kind, required=written.get("required", False))
