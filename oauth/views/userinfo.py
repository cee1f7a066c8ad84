"""GET and POST /oauth/userinfo (OpenID Connect Core section 5.3)."""

from oauth.protocol.oidc import userinfo as protocol
from oauth.services import access_tokens, origins
from oauth.views.machine import NO_STORE, form_of, open_to, saying_errors
from trust.guard.bearer import check_bearer
from trust.guard.challenge import Challenge
from trust.guard.exceptions import Refused
from trust.guard.refusal import of_challenge
from trust.guard.refusal_of import refusal_of
from trust.lib import clock
from trust.lib.wire import Request, Response


@open_to(origins.is_registered, methods="GET, POST")
@saying_errors
def userinfo(request: Request) -> Response:
    """Answer the claims that the token's scopes ask for."""
    try:
        token = check_bearer(_authorization(request), now=clock.now(), read=access_tokens.read)
        if token is None:
            raise Refused(of_challenge(Challenge()))
        return Response(body=protocol.claims_for(token), headers=NO_STORE)
    except Refused as refused:
        answer = refusal_of(refused)
        assert answer is not None
        return answer.response()


def _authorization(request: Request) -> str:
    """Return the credentials: of the header, or of the form body of a POST (RFC 6750 section 2.2); never of both."""
    header = request.headers.get("authorization", "")
    if header or request.method != "POST" or not request.body:
        return header
    value = form_of(request).get("access_token")
    return f"Bearer {value}" if value else ""
