"""RFC 6749 section 2.3: who the client is, by exactly one method, compared in constant time, never told why not.

What a client signs instead of telling a secret is for oauth/protocol/rfc7523_client_assertion.py.
"""

import base64
import binascii
from datetime import datetime
from typing import Final
from urllib.parse import unquote_plus

from oauth.errors import InvalidClient, InvalidRequest
from oauth.protocol import rfc7523_client_assertion
from oauth.protocol.findings import auth_method_differs, registered_method
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient, RegisteredClient
from oauth.services.digests import secret_is_right
from oauth.vocabulary import AuthMethod
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

_TWO_METHODS: Final = Finding(found=Found.TWO_AUTH_METHODS)
_UNREADABLE: Final = Finding(found=Found.CREDENTIALS_UNREADABLE)


def authenticated(
    parameters: Parameters, authorization: str, *, find_client: FindClient, issuer: str, now: datetime
) -> RegisteredClient:
    """Return the client that sent a request to a machine endpoint; a public one is known by its `client_id` alone.

    Raises InvalidClient, and InvalidRequest where it used two methods.
    """
    if rfc7523_client_assertion.is_sent(parameters):
        if authorization or parameters.get("client_secret"):
            raise InvalidRequest("The client authenticated by two methods.", finding=_TWO_METHODS)
        return rfc7523_client_assertion.proved(parameters, find_client=find_client, issuer=issuer, now=now)
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "basic":
        return _by_header(parameters, credentials.strip(), find_client, now)
    if authorization:
        raise InvalidClient(finding=_UNREADABLE)
    secret = parameters.get("client_secret")
    method = AuthMethod.CLIENT_SECRET_POST if secret else AuthMethod.NONE
    return _checked(find_client(parameters.get("client_id")), {secret}, method, now)


def presented(parameters: Parameters, authorization: str) -> tuple[str, bool]:
    """Return the client that a request says it is of, unproved and empty if unclear, and whether it sent a secret."""
    if rfc7523_client_assertion.is_sent(parameters):
        return parameters.get("client_id") or rfc7523_client_assertion.presented_subject(parameters), False
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return parameters.get("client_id"), bool(parameters.get("client_secret"))
    try:
        return unquote_plus(_basic(credentials.strip())[0]), True
    except InvalidClient:
        return "", True


def _by_header(parameters: Parameters, credentials: str, find_client: FindClient, now: datetime) -> RegisteredClient:
    """Take id and secret from the header. They are form-encoded (section 2.3.1), which not every client does."""
    client_id, secret = _basic(credentials)
    if parameters.get("client_secret"):
        raise InvalidRequest("The client authenticated by two methods.", finding=_TWO_METHODS)
    if parameters.get("client_id") not in {"", unquote_plus(client_id)}:
        finding = Finding(found=Found.CLIENT_DIFFERS)
        raise InvalidRequest("The client_id differs from the one that authenticated.", finding=finding)
    secrets = {unquote_plus(secret), secret}
    return _checked(find_client(unquote_plus(client_id)), secrets, AuthMethod.CLIENT_SECRET_BASIC, now)


def _checked(client: RegisteredClient | None, secrets: set[str], method: AuthMethod, now: datetime) -> RegisteredClient:
    """Return the client if it may pass; the same work is done whether or not it exists, or has two secrets now."""
    digests = client.secret_digests(now) if client else ("", "")
    right = True in {secret_is_right(digest, secret) for digest in digests for secret in secrets}  # each is compared
    if client is None or not (_is_public(client, secrets) or (right and _may_use(client, method))):
        raise InvalidClient(finding=_why_not(client, method))
    return client


def _why_not(client: RegisteredClient | None, method: AuthMethod) -> Finding:
    """Return what staff are told: who asks hears the same of all of these."""
    if client is None:
        return Finding(found=Found.CLIENT_UNKNOWN)
    if method is AuthMethod.NONE:
        return Finding(found=Found.SECRET_MISSING, expected=registered_method(client))
    return Finding(found=Found.SECRET_WRONG) if _may_use(client, method) else auth_method_differs(client, method)


def _is_public(client: RegisteredClient, secrets: set[str]) -> bool:
    return client.is_public and secrets == {""}


def _may_use(client: RegisteredClient, method: AuthMethod) -> bool:
    return not client.is_public and client.auth_method in {AuthMethod.ANY_SECRET, method}


def _basic(credentials: str) -> tuple[str, str]:
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as malformed:
        raise InvalidClient(finding=_UNREADABLE) from malformed
    client_id, separator, secret = decoded.partition(":")
    if not separator or "\0" in unquote_plus(decoded):
        raise InvalidClient(finding=_UNREADABLE)
    return client_id, secret
