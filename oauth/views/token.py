"""POST /oauth/token (RFC 6749 section 3.2)."""

from django.conf import settings

from oauth.protocol import token as protocol
from oauth.services import clients, origins
from oauth.views.client_guesses import counted_guess
from oauth.views.machine import NO_STORE, form_of, open_to, saying_errors
from trust.lib import clock
from trust.lib.wire import Request, Response


@open_to(origins.is_registered, methods="POST")
@saying_errors
def token(request: Request) -> Response:
    """Answer a token request."""
    form = form_of(request)
    with counted_guess(request, form):
        response = protocol.respond(
            form,
            request.headers.get("authorization", ""),
            find_client=clients.find,
            issuer=settings.ISSUER,
            origin=request.origin,
            now=clock.now(),
        )
    return Response(body=response.members(), headers=NO_STORE)
