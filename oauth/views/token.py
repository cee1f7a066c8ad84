"""POST /oauth/token (RFC 6749 section 3.2)."""

from django.conf import settings

from oauth.protocol import token as protocol
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import FindClient
from oauth.services import origins
from oauth.views.client_guesses import CountedGuess
from oauth.views.dpop import having_nonce, proof_of
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
    proof = proof_of(request)

    async def respond(find_client: FindClient) -> TokenResponse:
        asked = TokenRequest(form, settings.ISSUER, request.origin, jkt="", now=clock.now())
        return await protocol.respond(asked, authorization, find_client=find_client, proof=proof)

    with CountedGuess(request, form) as client_id:
        response = await judged(form, authorization, respond)
    tell(settings.TOKEN_ISSUED, grant_type=form.get("grant_type"), client_id=response.client_id or client_id)
    return Response(body=response.members(), headers=having_nonce(NO_STORE, proof.nonce))
