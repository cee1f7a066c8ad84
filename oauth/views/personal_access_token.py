"""GET and DELETE /api/personal-access-token/: what a program learns of its own token, and how it gives it back."""

from typing import Any, Final

from oauth.services import access_tokens, personal_access_tokens
from oauth.views.machine import NO_STORE
from trust.guard.bearer import check_bearer
from trust.guard.challenge import Challenge
from trust.guard.exceptions import Refused
from trust.guard.refusal import of_challenge
from trust.lib import clock
from trust.lib.wire import Request, Response
from trust.tokens.access_token import AccessToken

_ANOTHER_TOKEN: Final = of_challenge(
    Challenge(error="insufficient_scope", description="Personal access tokens ask of themselves here")
)


async def personal_access_token(request: Request) -> Response:
    """Answer what the token of the request says, or end it. Raises Refused for any other token."""
    token = check_bearer(request.headers.get("authorization", ""), now=clock.now(), read=access_tokens.read)
    if token is None:
        raise Refused(of_challenge(Challenge()))
    if not token.is_personal:
        raise Refused(_ANOTHER_TOKEN)
    if request.method == "DELETE":
        personal_access_tokens.end_itself(token, origin=request.origin)
        return Response(status=204, headers=NO_STORE)
    return Response(body=_members(token), headers=NO_STORE)


def _members(token: AccessToken) -> dict[str, Any]:
    ends = token.expires_at
    return {
        "id": token.jti,
        "sub": token.subject,
        "scope": " ".join(token.scope),
        "expires_at": None if ends is None else ends.isoformat(),
    }
