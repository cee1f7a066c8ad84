"""POST /api/token/verify/: 200 {} for a live access token, 401 for all else."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request as DRFRequest
from rest_framework_simplejwt.serializers import TokenVerifySerializer
from rest_framework_simplejwt.views import TokenVerifyView as SimpleTokenVerifyView

from accounts.api.fields import required, text_fields
from accounts.services import people
from trust.guard.bearer import INVALID_TOKEN, check_bearer
from trust.guard.endpoint import answer
from trust.guard.exceptions import Refused
from trust.lib import clock
from trust.lib.wire import Request, Response


async def verify(request: Request) -> Response:
    """Answer for an access token of either issuer. Raises Refused."""
    value = required(text_fields(request), "token")
    token = check_bearer(f"Bearer {value}", now=clock.now())
    if token is None or (token.is_person and not await people.active(token.person_id or "")):
        raise Refused(INVALID_TOKEN)
    return Response(body={}, headers={"Cache-Control": "no-store"})


class TokenVerifyView(SimpleTokenVerifyView):
    """Verify an access token."""

    serializer_class = TokenVerifySerializer

    @extend_schema(responses={200: OpenApiResponse({"type": "object"}, "The token is live.")})
    def post(self, request: DRFRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Tell whether an access token is live: genuine, not expired, not revoked, its person active."""
        return answer(verify, request._request)
