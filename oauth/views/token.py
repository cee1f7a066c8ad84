"""POST /oauth/token (RFC 6749 section 3.2)."""

from django.conf import settings

from oauth.protocol import rfc7523_client_assertion
from oauth.protocol import token as protocol
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.services import clients, origins
from oauth.services.clients import ClientChanged
from oauth.views.client_guesses import counted_guess
from oauth.views.machine import NO_STORE, form_of, open_to, saying_errors
from trust.lib import clock
from trust.lib.hooks import tell
from trust.lib.wire import Request, Response


@open_to(origins.is_registered, methods="POST")
@saying_errors
async def token(request: Request) -> Response:
    """Answer a token request."""
    form = form_of(request)
    with counted_guess(request, form):
        try:
            response = await _respond(request, form)
        except ClientChanged:  # known anew by now, so that the answer is the client's as it is
            response = await _respond(request, form)
    tell(settings.TOKEN_ISSUED, grant_type=form.get("grant_type"))
    return Response(body=response.members(), headers=NO_STORE)


async def _respond(request: Request, form: Parameters) -> TokenResponse:
    # What a client signed is good once: a client that turned out to have changed could not be asked again.
    find_client = clients.find if rfc7523_client_assertion.is_sent(form) else clients.find_known
    return await protocol.respond(
        form,
        request.headers.get("authorization", ""),
        find_client=find_client,
        issuer=settings.ISSUER,
        origin=request.origin,
        now=clock.now(),
    )
