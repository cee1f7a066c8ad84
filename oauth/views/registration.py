"""POST /oauth/register (RFC 7591); GET, PUT and DELETE /oauth/register/<client_id> (RFC 7592)."""

from django.conf import settings

from oauth.conf import REGISTRATION_BY_ADDRESS, REGISTRATION_CHANGE_BY_ADDRESS
from oauth.errors import RegistrationClosed
from oauth.protocol import rfc7591_request, rfc7592_management
from oauth.views.json_body import object_of
from oauth.views.machine import NO_STORE, saying_errors
from oauth.vocabulary import Pkce
from trust.explain.vocabulary import Endpoint
from trust.lib.wire import Request, Response
from trust.limits import rates


@saying_errors(Endpoint.REGISTRATION)
async def registration(request: Request) -> Response:
    """Register a client. Raises LimitExceeded where everybody may and an address does too often."""
    made = rfc7591_request.registered(
        initial_access_token=_leave(request),
        metadata=object_of(request),
        pkce=Pkce(settings.DCR_PKCE),
        origin=request.origin,
    )
    body = rfc7592_management.information(made, issuer=settings.ISSUER)
    return Response(status=201, body=body, headers=NO_STORE)


@saying_errors(Endpoint.REGISTRATION)
async def registration_management(request: Request) -> Response:
    """Tell a client what it is registered as, replace that, or delete the client."""
    _check_open()
    client_id = request.path.rstrip("/").rpartition("/")[2]
    found = rfc7592_management.permitted(client_id, request.headers.get("authorization", ""))
    if request.method == "DELETE":
        rfc7592_management.deregister(found, origin=request.origin)
        return Response(status=204, headers=NO_STORE)
    if request.method == "PUT":
        rates.take(REGISTRATION_CHANGE_BY_ADDRESS, request.client_address)
        found = rfc7592_management.replaced(found, object_of(request), origin=request.origin)
    return Response(body=rfc7592_management.information(found, issuer=settings.ISSUER), headers=NO_STORE)


def _leave(request: Request) -> str | None:
    """Return the initial access token that gives leave to register, or None where nobody needs one."""
    _check_open()
    if settings.DCR == "token":
        return rfc7591_request.check_initial_access_token(request.headers.get("authorization", ""))
    rates.take(REGISTRATION_BY_ADDRESS, request.client_address)
    return None


def _check_open() -> None:
    if settings.DCR == "off":
        raise RegistrationClosed
