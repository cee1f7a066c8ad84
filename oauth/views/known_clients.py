"""Judging a request by the clients that this process remembers, and never refusing one by a memory alone."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from oauth.errors import OAuthError
from oauth.protocol import rfc7523_client_assertion
from oauth.protocol.rfc6749_client_authentication import presented
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient
from oauth.services import clients
from oauth.services.clients import ClientChanged
from trust.lib import clock

Result = TypeVar("Result")


async def judged(form: Parameters, authorization: str, judge: Callable[[FindClient], Awaitable[Result]]) -> Result:
    """Return what `judge` says of a client as it is known; what it refuses is judged anew if the client has changed.

    Another process may have given the client a new secret a moment ago. What a client signed instead is good once: it
    is judged once, by the client as it is. Raises OAuthError, ClientChanged.
    """
    if rfc7523_client_assertion.is_sent(form):
        return await judge(clients.find)
    began = clock.now()
    try:
        return await judge(clients.find_known)
    except ClientChanged:  # and was forgotten
        return await judge(clients.find_known)
    except OAuthError:
        if not clients.was_out_of_date(presented(form, authorization)[0], since=began):
            raise
        return await judge(clients.find_known)
