"""How often a client may fail to authenticate, before its secret is looked at (RFC 6749 section 2.3.1).

Counted by client and address, so that nobody shuts a client out who is not where it is; and, more widely, by client
and by address alone.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from oauth.errors import InvalidClient
from oauth.protocol.rfc6749_client_authentication import presented
from oauth.protocol.rfc6749_parameters import Parameters
from trust.lib.wire import Request
from trust.limits import failures, rates
from trust.limits.conf import CLIENT_SECRET, CLIENT_SECRET_BY_ADDRESS, CLIENT_SECRET_BY_CLIENT


@contextmanager
def counted_guess(request: Request, form: Parameters) -> Iterator[None]:
    """Count an attempt to authenticate as a client, by this form, before it is judged. Raises LimitExceeded."""
    attempt = _attempt(request, form)
    try:
        yield
    except InvalidClient:
        attempt.failed()
        raise
    except BaseException:
        attempt.abandoned()
        raise
    attempt.succeeded()


def _attempt(request: Request, form: Parameters) -> failures.Attempt:
    client_id, has_secret = presented(form, request.headers.get("authorization", ""))
    # Whatever was sent: what is counted by is short and has no odd characters.
    client = _short(client_id)
    address = rates.network(request.client_address)
    # Where there is no secret, there is nothing that many addresses could guess at.
    of_the_client = [(CLIENT_SECRET_BY_CLIENT, client)] if has_secret else []
    return failures.take((CLIENT_SECRET, f"{client}:{address}"), *of_the_client, (CLIENT_SECRET_BY_ADDRESS, address))


@lru_cache(1024)
def _short(client_id: str) -> str:
    return hashlib.sha256(client_id.encode(errors="replace")).hexdigest()[:32]
