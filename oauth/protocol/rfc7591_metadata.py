"""RFC 7591 section 2: client metadata by its registered names, read into typed values and written out of them.

What our policy lacks a registered name for begins with `x_`. Unknown members are ignored, as section 2 demands, but
for unknown policies: a policy that is not applied must not pass for one that is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

from django.utils.translation import gettext_noop

from oauth.client_metadata import ClientMetadata
from oauth.conf import LONGEST_CLIENT_NAME
from oauth.vocabulary import AccessTokenFormat, AuthMethod, GrantType, IdTokenAlg, Introspects, Pkce

Choice = TypeVar("Choice", bound=Enum)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a member, in English and marked for translation; `value` is what was given, where it helps."""

    member: str
    message: str
    value: str = ""


class Malformed(Exception):
    """A member's value is of the wrong type, or not one of those that there are."""

    def __init__(self, message: str, value: object = "") -> None:
        """Keep what is wrong with which value."""
        super().__init__(message)
        self.message, self.value = message, str(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_CLIENT_NAME or _CONTROL.search(value):
        raise Malformed(gettext_noop("must be a text of one line"))
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise Malformed(gettext_noop("must be a list of texts"))
    return tuple(dict.fromkeys(value))


def _names(value: object) -> tuple[str, ...]:
    """Read scopes: a text with spaces between them (RFC 7591 section 2, scope), or a list."""
    return _texts(value.split() if isinstance(value, str) else value)


def _one_of(choices: type[Choice]) -> Callable[[object], Choice]:
    def read_one(value: object) -> Choice:
        for choice in choices:
            if value and choice.value == value:
                return choice
        raise Malformed(gettext_noop("is not known here"), value)

    return read_one


def _some_of(choices: type[Choice]) -> Callable[[object], tuple[Choice, ...]]:
    return lambda value: tuple(_one_of(choices)(one) for one in _texts(value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Malformed(gettext_noop("must be true or false"))
    return value


def _seconds(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed(gettext_noop("must be a number of seconds"))
    return value


# By member: the attribute of ClientMetadata, and how its value is read.
_MEMBERS: Final[Mapping[str, tuple[str, Callable[[object], object]]]] = {
    "client_name": ("name", _text),
    "token_endpoint_auth_method": ("auth_method", _one_of(AuthMethod)),
    "grant_types": ("grant_types", _some_of(GrantType)),
    "redirect_uris": ("redirect_uris", _texts),
    "post_logout_redirect_uris": ("post_logout_redirect_uris", _texts),
    "scope": ("scopes", _names),
    "id_token_signed_response_alg": ("id_token_alg", _one_of(IdTokenAlg)),
    "x_scopes": ("scopes", _names),
    "x_default_scopes": ("default_scopes", _names),
    "x_introspects": ("introspects", _one_of(Introspects)),
    "x_pkce": ("pkce", _one_of(Pkce)),
    "x_access_token_format": ("access_token_format", _one_of(AccessTokenFormat)),
    "x_access_token_lifetime": ("access_token_lifetime", _seconds),
    "x_skip_consent": ("skips_consent", _flag),
    "x_groups": ("groups", _texts),
}
_RESPONSE_TYPES: Final = frozenset({"code"})


def read(metadata: Mapping[str, object], *, onto: ClientMetadata) -> tuple[ClientMetadata, list[Problem]]:
    """Return `onto` with the named members changed, and what is wrong with those that could not be read."""
    values: dict[str, Any] = {}
    problems = _unspoken(metadata)
    for member in metadata.keys() & _MEMBERS.keys():
        attribute, read_value = _MEMBERS[member]
        try:
            values[attribute] = read_value(metadata[member])
        except Malformed as malformed:
            problems.append(Problem(member, malformed.message, malformed.value))
    return replace(onto, **values), problems


def _unspoken(metadata: Mapping[str, object]) -> list[Problem]:
    """Return what is asked for and not spoken here: response types but `code`, and policies that are not ours."""
    policies = sorted(member for member in metadata if member.startswith("x_") and member not in _MEMBERS)
    problems = [Problem(member, gettext_noop("is not known here")) for member in policies]
    if not _RESPONSE_TYPES.issuperset(_texts_or_none(metadata.get("response_types", []))):
        problems.append(Problem("response_types", gettext_noop("may only be code")))
    return problems


def _texts_or_none(value: object) -> tuple[str | None, ...]:
    try:
        return _texts(value)
    except Malformed:
        return (None,)


def written(client: ClientMetadata) -> dict[str, object]:
    """Return a client's metadata by its names.

    `token_endpoint_auth_method` is left out where the client may choose between header and body: its default is
    the header (RFC 7591 section 2), and reading this again changes nothing.
    """
    method = {} if client.auth_method is AuthMethod.ANY_SECRET else {"token_endpoint_auth_method": client.auth_method}
    return {
        "client_name": client.name,
        **{name: value.value for name, value in method.items()},
        "grant_types": [grant_type.value for grant_type in client.grant_types],
        "response_types": ["code"] if client.acts_for_people else [],
        "redirect_uris": list(client.redirect_uris),
        "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
        "scope": " ".join(client.scopes),
        "id_token_signed_response_alg": client.id_token_alg.value,
        "x_default_scopes": list(client.default_scopes),
        "x_introspects": client.introspects.value,
        "x_pkce": client.pkce.value,
        "x_access_token_format": client.access_token_format.value,
        "x_access_token_lifetime": client.access_token_lifetime,
        "x_skip_consent": client.skips_consent,
        "x_groups": list(client.groups),
    }


def by_any_secret(client: ClientMetadata) -> ClientMetadata:
    """Return a confidential client that may choose between header and body, which no value of the member says."""
    return replace(client, auth_method=AuthMethod.ANY_SECRET)


def client_information(
    client: ClientMetadata, *, client_id: str, issued_at: datetime, secret: str = ""
) -> dict[str, object]:
    """Return the client information response (RFC 7591 section 3.2.1); a secret never expires, and is told once."""
    told = {"client_secret": secret, "client_secret_expires_at": 0} if secret else {}
    return {"client_id": client_id, "client_id_issued_at": int(issued_at.timestamp()), **told, **written(client)}
