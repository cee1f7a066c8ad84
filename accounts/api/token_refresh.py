"""POST /api/token/refresh/: a refresh token for a new pair; the old one is replaced."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as DRFRequest
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.views import TokenRefreshView as SimpleTokenRefreshView

from accounts.api.fields import required, text_fields
from accounts.api.pair import TokenPairSerializer, pair_of
from accounts.api.tokens import RefreshToken
from accounts.errors import RefreshRefused
from accounts.services import sessions
from trust.guard.bearer import INVALID_TOKEN
from trust.guard.endpoint import answer
from trust.guard.exceptions import Refused
from trust.keys.ring import InvalidToken
from trust.lib import clock
from trust.lib.wire import Request, Response


async def refresh(request: Request) -> Response:
    """Answer a refresh. Raises Refused: 401 for a token that is not good now, whatever the reason."""
    value = required(text_fields(request), "refresh")
    try:
        session = await sessions.refresh(counter=RefreshToken.read(value), origin=request.origin)
    except (InvalidToken, RefreshRefused) as refused:
        raise Refused(INVALID_TOKEN) from refused
    pair = pair_of(session, grant_type="refresh_token", now=clock.now())
    return Response(body=pair, headers={"Cache-Control": "no-store"})


class TokenRefreshView(SimpleTokenRefreshView):
    """Refresh a pair."""

    serializer_class = TokenRefreshSerializer

    @extend_schema(responses=TokenPairSerializer)
    def post(self, request: DRFRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Refresh; the pair before stays good for ten seconds, for an answer that got lost."""
        return answer(refresh, request._request)
