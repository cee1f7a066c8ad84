"""POST /oauth/token (RFC 6749 section 3.2)."""

from django.conf import settings

from oauth.protocol import token as protocol
from oauth.services import clients, origins
from oauth.views.client_guesses import counting_guesses
from oauth.views.machine import NO_STORE, form_of, open_to, saying_errors
from trust.lib import clock
from trust.lib.origin import Origin
from trust.lib.wire import Request, Response


@open_to(origins.is_registered, methods="POST")
@saying_errors
@counting_guesses
def token(request: Request) -> Response:
    """Answer a token request."""
    response = protocol.respond(
        form_of(request),
        request.headers.get("authorization", ""),
        find_client=clients.find,
        issuer=settings.ISSUER,
        origin=Origin(request.client_address, request.user_agent),
        now=clock.now(),
    )
    return Response(body=response.members(), headers=NO_STORE)
