"""RFC 9126: an authorization request that its client pushed, and its browser brings by a reference alone."""

from typing import Final
from urllib.parse import urlencode

from oauth.errors import InvalidRequest
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.vocabulary import SITE_CALLBACK
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

_PROOFS: Final = frozenset({"client_secret", "client_assertion", "client_assertion_type"})


def check_pushed(request: AuthorizationRequest) -> AuthorizationRequest:
    """Refuse what a browser brings itself, of clients that push, or of all (sections 5 and 6).

    A site behind a proxy has no program that could push: its requests are our own (oauth/forward_auth). It is staff who
    make such a client; whoever registers itself says nothing by an address of that kind.
    """
    client = request.known_client
    is_site = request.redirect_uri.endswith(SITE_CALLBACK) and client.registration_source == "manual"
    if (
        (client.pushes_requests or (request.only_pushed and not is_site))
        and not request.is_pushing
        and not request.pushed_as
    ):
        raise InvalidRequest("The request must be pushed (RFC 9126).", finding=Finding(found=Found.NOT_PUSHED))
    return request


def check_not_by_reference(parameters: Parameters) -> None:
    """Refuse a request_uri in what is pushed (section 2.1)."""
    if "request_uri" in parameters:
        finding = Finding(found=Found.REQUEST_URI_PUSHED)
        raise InvalidRequest("A request_uri cannot be pushed.", finding=finding)


def written(request: AuthorizationRequest) -> str:
    """Return what is kept of a request: its parameters, those of its object where it has one, and its key.

    How its client proved who it is stands among them as it came, and is not kept.
    """
    parameters = request.parameters
    values = {**parameters.values, "dpop_jkt": request.dpop_jkt}
    return urlencode(
        [
            (name, value)
            for name in values
            if name not in _PROOFS
            for value in parameters.repeated.get(name, (values[name],))
        ]
    )
