"""POST /oauth/introspect (RFC 7662)."""

from django.conf import settings

from oauth.protocol import rfc7662_introspection
from oauth.protocol.rfc6749_client_authentication import authenticated
from oauth.services import clients
from oauth.views.machine import NO_STORE, form_of, saying_errors
from trust.lib import clock
from trust.lib.wire import Request, Response


@saying_errors
def introspection(request: Request) -> Response:
    """Answer what a token says to a client that may know."""
    form = form_of(request)
    form.check_once()
    client = authenticated(form, request.headers.get("authorization", ""), find_client=clients.find)
    members = rfc7662_introspection.introspected(
        form.required("token"), client=client, issuer=settings.ISSUER, now=clock.now()
    )
    return Response(body=members, headers=NO_STORE)
