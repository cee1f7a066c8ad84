"""POST /oauth/introspect (RFC 7662), answered as a JWT to who wants it so (RFC 9701)."""

from functools import partial
from typing import Any

from django.conf import settings

from oauth.protocol import rfc7662_introspection
from oauth.protocol import rfc9701_introspection_response as rfc9701
from oauth.protocol.rfc6749_client_authentication import authenticated
from oauth.registered_client import FindClient, RegisteredClient
from oauth.views.client_guesses import CountedGuess
from oauth.views.form import form_of
from oauth.views.known_clients import judged
from oauth.views.machine import NO_STORE, saying_errors
from trust.explain.vocabulary import Endpoint
from trust.lib import clock
from trust.lib.waiting import aside
from trust.lib.wire import Request, Response


@saying_errors(Endpoint.INTROSPECTION)
async def introspection(request: Request) -> Response:
    """Answer what a token says to a client that may know."""
    form = form_of(request)
    authorization, issuer, now = request.headers.get("authorization", ""), settings.ISSUER, clock.now()
    with CountedGuess(request, form):
        form.check_once()

        async def introspect(find_client: FindClient) -> tuple[RegisteredClient, dict[str, Any]]:
            client = authenticated(form, authorization, find_client=find_client, issuer=issuer, now=now)
            value = form.required("token")
            return client, await rfc7662_introspection.introspected(value, client=client, issuer=issuer, now=now)

        client, members = await judged(form, authorization, introspect)
    if not rfc9701.is_wanted(request.headers.get("accept", "")):
        return Response(body=members, headers=NO_STORE)
    signed = await aside(partial(rfc9701.signed, members, client=client, issuer=issuer, now=now))
    return Response(body=signed.encode("ascii"), headers={**NO_STORE, "Content-Type": rfc9701.MEDIA_TYPE})
