"""RFC 9101 section 5, OpenID Connect Core section 6: the parameters of a request in one object, signed or not.

The object alone counts: what it says supersedes what stands outside, and what stands outside alone is refused, since
who signed the object did not sign that (docs/decisions/0019).
"""

from typing import Final
from urllib.parse import urlencode

from oauth.errors import (
    InvalidRequest,
    InvalidRequestObject,
    InvalidRequestUri,
    RequestNotSupported,
    RequestUriNotSupported,
    StaleRequest,
    UnshowableRequest,
)
from oauth.protocol import rfc6749_parameters, rfc9101_request_object
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.services import client_documents, stored_requests
from oauth.services.stored_requests import REFERENCE
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.fetch import FetchFailed

_BY: Final = ("request", "request_uri")
_TWO: Final = Finding(found=Found.PARAMETER_REPEATED, about=", ".join(_BY))
# Demanded outside by OAuth and by Core section 6.1, whatever the object says.
_MAY_STAND_OUTSIDE: Final = frozenset({"response_type", "scope"})


def is_elsewhere(parameters: Parameters) -> bool:
    """Tell whether a request object would have to be fetched."""
    uri = parameters.get("request_uri")
    return bool(uri) and not uri.startswith(REFERENCE)


def recall_stored_request(request: AuthorizationRequest) -> AuthorizationRequest:
    """Put the parameters that we stored ourselves in the place of the reference to them."""
    reference = request.parameters.get("request_uri")
    if not reference.startswith(REFERENCE):
        return request
    if request.parameters.get("request") or not request.parameters.repeated.keys().isdisjoint(_BY):
        raise UnshowableRequest("A request has one request object, or one request_uri.", finding=_TWO)
    stored = stored_requests.find(reference)
    if stored is None:
        raise StaleRequest
    parameters = rfc6749_parameters.parse(stored.form)
    if parameters.get("client_id") != request.parameters.get("client_id"):
        raise UnshowableRequest(
            "The client_id is not that of the request.", finding=Finding(found=Found.CLIENT_DIFFERS)
        )
    return request.having(parameters=parameters, pushed_as=reference if stored.pushed_by else "")


def read_request_object(request: AuthorizationRequest) -> AuthorizationRequest:
    """Put the parameters of a request object in the place of the request's."""
    value, uri = (request.parameters.get(name) for name in _BY)
    if not value and not uri:
        return request
    if (value and uri) or not request.parameters.repeated.keys().isdisjoint(_BY):
        raise InvalidRequest("A request has one request object, by value or by reference.", finding=_TWO)
    try:
        fetched = _fetched(request.known_client, uri) if uri else ""
        inside = rfc9101_request_object.parameters_of(
            value or fetched, client=request.known_client, issuer=request.issuer, now=request.received_at
        )
    except rfc9101_request_object.NotSigned as unsigned:
        raise (unsigned if uri else RequestNotSupported()) from unsigned
    if not request.is_pushing:
        inside = _with_response_type(inside, outside=request.parameters)
    is_signed = rfc9101_request_object.must_sign(request.known_client)
    return request.having(parameters=inside, outside=request.parameters, fetched_object=fetched, is_signed=is_signed)


def check_nothing_outside(request: AuthorizationRequest) -> AuthorizationRequest:
    """Refuse what stands outside a request object alone (RFC 9101 section 6.3); what nobody knows is ignored."""
    outside = request.outside
    if outside is None:
        return request
    outside.check_once()
    for name in sorted(rfc9101_request_object.PARAMETERS - _MAY_STAND_OUTSIDE):
        if outside.get(name) and name not in request.parameters:
            finding = Finding(found=Found.OUTSIDE_OBJECT, about=name)
            raise InvalidRequest(f"The parameter {name} stands outside the request object alone.", finding=finding)
    return request


def check_signed(request: AuthorizationRequest) -> AuthorizationRequest:
    """Refuse bare parameters of a client that signs what it asks for (RFC 9101 section 10.5); pushed ones were checked.

    So nobody leaves the object out to say something else.
    """
    must_be = request.known_client.require_signed_request_object
    if must_be and not request.is_signed and not request.pushed_as:
        finding = Finding(found=Found.OBJECT_MISSING)
        raise InvalidRequest("The request must be a signed request object (RFC 9101).", finding=finding)
    return request


def by_value(request: AuthorizationRequest) -> str:
    """Return a query for the same request with the object that was fetched in it, so that it stays this one."""
    assert request.outside is not None
    outside = {name: value for name, value in request.outside.values.items() if name not in _BY}
    return urlencode({**outside, "request": request.fetched_object})


def _fetched(client: RegisteredClient, uri: str) -> str:
    """Return the object that stands at a registered address; none other is ever asked (RFC 9101 section 10.4)."""
    if not client.request_uris:
        raise RequestUriNotSupported
    if uri not in client.request_uris:
        raise InvalidRequestUri
    try:
        return client_documents.request_object(uri)
    except FetchFailed as failed:
        raise InvalidRequestUri(finding=Finding(found=Found.REQUEST_URI_UNREACHABLE)) from failed


def _with_response_type(inside: Parameters, *, outside: Parameters) -> Parameters:
    """Return the object's parameters with the response_type, which Core section 6.1 lets stand outside alone."""
    asked = outside.get("response_type")
    if asked and inside.get("response_type") not in {"", asked}:
        finding = Finding(found=Found.OBJECT_NOT_MEANT_SO, about="response_type", expected=asked)
        raise InvalidRequestObject("The response_type of the request object is another.", finding=finding)
    return Parameters({"response_type": asked, **inside.values})
