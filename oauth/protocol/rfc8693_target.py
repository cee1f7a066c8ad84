"""RFC 8693 section 2.1, RFC 8707 section 2: what an exchanged token is for, and the scopes that it has there.

It is for one API, named by its identifier (`resource`, `audience`) or by the client that it belongs to (`audience`).
"""

from typing import Final

from oauth.errors import InvalidScope, InvalidTarget
from oauth.protocol import rfc6749_scope, rfc8707_target
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.scope_description import Catalogue, ResourceDescription
from oauth.services import scopes
from oauth.vocabulary import OFFLINE_ACCESS
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.tokens.access_token import AccessToken

_NOT_PASSED_ON: Final = frozenset({OFFLINE_ACCESS})  # there is no refresh token


def chosen(
    parameters: Parameters, subject: AccessToken, client: RegisteredClient, *, issuer: str
) -> ResourceDescription | None:
    """Return the API that the new token is for; None is our own. Raises InvalidTarget.

    Where none is named it is that of the subject's token. Our own is never come to by an exchange; and what was issued
    to the client for one API does not open another: the person was asked about that one.
    """
    catalogue = scopes.catalogue()
    named = [*parameters.all("resource"), *parameters.all("audience")]
    identifiers = {_identifier(name, catalogue, issuer) for name in named} or {subject.audience}
    if len(identifiers) > 1:
        raise _refused(Found.TARGETS_TOO_MANY, named[1])
    [identifier] = identifiers
    if identifier != subject.audience and not _may_go(identifier, subject, client, catalogue, issuer):
        raise _refused(Found.TARGET_NOT_GRANTED, identifier)
    if identifier == issuer:
        return None
    resource = catalogue.resource(identifier)
    if resource is None:
        raise _refused(Found.TARGET_UNKNOWN, identifier)
    return resource


def scope_at(
    resource: ResourceDescription | None, asked: str, subject: AccessToken, client: RegisteredClient
) -> tuple[str, ...]:
    """Return the scopes of the new token: none that the subject's has not, or that the client may not have.

    Raises InvalidScope, and InvalidTarget where the API knows none of them.
    """
    both = [name for name in subject.scope if name in client.scopes and name not in _NOT_PASSED_ON]
    opening = rfc8707_target.scope_at(resource, both)
    scope = rfc6749_scope.granted(asked, allowed=opening, default=opening)
    if not scope:
        raise InvalidScope(finding=Finding(found=Found.SCOPE_NOT_ALLOWED, came=asked, expected=" ".join(client.scopes)))
    return scope


def _may_go(
    identifier: str, subject: AccessToken, client: RegisteredClient, catalogue: Catalogue, issuer: str
) -> bool:  # fmt: skip
    """Tell whether a token may be exchanged for one for another API."""
    if identifier == issuer:
        return False
    came_by = catalogue.resource(subject.audience)
    is_sent_to_it = came_by is not None and came_by.client_id == client.client_id
    return is_sent_to_it or subject.audience == issuer


def _identifier(name: str, catalogue: Catalogue, issuer: str) -> str:
    """Return the identifier of an API that is named by it, or by its client. Raises InvalidTarget."""
    if name in {issuer, f"{issuer}/"}:
        return issuer
    if catalogue.resource(name) is not None:
        return name
    of_client = [resource.identifier for resource in catalogue.resources if resource.client_id == name]
    if len(of_client) != 1:
        raise _refused(Found.TARGETS_TOO_MANY if of_client else Found.TARGET_UNKNOWN, name)
    return of_client[0]


def _refused(found: Found, came: str) -> InvalidTarget:
    return InvalidTarget(finding=Finding(found=found, about="audience", came=came))
