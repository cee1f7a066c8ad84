"""How often a client may fail to authenticate, before its secret is looked at (RFC 6749 section 2.3.1).

Counted by client and address, so that nobody shuts a client out who is not where it is; and, more widely, by client
and by address alone.
"""

import hashlib
from functools import lru_cache

from oauth.errors import InvalidAssertion, InvalidClient
from oauth.protocol import rfc7523_jwt_bearer
from oauth.protocol.rfc6749_client_authentication import presented
from oauth.protocol.rfc6749_parameters import Parameters
from trust.lib.wire import Request
from trust.limits import failures, rates
from trust.limits.conf import CLIENT_SECRET, CLIENT_SECRET_BY_ADDRESS, CLIENT_SECRET_BY_CLIENT


class CountedGuess:
    """An attempt to authenticate as a client, by this form: counted on entering, before it is judged.

    Entering raises LimitExceeded, and returns whose it says that it is: after a success that is proved.
    """

    __slots__ = ("_attempt", "_form", "_request")

    def __init__(self, request: Request, form: Parameters) -> None:
        """Count nothing yet."""
        self._request, self._form = request, form

    def __enter__(self) -> str:
        """Count the attempt."""
        client_id, has_secret = presented(self._form, self._request.headers.get("authorization", ""))
        # Workloads name no client; of one address, as a CI service has, one shuts another out no more than clients do.
        whose = client_id or rfc7523_jwt_bearer.presented(self._form)
        self._attempt = _attempt(whose, self._request.client_address, has_secret=has_secret)
        return client_id

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Say how it ended: whatever else went wrong, only a refused client or assertion is a wrong guess."""
        if kind is None:
            self._attempt.succeeded()
        elif issubclass(kind, InvalidClient | InvalidAssertion):
            self._attempt.failed()
        else:
            self._attempt.abandoned()


def _attempt(client_id: str, client_address: str, *, has_secret: bool) -> failures.Attempt:
    # Whatever was sent: what is counted by is short and has no odd characters.
    client = _short(client_id)
    address = rates.network(client_address)
    # Where there is no secret, there is nothing that many addresses could guess at.
    of_the_client = [(CLIENT_SECRET_BY_CLIENT, client)] if has_secret else []
    return failures.take((CLIENT_SECRET, f"{client}:{address}"), *of_the_client, (CLIENT_SECRET_BY_ADDRESS, address))


@lru_cache(1024)
def _short(client_id: str) -> str:
    return hashlib.sha256(client_id.encode(errors="replace")).hexdigest()[:32]
