"""POST /api/token/logout/: ends the session of a refresh token, or of the bearer token that the request came with."""

import uuid
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as DRFRequest
from rest_framework_simplejwt.views import TokenViewBase

from accounts.api.fields import text_fields
from accounts.api.tokens import RefreshToken
from accounts.services import sessions
from trust.guard.bearer import INVALID_TOKEN, check_bearer
from trust.guard.challenge import Challenge
from trust.guard.endpoint import answer
from trust.guard.exceptions import Refused
from trust.guard.refusal import Refusal, of_challenge
from trust.keys.ring import InvalidToken
from trust.lib import clock
from trust.lib.wire import Request, Response


class LogoutSerializer(serializers.Serializer[Any]):
    """The refresh token of the session to end; without it, the bearer token says which."""

    refresh = serializers.CharField(required=False)


async def logout(request: Request) -> Response:
    """End the session. Raises Refused. A session that is over already is no error."""
    value = text_fields(request).get("refresh")
    session_id = _session_of_refresh(value) if value else _session_of_bearer(request)
    sessions.end(session_id=session_id, reason="signed_out", origin=request.origin)
    return Response(status=204, headers={"Cache-Control": "no-store"})


class LogoutView(TokenViewBase):
    """Sign out."""

    serializer_class = LogoutSerializer

    @extend_schema(responses={204: None})
    def post(self, request: DRFRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """End the session: its access tokens and its refresh token are dead."""
        return answer(logout, request._request)


def _session_of_refresh(value: str) -> uuid.UUID:
    try:
        return RefreshToken.read(value).row_id
    except InvalidToken as invalid:
        raise Refused(INVALID_TOKEN) from invalid


def _session_of_bearer(request: Request) -> uuid.UUID:
    token = check_bearer(request.headers.get("authorization", ""), now=clock.now())
    if token is None:
        raise Refused(Refusal(status=401, code="not_authenticated"))
    if not token.is_first_party or token.session_id is None:
        raise Refused(of_challenge(Challenge(error="insufficient_scope", description="Not open to this client")))
    return uuid.UUID(token.session_id)
