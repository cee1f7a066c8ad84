"""Findings that several rooms have in common (trust/explain): what was not supported, and what a client may not."""

from collections.abc import Iterable

from oauth.registered_client import RegisteredClient
from oauth.vocabulary import AuthMethod, GrantType
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found


def missing(name: str) -> Finding:
    """Return that a parameter is missing."""
    return Finding(found=Found.PARAMETER_MISSING, about=name)


def malformed(name: str) -> Finding:
    """Return that the value of a parameter is malformed."""
    return Finding(found=Found.VALUE_MALFORMED, about=name)


def unsupported(name: str, *, came: str, expected: Iterable[str]) -> Finding:
    """Return that the value of a parameter is none of those that there are."""
    return Finding(found=Found.VALUE_UNSUPPORTED, about=name, came=came, expected=" ".join(expected))


def not_registered(client: RegisteredClient, grant_type: GrantType) -> Finding:
    """Return that a client is not registered for a grant type."""
    registered = " ".join(sorted(allowed.value for allowed in client.grant_types))
    return Finding(found=Found.GRANT_TYPE_NOT_ALLOWED, came=grant_type.value, expected=registered)


def auth_method_differs(client: RegisteredClient, came: AuthMethod) -> Finding:
    """Return that a client authenticated by another method than it is registered for."""
    return Finding(found=Found.AUTH_METHOD_DIFFERS, came=came.value, expected=registered_method(client))


def registered_method(client: RegisteredClient) -> str:
    """Return by what a client is registered to authenticate, in wire values."""
    by_any = f"{AuthMethod.CLIENT_SECRET_BASIC.value} {AuthMethod.CLIENT_SECRET_POST.value}"
    return client.auth_method.value or by_any
