"""Which clients a request is judged by: remembered ones, never refused by a memory alone; or as they publish it now."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from django.conf import settings

from oauth.errors import OAuthError
from oauth.protocol import client_id_discovery, client_id_url, rfc7523_client_assertion, rfc7523_jwt_bearer
from oauth.protocol.client_id_discovery import Circumstances
from oauth.protocol.rfc6749_client_authentication import presented
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient
from oauth.services import clients
from oauth.services.clients import ClientChanged
from trust.lib import clock
from trust.lib.origin import Origin

Result = TypeVar("Result")


def where_a_request_begins(origin: Origin) -> FindClient:
    """Return what finds clients where an authorization begins: those too that nobody knows before they are looked up.

    It raises UnshowableRequest, LimitExceeded and Busy.
    """
    if not settings.AGENT_CLIENTS:
        return clients.find
    at = Circumstances(
        origin=origin, now=clock.now(), issuer=settings.ISSUER, on_loopback=settings.OUTBOUND_ALLOW_PRIVATE
    )
    return partial(client_id_discovery.find, at=at)


def look_up_published(client_id: str, origin: Origin) -> None:
    """Look a client up that publishes what it is, and whose request has come; of others nothing is asked.

    Raises as where_a_request_begins() does.
    """
    if settings.AGENT_CLIENTS and client_id_url.may_be_one(client_id):
        where_a_request_begins(origin)(client_id)


async def judged(form: Parameters, authorization: str, judge: Callable[[FindClient], Awaitable[Result]]) -> Result:
    """Return what `judge` says of a client as it is known; what it refuses is judged anew if the client has changed.

    Another process may have given the client a new secret a moment ago. What was signed instead is good once: it
    is judged once, by the client as it is. Raises OAuthError, ClientChanged.
    """
    if rfc7523_client_assertion.is_sent(form) or rfc7523_jwt_bearer.is_asked(form):
        return await judge(clients.find)
    began = clock.now()
    try:
        return await judge(clients.find_known)
    except ClientChanged:  # and was forgotten
        return await judge(clients.find_known)
    except OAuthError as error:
        if not error.is_refusal or not clients.was_out_of_date(presented(form, authorization)[0], since=began):
            raise
        return await judge(clients.find_known)
