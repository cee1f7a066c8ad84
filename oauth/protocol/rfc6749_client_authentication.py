"""RFC 6749 section 2.3: who the client is, by exactly one method, compared in constant time, never told why not."""

import base64
import binascii
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_plus

from oauth.errors import InvalidClient, InvalidRequest
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.services.digests import secret_is_right
from oauth.vocabulary import AuthMethod

FindClient = Callable[[str], RegisteredClient | None]

_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="oauth", charset="UTF-8"'}


def authenticated(parameters: Parameters, authorization: str, *, find_client: FindClient) -> RegisteredClient:
    """Return the client that sent a request to a machine endpoint.

    A public client is known by its `client_id` alone. Raises InvalidClient, with a Basic challenge where the client
    tried by the header (section 5.2), and InvalidRequest where it used two methods.
    """
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "basic":
        return _by_header(parameters, credentials.strip(), find_client)
    if authorization:
        raise InvalidClient(headers=_CHALLENGE)
    client = find_client(parameters.get("client_id"))
    secret = parameters.get("client_secret")
    method = AuthMethod.CLIENT_SECRET_POST if secret else AuthMethod.NONE
    _check(client, secret, method, challenge={})
    assert client is not None
    return client


def _by_header(parameters: Parameters, credentials: str, find_client: FindClient) -> RegisteredClient:
    client_id, secret = _basic(credentials)
    if "client_secret" in parameters:
        raise InvalidRequest("The client authenticated by two methods.")
    if parameters.get("client_id") not in {"", client_id}:
        raise InvalidRequest("The client_id differs from the one that authenticated.")
    client = find_client(client_id)
    _check(client, secret, AuthMethod.CLIENT_SECRET_BASIC, challenge=_CHALLENGE)
    assert client is not None
    return client


def _check(client: RegisteredClient | None, secret: str, method: AuthMethod, *, challenge: dict[str, str]) -> None:
    """Do the same work whether or not the client exists."""
    right = secret_is_right(client.secret_digest if client else "", secret)
    if client is None or not (_is_public(client, secret) or (right and _may_use(client, method))):
        raise InvalidClient(headers=challenge)


def _is_public(client: RegisteredClient, secret: str) -> bool:
    return client.is_public and not secret


def _may_use(client: RegisteredClient, method: AuthMethod) -> bool:
    return not client.is_public and client.auth_method in {AuthMethod.ANY_SECRET, method}


def _basic(credentials: str) -> tuple[str, str]:
    """Return id and secret, both form-encoded inside the header (section 2.3.1). Raises InvalidClient."""
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as malformed:
        raise InvalidClient(headers=_CHALLENGE) from malformed
    client_id, separator, secret = decoded.partition(":")
    if not separator or "\0" in decoded:
        raise InvalidClient(headers=_CHALLENGE)
    return unquote_plus(client_id), unquote_plus(secret)
