"""RFC 7591 section 3: the client registration request: who may send one, and what comes of it."""

from collections.abc import Mapping

from oauth.errors import InvalidToken
from oauth.protocol import rfc6750_bearer, rfc7591_newcomer
from oauth.services import initial_access_tokens, self_registration
from oauth.services.self_registration import NotPermitted, Registration
from oauth.vocabulary import Pkce
from trust.lib.origin import Origin


def check_initial_access_token(authorization: str) -> str:
    """Return the initial access token of a request (section 3). Raises TokenMissing, InvalidToken."""
    token = rfc6750_bearer.token_of(authorization)
    if not initial_access_tokens.is_usable(token):
        raise InvalidToken
    return token


def registered(
    metadata: Mapping[str, object], *, initial_access_token: str | None, pkce: Pkce, origin: Origin
) -> Registration:
    """Register a client. Raises InvalidRedirectUri, InvalidClientMetadata, InvalidToken; then no token is used."""
    client = rfc7591_newcomer.newcomer(metadata, pkce=pkce)
    try:
        return self_registration.register(metadata=client, initial_access_token=initial_access_token, origin=origin)
    except NotPermitted as used_meanwhile:
        raise InvalidToken from used_meanwhile
