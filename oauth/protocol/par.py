"""The pushed authorization request endpoint (RFC 9126 section 2): the whole table of the request, before a browser."""

from dataclasses import replace
from datetime import datetime

from oauth.conf import PUSHED_REQUEST_LIFETIME
from oauth.errors import InvalidRequest
from oauth.protocol import authorization, rfc9126_pushed_requests
from oauth.protocol.authorization import Refused
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.services import pushed_requests
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found


def push(
    parameters: Parameters, *, client: RegisteredClient, issuer: str, jkt: str, now: datetime
) -> dict[str, object]:
    """Keep a request that is right, and return the answer's members (section 2.2). Raises OAuthError.

    The client has authenticated; `jkt` is the thumbprint of the key that it proved, or empty (RFC 9449 section 10.1).
    """
    rfc9126_pushed_requests.check_not_by_reference(parameters)
    try:
        request = authorization.checked(
            _naming(client, parameters),
            find_client=lambda _client_id: client,
            issuer=issuer,
            received_at=now,
            pushing_key=jkt,
        )
    except Refused as refused:
        raise refused.error from refused
    request_uri = pushed_requests.push(client=client, parameters=rfc9126_pushed_requests.written(request))
    return {"request_uri": request_uri, "expires_in": int(PUSHED_REQUEST_LIFETIME.total_seconds())}


def _naming(client: RegisteredClient, parameters: Parameters) -> Parameters:
    """Return the parameters with the client's name, which its authentication said where they do not."""
    if parameters.get("client_id") not in {"", client.client_id}:
        raise InvalidRequest("The client_id is another client's.", finding=Finding(found=Found.CLIENT_DIFFERS))
    return replace(parameters, values={**parameters.values, "client_id": client.client_id})
