"""POST /oauth/revoke (RFC 7009)."""

from django.conf import settings

from oauth.protocol import rfc7009_revocation
from oauth.protocol.rfc6749_client_authentication import authenticated
from oauth.registered_client import FindClient
from oauth.services import origins
from oauth.views.client_guesses import CountedGuess
from oauth.views.form import form_of
from oauth.views.known_clients import judged
from oauth.views.machine import NO_STORE, open_to, saying_errors
from trust.explain.vocabulary import Endpoint
from trust.lib import clock
from trust.lib.wire import Request, Response


@open_to(origins.is_registered, methods="POST")
@saying_errors(Endpoint.REVOCATION)
async def revocation(request: Request) -> Response:
    """Revoke a token of the asking client; of any other token nothing is said and nothing changes."""
    form = form_of(request)
    authorization, now = request.headers.get("authorization", ""), clock.now()
    with CountedGuess(request, form):
        form.check_once()

        async def revoke(find_client: FindClient) -> None:
            client = authenticated(form, authorization, find_client=find_client, issuer=settings.ISSUER, now=now)
            rfc7009_revocation.revoke_token(form.required("token"), client=client, origin=request.origin, now=now)

        await judged(form, authorization, revoke)
    return Response(headers=NO_STORE)
