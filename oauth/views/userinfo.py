"""GET and POST /oauth/userinfo (OpenID Connect Core section 5.3)."""

from typing import Final

from django.conf import settings

from oauth.client_metadata import ClientDescription
from oauth.errors import InvalidRequest
from oauth.protocol.oidc import userinfo as protocol
from oauth.services import access_tokens, clients, origins
from oauth.views.dpop import having_nonce, presented_by
from oauth.views.form import form_of, is_form
from oauth.views.machine import NO_STORE, open_to
from trust.guard.access import check_access, use_proof
from trust.guard.challenge import Challenge
from trust.guard.exceptions import Refused
from trust.guard.refusal import of_challenge
from trust.lib import clock
from trust.lib.wire import Request, Response

_INVALID_REQUEST: Final = of_challenge(
    Challenge(error="invalid_request", description="The request is malformed, or has its token in two ways")
)


@open_to(origins.is_registered, methods="GET, POST")
async def userinfo(request: Request) -> Response:
    """Answer the claims that the token's scopes ask for, signed where the client wants it so. Raises Refused."""
    now = clock.now()
    access = check_access(_authorization(request), lambda: presented_by(request), now=now, read=access_tokens.read)
    if access is None:
        raise Refused(of_challenge(Challenge(offers_dpop=True)))
    token = access.token
    try:
        client = None if token.is_first_party else clients.find_known(token.client_id)
        claims = await protocol.claims_for(token, ClientDescription() if token.is_first_party else client)
        if access.usable is not None:
            await use_proof(access, now=now)  # last, since what is before it may begin the request anew
    except Refused as refused:
        raise Refused(access.refusal(refused.refusal)) from refused
    headers = having_nonce(NO_STORE, access.nonce)
    if client is None or not client.userinfo_signed_response_alg:
        return Response(body=claims, headers=headers)
    signed = protocol.signed(claims, client, issuer=settings.ISSUER, now=now)
    return Response(body=signed.encode("ascii"), headers={**headers, "Content-Type": "application/jwt"})


def _authorization(request: Request) -> str:
    """Return the credentials: of the header, or of the form body of a POST (RFC 6750 section 2.2); never of both."""
    header, value = request.headers.get("authorization", ""), _token_in_form(request)
    if header and value:
        raise Refused(_INVALID_REQUEST)
    return f"Bearer {value}" if value else header


def _token_in_form(request: Request) -> str:
    if request.method != "POST" or not is_form(request):
        return ""
    try:
        form = form_of(request)
        form.check_once()
    except InvalidRequest as malformed:
        raise Refused(_INVALID_REQUEST) from malformed
    return form.get("access_token")
