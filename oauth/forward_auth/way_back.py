"""The way back of a browser that is sent to sign in: where to, and proof that it is the same browser.

Nothing is kept here. The browser has a secret in a cookie of the site, the `state` says sealed where it wanted to go,
and both together make the code verifier (RFC 7636 section 4.1): a code that somebody else fetched opens nothing, and as
many windows as like may sign in at once.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Final

from trust.lib.sealing import SealBroken, seal, unseal

_PURPOSE: Final = "forward-auth-state"
_LONGEST: Final = 1500  # characters of a path that is come back to: sealed, it has to fit into URLs


def state_for(url: str, *, origin: str) -> str:
    """Return the `state` of an authorization request that comes back to this address, or to the site's first page."""
    return seal((url if len(url) <= _LONGEST else f"{origin}/").encode(), purpose=_PURPOSE)


def address_in(state: str, *, origin: str) -> str | None:
    """Return where a state that we made leads, or None if we did not make it, or not for this site."""
    try:
        url = unseal(state, purpose=_PURPOSE).decode()
    except SealBroken:
        return None
    return url if url.startswith(f"{origin}/") else None


def verifier_of(secret: str, state: str) -> str:
    """Return the code verifier of this browser and this state."""
    code = hmac.digest(secret.encode(), state.encode(), hashlib.sha256)
    return urlsafe_b64encode(code).rstrip(b"=").decode("ascii")
