"""POST /oauth/device-authorization (RFC 8628 section 3.1)."""

from django.conf import settings

from oauth.protocol import rfc8628_device
from oauth.protocol.rfc6749_client_authentication import authenticated
from oauth.services import clients, origins
from oauth.views.client_guesses import CountedGuess
from oauth.views.dpop import having_nonce, proof_of
from oauth.views.form import form_of
from oauth.views.machine import NO_STORE, open_to, saying_errors
from trust.explain.vocabulary import Endpoint
from trust.lib import clock
from trust.lib.wire import Request, Response
from trust.limits import rates
from trust.limits.conf import DEVICE_AUTHORIZATION_BY_ADDRESS


@open_to(origins.is_registered, methods="POST")
@saying_errors(Endpoint.DEVICE)
async def device_authorization(request: Request) -> Response:
    """Answer a device with its codes. Where a public client asks, how often one address does is counted."""
    form, authorization = form_of(request), request.headers.get("authorization", "")
    issuer, now, proof = settings.ISSUER, clock.now(), proof_of(request)
    with CountedGuess(request, form):  # by the client as it is: nothing that is written here asks whether it changed
        form.check_once()
        client = authenticated(form, authorization, find_client=clients.find, issuer=issuer, now=now)
        if client.is_public:
            rates.take(DEVICE_AUTHORIZATION_BY_ADDRESS, request.client_address)
        jkt = await proof.key(now=now)
        asked = rfc8628_device.checked(client, form, find_client=clients.find, issuer=issuer, jkt=jkt, now=now)
        response = rfc8628_device.respond(asked, origin=request.origin)
    return Response(body=response.members(), headers=having_nonce(NO_STORE, proof.nonce))
