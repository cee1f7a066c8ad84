"""The JSON body of a machine endpoint, read strictly (RFC 8259 section 4: no name twice)."""

from collections.abc import Mapping
from typing import Final

from oauth.errors import InvalidRequest
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.strict_json import MalformedJson
from trust.lib.wire import Request

_JSON: Final = "application/json"
_UNREADABLE: Final = Finding(found=Found.UNREADABLE)


def object_of(request: Request) -> Mapping[str, object]:
    """Return the JSON object of a body. Raises InvalidRequest."""
    if request.media_type != _JSON:
        finding = Finding(found=Found.CONTENT_TYPE, came=request.media_type, expected=_JSON)
        raise InvalidRequest("The body must be application/json.", finding=finding)
    try:
        members = request.json()
    except MalformedJson as malformed:
        raise InvalidRequest("The body is not JSON, or says something twice.", finding=_UNREADABLE) from malformed
    if not isinstance(members, dict):
        raise InvalidRequest("The body must be a JSON object.", finding=_UNREADABLE)
    return members
