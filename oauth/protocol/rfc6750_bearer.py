"""RFC 6750 section 2.1: the bearer token of an Authorization header, for endpoints whose tokens are not access tokens.

The header is the only place (RFC 9700 section 4.3.2).
"""

import re
from typing import Final

from oauth.errors import InvalidToken, TokenMissing

_B64TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def token_of(authorization: str) -> str:
    """Return the token. Raises TokenMissing where there is none, InvalidToken where it cannot be one."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "bearer":  # scheme names have no case: RFC 9110 section 11.1
        raise TokenMissing
    token = credentials.strip(" ")
    if not _B64TOKEN.fullmatch(token):
        raise InvalidToken
    return token
