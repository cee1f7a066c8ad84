"""RFC 6750 section 2.1: the bearer token of an Authorization header, where it is not an access token."""

from oauth.errors import InvalidToken, TokenMissing
from trust.guard.bearer import credentials_of


def token_of(authorization: str) -> str:
    """Return the token. Raises TokenMissing where there is none, InvalidToken where it cannot be one."""
    token = credentials_of(authorization)
    if token is None:
        raise TokenMissing
    if not token:
        raise InvalidToken
    return token
