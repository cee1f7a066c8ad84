"""RFC 9396: authorization details in words that people decide by: their type's title, then each field by its label."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oauth.authorization_detail import DetailType, members_of
from oauth.protocol.readable_text import mixes_alphabets
from oauth.protocol.rfc9396_detail_type import TYPE
from oauth.services import authorization_detail_types
from oauth.views.decided import digest_of
from oauth.views.permissions import is_page_korean

_COMMON: Final[dict[str, str | Promise]] = {
    "identifier": gettext_lazy("For"),
    "actions": gettext_lazy("Actions"),
    "datatypes": gettext_lazy("Data"),
    "privileges": gettext_lazy("Rights"),
    "locations": gettext_lazy("Where"),
}


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One field. `looks_alike`: a value has letters of several alphabets in one word."""

    label: str | Promise
    values: list[str]
    looks_alike: bool


@dataclass(frozen=True, slots=True)
class DetailInWords:
    """One detail; `digest` names it in a form."""

    digest: str
    title: str
    description: str
    lines: list[DetailLine]


def details_in_words(details: Iterable[str]) -> list[DetailInWords]:
    """Return details, in the language of the page. One whose type is gone is told in its own names."""
    types, is_korean = authorization_detail_types.registered(), is_page_korean()
    return [_in_words(detail, types.get(members_of(detail)[TYPE]), is_korean=is_korean) for detail in details]


def _in_words(detail: str, known: DetailType | None, *, is_korean: bool) -> DetailInWords:
    members = members_of(detail)
    of_type = known or DetailType(type=members[TYPE])
    title = (is_korean and of_type.title_ko) or of_type.title_en
    description = (is_korean and of_type.description_ko) or of_type.description_en
    lines = list(_lines(members, of_type, is_korean=is_korean))
    return DetailInWords(digest_of(detail), title or _by_name(of_type.type), description, lines)


def _lines(members: dict[str, Any], of_type: DetailType, *, is_korean: bool) -> Iterator[DetailLine]:
    """Yield the fields that the type has, in its order, then the common ones, then what is known no more."""
    labels = {field.name: (is_korean and field.label_ko) or field.label_en for field in of_type.fields}
    for name in dict.fromkeys([*labels, *_COMMON, *members]):
        if name in members and name != TYPE:
            values = _values(members[name])
            label = labels.get(name) or _COMMON.get(name) or name
            yield DetailLine(label, values, any(map(mixes_alphabets, values)))


def _values(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_text(one) for one in value]
    if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
        return [f"{value['amount']} {value['currency']}"]
    return [_text(value)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _by_name(name: str) -> str:
    return _("Use the authorization “%(name)s”") % {"name": name}
