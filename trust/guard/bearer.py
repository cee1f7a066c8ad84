"""A bearer access token in the Authorization header, checked (RFC 6750 section 2.1, RFC 9068 section 4).

The header is the only place: a token in the query or in a form is not looked for (RFC 9700 section 4.3.2).
"""

import logging
import re
from datetime import datetime
from typing import Final, Protocol

from django.conf import settings

from trust.guard.challenge import Challenge
from trust.guard.exceptions import Refused
from trust.guard.refusal import of_challenge
from trust.keys.ring import InvalidToken
from trust.revocation.feed import feed
from trust.tokens import access_token
from trust.tokens.access_token import AccessToken, ExpiredToken

log = logging.getLogger(__name__)

_B64TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 section 2.1
INVALID_TOKEN: Final = of_challenge(Challenge(error="invalid_token", description="The access token is not valid"))
TOKEN_EXPIRED: Final = of_challenge(
    Challenge(error="invalid_token", description="The access token expired"), code="token_expired"
)
_BOUND: Final = of_challenge(
    Challenge(error="invalid_token", description="The access token is bound to a key", offers_dpop=True)
)


class Reader(Protocol):
    """Reads a token meant for us, its times checked. Raises ExpiredToken, InvalidToken."""

    def __call__(self, value: str, *, now: datetime) -> AccessToken:
        """Return what the token says."""
        ...


def verified(value: str, *, now: datetime) -> AccessToken:
    """Read a signed token."""
    return access_token.verify(value, now=now, audience=settings.ISSUER)


def check_bearer(authorization: str, *, now: datetime, read: Reader = verified) -> AccessToken | None:
    """Return what the bearer token of an Authorization header says, or None if the header has no such credentials.

    `read` knows the forms that a token may have. Raises Refused for a token that is not good now, FeedUnreadable
    if it cannot be known whether it was revoked.
    """
    value = credentials_of(authorization)
    if value is None:
        return None
    token = check_value(value, now=now, read=read)
    # Who shows a bound token alone may have stolen it (RFC 9449 section 7.2).
    if token.cnf is not None:
        raise Refused(_BOUND)
    return token


def credentials_of(authorization: str, *, scheme: str = "bearer") -> str | None:
    """Return the token of an Authorization header, empty if it cannot be one, or None if the header has no such."""
    named, _, credentials = authorization.partition(" ")
    if named.lower() != scheme:  # scheme names have no case: RFC 9110 section 11.1
        return None
    value = credentials.strip(" ")
    return value if _B64TOKEN.fullmatch(value) else ""


def check_value(value: str, *, now: datetime, read: Reader) -> AccessToken:
    """Return what an access token says, bound to a key or not. Raises Refused, FeedUnreadable."""
    if not value:
        raise Refused(INVALID_TOKEN)
    try:
        token = read(value, now=now)
    except ExpiredToken as expired:
        raise Refused(TOKEN_EXPIRED) from expired
    except InvalidToken as invalid:
        log.debug("access token refused: %s", invalid)
        raise Refused(INVALID_TOKEN) from invalid
    if feed.is_revoked(token):
        raise Refused(INVALID_TOKEN)
    return token
