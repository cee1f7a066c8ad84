"""RFC 8707 section 2: what an access token is for. One token is for one API, and says the scopes of that API alone.

Our own API is the issuer: it is what a token is for where none is named, and may be named as any other.
"""

from collections.abc import Iterable
from typing import Final

from oauth.errors import InvalidTarget
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.scope_description import ResourceDescription
from oauth.services import scopes
from oauth.vocabulary import OPENID
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

_MOST: Final = 10  # resources of one authorization


def read_resources(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the resources that are asked for; where no scope is asked, those of theirs that the client may have."""
    asked = request.parameters.all("resource")
    if not asked:
        return request
    if len(asked) > _MOST:
        raise _refused(Found.VALUE_MALFORMED, asked[_MOST])
    named = {identifier: _known(identifier, issuer=request.issuer) for identifier in asked}
    scope = request.scope
    if not request.parameters.get("scope"):
        of_them = [name for one in named.values() if one for name in one.scopes if name in request.known_client.scopes]
        scope = tuple(dict.fromkeys((*scope, *of_them)))
    for resource in named.values():
        scope_at(resource, scope)
    return request.having(resources=tuple(named), scope=scope)


def check_grantable(parameters: Parameters, *, resources: Iterable[str], scope: Iterable[str], issuer: str) -> None:
    """Check what a token request names before its code or refresh token is used. Raises InvalidTarget."""
    resource = chosen(parameters, resources=resources, scope=scope, issuer=issuer)
    scope_at(resource, scope)


def chosen(
    parameters: Parameters, *, resources: Iterable[str], scope: Iterable[str], issuer: str
) -> ResourceDescription | None:
    """Return what a token is to be for (section 2.2): None is our own API. Raises InvalidTarget.

    It is what the token request names, of what the person was asked for; where it names none, the first of these.
    A grant that was for none in particular may be for any API whose scopes it has.
    """
    granted, asked = tuple(resources), parameters.all("resource")
    if len(asked) > 1:
        raise _refused(Found.TARGETS_TOO_MANY, asked[1])
    wanted = next(iter(asked or granted), "")
    if not wanted:
        return None
    is_ours = _is_ours(wanted, issuer)
    if granted and not is_ours and wanted not in granted:
        raise _refused(Found.TARGET_NOT_GRANTED, wanted)
    if is_ours and granted and wanted not in granted and OPENID not in scope:
        raise _refused(Found.TARGET_NOT_GRANTED, wanted)
    return _known(wanted, issuer=issuer)


def scope_at(resource: ResourceDescription | None, scope: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes of a grant that open this API. Raises InvalidTarget if none does."""
    if resource is None:
        return tuple(scope)
    opening = tuple(name for name in scope if name in resource.scopes)
    if not opening:
        raise _refused(Found.TARGET_NOT_OPENED, resource.identifier, expected=" ".join(resource.scopes))
    return opening


def _known(identifier: str, *, issuer: str) -> ResourceDescription | None:
    """Return the resource of an identifier, None for our own API. Raises InvalidTarget for one that nobody knows."""
    if _is_ours(identifier, issuer):
        return None
    known = scopes.catalogue().resource(identifier)
    if known is None:
        raise _refused(Found.TARGET_UNKNOWN, identifier)
    return known


def _is_ours(identifier: str, issuer: str) -> bool:
    return identifier in {issuer, f"{issuer}/"}


def _refused(found: Found, came: str, *, expected: str = "") -> InvalidTarget:
    return InvalidTarget(finding=Finding(found=found, about="resource", came=came, expected=expected))
