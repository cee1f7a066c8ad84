"""POST /oauth/token (RFC 6749 section 3.2)."""

from django.conf import settings

from oauth.protocol import token as protocol
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.registered_client import FindClient
from oauth.services import origins
from oauth.views.client_guesses import CountedGuess
from oauth.views.form import form_of
from oauth.views.known_clients import judged
from oauth.views.machine import NO_STORE, open_to, saying_errors
from trust.explain.vocabulary import Endpoint
from trust.lib import clock
from trust.lib.hooks import tell
from trust.lib.wire import Request, Response


@open_to(origins.is_registered, methods="POST")
@saying_errors(Endpoint.TOKEN)
async def token(request: Request) -> Response:
    """Answer a token request."""
    form, authorization = form_of(request), request.headers.get("authorization", "")

    async def respond(find_client: FindClient) -> TokenResponse:
        return await protocol.respond(
            form,
            authorization,
            find_client=find_client,
            issuer=settings.ISSUER,
            origin=request.origin,
            now=clock.now(),
        )

    with CountedGuess(request, form) as client_id:
        response = await judged(form, authorization, respond)
    tell(settings.TOKEN_ISSUED, grant_type=form.get("grant_type"), client_id=client_id)
    return Response(body=response.members(), headers=NO_STORE)
