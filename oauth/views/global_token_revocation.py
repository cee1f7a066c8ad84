"""POST /oauth/global-token-revocation (draft-parecki-oauth-global-token-revocation-06 section 3)."""

from django.conf import settings

from oauth.conf import GLOBAL_REVOCATION_BY_CLIENT
from oauth.protocol import global_token_revocation as protocol
from oauth.protocol.rfc6749_client_authentication import authenticated
from oauth.registered_client import FindClient, RegisteredClient
from oauth.views.client_guesses import CountedGuess
from oauth.views.json_body import object_of
from oauth.views.known_clients import judged
from oauth.views.machine import NO_STORE, saying_errors
from trust.explain.vocabulary import Endpoint
from trust.lib import clock
from trust.lib.wire import Request, Response
from trust.limits import rates


@saying_errors(Endpoint.GLOBAL_REVOCATION)
async def global_token_revocation(request: Request) -> Response:
    """End all that a person has here, for a client that is trusted to say so."""
    form, authorization = protocol.credentials(request.headers.get("authorization", ""))
    issuer, now = settings.ISSUER, clock.now()
    with CountedGuess(request, form):

        async def prove(find_client: FindClient) -> RegisteredClient:
            client = authenticated(form, authorization, find_client=find_client, issuer=issuer, now=now)
            protocol.check_allowed(client)
            return client

        client = await judged(form, authorization, prove)
    rates.take(GLOBAL_REVOCATION_BY_CLIENT, client.client_id)
    protocol.revoke(protocol.read(object_of(request)), client=client, issuer=issuer, origin=request.origin)
    return Response(status=204, headers=NO_STORE)
