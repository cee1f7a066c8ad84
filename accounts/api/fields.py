"""The fields of a small request body, JSON or form, as text: what the token endpoints take."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from trust.guard.exceptions import Refused
from trust.guard.refusal import Refusal
from trust.lib.strict_json import MalformedJson
from trust.lib.wire import Request

_LONGEST: Final = 8192  # characters of one field
_MOST: Final = 20  # fields of a form
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"


def text_fields(request: Request) -> Mapping[str, str]:
    """Return the body's fields that are text. Raises Refused: 400 for what cannot be read, 415 for another type."""
    if not request.body:
        return {}
    media_type = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if media_type == _FORM:
        return _once(_form(request.body))
    if media_type != _JSON:
        raise Refused(Refusal(status=415, code="unsupported_media_type"))
    try:
        members = request.json()
    except MalformedJson as malformed:
        raise Refused(Refusal(status=400, code="parse_error")) from malformed
    if not isinstance(members, dict):
        raise Refused(Refusal(status=400, code="invalid"))
    return _once(list(members.items()))


def required(fields: Mapping[str, str], name: str) -> str:
    """Return one field. Raises Refused if it is missing."""
    value = fields.get(name, "")
    if not value:
        raise Refused(_invalid(name, _("This field is required.")))
    return value


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST)
    except ValueError as malformed:
        raise Refused(Refusal(status=400, code="invalid")) from malformed


def _once(pairs: list[tuple[str, object]] | list[tuple[str, str]]) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields or not isinstance(value, str) or len(value) > _LONGEST:
            raise Refused(_invalid(name, _("Not a valid string.")))
        fields[name] = value
    return fields


def _invalid(name: str, message: str) -> Refusal:
    return Refusal(status=400, code="invalid", extra={"errors": {name: [message]}})
