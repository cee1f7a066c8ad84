"""Client ID metadata documents sections 4, 4.3 and 4.4: a client is looked up where its client_id leads, when due.

That is where a request for authorization begins, and nowhere else: a stranger at the token endpoint has nothing
fetched. A document is good for as long as it says, within bounds (section 4.4); errors are never kept. One that cannot
be had, or is wrong, ends the request (section 4.3), unless it was good a moment ago.
"""

from dataclasses import dataclass
from datetime import datetime

from oauth.conf import CLIENT_DOCUMENT_BY_ADDRESS, CLIENT_DOCUMENT_BY_HOST, CLIENT_DOCUMENT_GRACE
from oauth.errors import OAuthError, UnshowableRequest
from oauth.protocol import client_id_document, client_id_url
from oauth.registered_client import RegisteredClient
from oauth.services import client_documents, clients, published_clients
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.busy import Busy
from trust.lib.fetch import FetchFailed
from trust.lib.origin import Origin
from trust.limits import rates
from trust.limits.errors import LimitExceeded


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Who asks and when, our own name, and whether clients may publish on this machine, as in test beds."""

    origin: Origin
    now: datetime
    issuer: str
    on_loopback: bool = False


def find(client_id: str, *, at: Circumstances) -> RegisteredClient | None:
    """Return an active client by its client_id; one that publishes what it is as it says now. None: there is none.

    Raises UnshowableRequest; LimitExceeded and Busy where strangers have us look up too much.
    """
    client = clients.find(client_id)
    if not client_id_url.may_be_one(client_id) or (client is not None and not _is_due(client, at.now)):
        return client
    if client is None and published_clients.is_shut_out(client_id):
        return None
    try:
        return _looked_up(client_id, at)
    except (UnshowableRequest, LimitExceeded, Busy):
        if client is None or not _is_good_enough(client, at.now):
            raise
        return client


def _is_due(client: RegisteredClient, now: datetime) -> bool:
    """Tell whether a client is to be looked up again; one that was made here never is, whatever its id looks like."""
    return client.is_published and (client.published_until is None or client.published_until <= now)


def _is_good_enough(client: RegisteredClient, now: datetime) -> bool:
    return client.published_until is not None and now < client.published_until + CLIENT_DOCUMENT_GRACE


def _looked_up(client_id: str, at: Circumstances) -> RegisteredClient | None:
    if problem := client_id_url.problem_of(client_id, issuer=at.issuer, on_loopback=at.on_loopback):
        raise _refused(Finding(found=Found.CLIENT_ID_UNUSABLE, expected=problem))
    rates.take(CLIENT_DOCUMENT_BY_ADDRESS, at.origin.client_address)
    rates.take(CLIENT_DOCUMENT_BY_HOST, client_id_url.host_of(client_id))
    before = published_clients.metadata(client_id)
    try:
        published = client_documents.client_metadata(client_id)
        metadata = client_id_document.described(published.members, client_id=client_id, before=before)
    except FetchFailed as failed:
        raise _refused(Finding(found=Found.CLIENT_DOCUMENT_UNREACHABLE, expected=str(failed))) from failed
    except OAuthError as wrong:
        raise _refused(_of_document(wrong.finding)) from wrong
    published_clients.put(
        client_id=client_id, metadata=metadata, before=before, seconds=published.seconds, origin=at.origin
    )
    return clients.find(client_id)


def _of_document(found: Finding) -> Finding:
    return Finding(found=Found.CLIENT_DOCUMENT_REFUSED, about=found.about, came=found.came, expected=found.expected)


def _refused(finding: Finding) -> UnshowableRequest:
    return UnshowableRequest("The client ID metadata document cannot be used.", finding=finding)
