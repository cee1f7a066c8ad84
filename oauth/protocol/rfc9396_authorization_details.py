"""RFC 9396: rich authorization requests. What is asked for in detail, and what of it a token is for."""

from collections.abc import Collection
from typing import Any, Final

from oauth.authorization_detail import DetailTypes, each_of, members_of, text_of, together
from oauth.errors import InvalidAuthorizationDetails
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc9396_detail_type import TYPE, wrong_field
from oauth.services import authorization_detail_types
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.strict_json import MalformedJson, parse_json

AUTHORIZATION_DETAILS: Final = "authorization_details"
MOST_DETAILS: Final = 10  # of one request


def read_authorization_details(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take what is asked for in detail, each of a type that the client is registered for (section 5)."""
    text = request.parameters.get(AUTHORIZATION_DETAILS)
    if not text:
        return request
    types = authorization_detail_types.registered()
    details = parse(text, types=types, allowed=request.known_client.authorization_details_types)
    each_time = any(types[members_of(detail)[TYPE]].asks_each_time for detail in details)
    return request.having(authorization_details=together(details), details_ask_each_time=each_time)


def parse(text: str, *, types: DetailTypes, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the details of a parameter, each as its text. Raises InvalidAuthorizationDetails."""
    details = tuple(_checked(detail, types=types, allowed=allowed) for detail in _array(text))
    if len(set(details)) < len(details):
        raise _malformed("a detail that came twice")
    return details


def narrowed(text: str, *, granted: str) -> str:
    """Return what a token is for: the details that a token request asks for, of those granted (section 6).

    Both are JSON texts; without any asked for, all that were granted. Raises InvalidAuthorizationDetails.
    """
    if not text:
        return granted
    details = tuple(dict.fromkeys(text_of(detail) for detail in _array(text)))
    if not set(details) <= set(each_of(granted)):
        finding = Finding(found=Found.DETAIL_NOT_GRANTED)
        raise InvalidAuthorizationDetails("The authorization_details are not some of those granted.", finding=finding)
    return together(details)


def of_types(granted: str, types: Collection[str]) -> str:
    """Return what was granted of these types: those that a client may still ask for."""
    return together(detail for detail in each_of(granted) if members_of(detail)[TYPE] in types)


def _array(text: str) -> list[Any]:
    try:
        details = parse_json(text.encode("utf-8", "surrogatepass"))
    except MalformedJson as wrong:
        raise _malformed("the JSON") from wrong
    if not isinstance(details, list) or not 0 < len(details) <= MOST_DETAILS:
        raise _malformed("the array")
    return details


def _checked(detail: object, *, types: DetailTypes, allowed: Collection[str]) -> str:
    """Return a detail's text, once all of it is as its type says: the server MUST refuse what it is not (section 5)."""
    if not isinstance(detail, dict) or not isinstance(detail.get(TYPE), str):
        raise _malformed(TYPE)
    name = detail[TYPE]
    if name not in types or name not in allowed:
        known = " ".join(sorted(allowed))
        raise InvalidAuthorizationDetails(
            finding=Finding(found=Found.DETAIL_TYPE_NOT_ALLOWED, came=name, expected=known)
        )
    if (wrong := wrong_field(detail, types[name])) is not None:
        own = {field.name for field in types[name].fields}
        raise _malformed(wrong if wrong in own else "a field")
    return text_of(detail)


def _malformed(about: str) -> InvalidAuthorizationDetails:
    return InvalidAuthorizationDetails(finding=Finding(found=Found.DETAIL_MALFORMED, about=about))
