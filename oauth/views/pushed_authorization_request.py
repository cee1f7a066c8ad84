"""POST /oauth/par (RFC 9126)."""

from typing import Final

from django.conf import settings

from oauth.conf import PUSHED_REQUEST_BY_ADDRESS, PUSHED_REQUEST_BY_CLIENT
from oauth.protocol import par
from oauth.protocol.rfc6749_client_authentication import authenticated, presented
from oauth.registered_client import FindClient, RegisteredClient
from oauth.services import origins
from oauth.views.client_guesses import CountedGuess
from oauth.views.dpop import having_nonce, proof_of
from oauth.views.form import form_of
from oauth.views.known_clients import judged, look_up_published
from oauth.views.machine import NO_STORE, open_to, saying_errors
from trust.explain.vocabulary import Endpoint
from trust.lib import clock
from trust.lib.wire import Request, Response
from trust.limits import rates

_CREATED: Final = 201


@open_to(origins.is_registered, methods="POST")
@saying_errors(Endpoint.AUTHORIZATION)
async def pushed_authorization_request(request: Request) -> Response:
    """Keep an authorization request of a client, and answer by what its browser names it."""
    form, authorization = form_of(request), request.headers.get("authorization", "")
    issuer, now, proof = settings.ISSUER, clock.now(), proof_of(request)
    with CountedGuess(request, form):
        form.check_once()
        look_up_published(presented(form, authorization)[0], request.origin)

        async def push(find_client: FindClient) -> dict[str, object]:
            client = authenticated(form, authorization, find_client=find_client, issuer=issuer, now=now)
            _count(request, client)
            jkt = await proof.key(now=now)
            return par.push(form, client=client, issuer=issuer, jkt=jkt, now=now)

        members = await judged(form, authorization, push)
    return Response(status=_CREATED, body=members, headers=having_nonce(NO_STORE, proof.nonce))


def _count(request: Request, client: RegisteredClient) -> None:
    """Count what is kept: of a client that proved who it is, or of an address, where anybody may say who they are."""
    if client.is_public:
        rates.take(PUSHED_REQUEST_BY_ADDRESS, request.client_address)
    else:
        rates.take(PUSHED_REQUEST_BY_CLIENT, client.client_id)
