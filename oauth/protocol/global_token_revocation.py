"""draft-parecki-oauth-global-token-revocation-06: a trusted client has all that a person has here ended at once.

The person is named by a subject identifier (RFC 9493): as the client itself calls them, or by an address of theirs.
Whether there is one is told by the status alone, as the draft has it: 404 where there is nobody, or nobody whom the
client may have among its people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oauth.errors import AccessDenied, InvalidRequest, OAuthError
from oauth.protocol.findings import malformed, missing
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc7523_client_assertion import ASSERTION_TYPE
from oauth.registered_client import RegisteredClient
from oauth.services import subject_revocation
from oauth.vocabulary import AuthMethod
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.origin import Origin

AUTH_METHODS: Final = (AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.PRIVATE_KEY_JWT)
# RFC 9493 sections 3.2.2 to 3.2.4: the members that an identifier of a format has, and no others.
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {"iss_sub": ("iss", "sub"), "email": ("email",), "opaque": ("id",)}
_LONGEST: Final = 2048  # characters of a member


class SubjectNotFound(OAuthError):
    """Section 3.4.2: nobody whom the client may have among its people is called so. The code is ours."""

    error = "subject_not_found"
    status_code = 404
    redirectable = False
    public = "The subject identifier names nobody."
    usual = Finding(found=Found.SUBJECT_UNKNOWN)


@dataclass(frozen=True, slots=True)
class SubjectIdentifier:
    """Who is meant, by one of the formats: `value` is the subject or the address, `issuer` whose subject, if said."""

    format: str
    value: str
    issuer: str = ""


def endpoint(issuer: str) -> str:
    """Return the endpoint's address."""
    return f"{issuer}/oauth/global-token-revocation"


def credentials(authorization: str) -> tuple[Parameters, str]:
    """Return how the client proves who it is, as at the token endpoint; the body has no room for it (section 3.2).

    What follows `Bearer` is an assertion that the client signed (RFC 7523): no access token is one.
    """
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return Parameters({}), authorization
    return Parameters({"client_assertion_type": ASSERTION_TYPE, "client_assertion": value.strip()}), ""


def check_allowed(client: RegisteredClient) -> None:
    """Raise AccessDenied, unless an administrator trusts the client so far."""
    if client.is_public or not client.may_revoke_subjects:
        finding = Finding(found=Found.GLOBAL_REVOCATION_NOT_ALLOWED)
        raise AccessDenied("The client may not revoke the tokens of people.", finding=finding)


def revoke(identifier: SubjectIdentifier, *, client: RegisteredClient, issuer: str, origin: Origin) -> None:
    """End every session and token of whom an identifier names (section 3.3). Raises SubjectNotFound.

    It may be said again: who has nothing left has nothing left.
    """
    user_id = None
    if identifier.format == "email":
        user_id = subject_revocation.by_address(identifier.value, client=client)
    elif identifier.issuer in {"", issuer}:
        user_id = subject_revocation.by_subject(identifier.value, client=client)
    named_by = identifier.format
    if user_id is None or not subject_revocation.revoke(
        user_id=user_id, client=client, named_by=named_by, origin=origin
    ):
        raise SubjectNotFound


def read(body: Mapping[str, object]) -> SubjectIdentifier:
    """Return whom the body of a request names (section 3.2). Raises InvalidRequest."""
    if "sub_id" not in body:
        raise InvalidRequest("The member sub_id is missing.", finding=missing("sub_id"))
    named = body["sub_id"]
    if len(body) > 1 or not isinstance(named, dict):
        raise InvalidRequest("The body is an object with the member sub_id alone.", finding=malformed("sub_id"))
    values = _values(named)
    return SubjectIdentifier(format=named["format"], value=values[-1], issuer=values[0] if len(values) > 1 else "")


def _values(named: dict[str, Any]) -> tuple[str, ...]:
    """Return the members of an identifier, in the order of its format."""
    format_ = named.get("format")
    members = _MEMBERS.get(format_) if isinstance(format_, str) else None
    if members is None:
        known = " ".join(_MEMBERS)
        came = format_ if isinstance(format_, str) else ""
        finding = Finding(found=Found.VALUE_UNSUPPORTED, about="format", came=came, expected=known)
        raise InvalidRequest("The format of the subject identifier is not supported.", finding=finding)
    values = tuple(named.get(name) for name in members)
    if set(named) != {"format", *members} or not all(isinstance(v, str) and 0 < len(v) <= _LONGEST for v in values):
        raise InvalidRequest("The subject identifier has other members.", finding=malformed("sub_id"))
    return tuple(str(value) for value in values)
