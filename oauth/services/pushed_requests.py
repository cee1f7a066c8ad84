"""Authorization requests that clients pushed (RFC 9126): kept for a minute, used once, when one is answered for good.

A browser that brings one within the minute may come back with it while its person signs in, for an hour at most: until
then a page on the way can be loaded again (FAPI 2.0 Security Profile section 5.3.2.2, on one-time use).
"""

from django.db import transaction

from oauth.conf import MOST_STORED_REQUESTS, PUSHED_REQUEST_LIFETIME, STORED_REQUEST_LIFETIME
from oauth.models import StoredRequest
from oauth.registered_client import RegisteredClient
from oauth.services import codes
from oauth.services.codes import Authorized
from oauth.services.digests import new_value
from oauth.services.stored_requests import COME_AGAIN, REFERENCE, digest_of_reference
from trust.lib.busy import Busy
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of


def push(*, client: RegisteredClient, parameters: str) -> str:
    """Keep a request that was found right, and return its `request_uri`.

    Anybody can push as a public client: raises Busy where as many of it are kept as may be.
    """
    if client.is_public:
        waiting = StoredRequest.objects.pushed_by(client.client_id).unexpired()
        if waiting.count() >= MOST_STORED_REQUESTS:
            raise Busy(COME_AGAIN)
    value = new_value()
    StoredRequest.objects.create(
        digest=digest_of(value),
        parameters=parameters,
        pushed_by=client.client_id,
        expires=DatabaseNow(PUSHED_REQUEST_LIFETIME),
    )
    return f"{REFERENCE}{value}"


def arrive(request_uri: str) -> None:
    """Let a request live on while its person signs in: from its first arrival, whatever comes after."""
    StoredRequest.objects.by_digest(digest_of_reference(request_uri)).arrive(STORED_REQUEST_LIFETIME)


@transaction.atomic
def complete(request_uri: str, authorized: Authorized) -> str | None:
    """Use a request up and return the code that answers it; None if it was used up, or expired, meanwhile."""
    if not StoredRequest.objects.by_digest(digest_of_reference(request_uri)).take():
        return None
    return codes.issue(authorized)


def end(request_uri: str) -> None:
    """Use a request up that is refused for good."""
    StoredRequest.objects.by_digest(digest_of_reference(request_uri)).take()
