"""GET /api/user_info/: the userinfo claims, for tokens that have the scope `profile`."""

from typing import cast

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from oauth.protocol.oidc import claims
from oauth.services import people
from trust.guard.context import AccessContext
from trust.guard.permissions import HasScope, IsPerson


class UserInfoView(APIView):
    """Who the token speaks for."""

    permission_classes = (IsAuthenticated, IsPerson, HasScope("profile"))

    @extend_schema(responses={200: OpenApiResponse({"type": "object"}, "The standard claims of OpenID Connect.")})
    def get(self, request: Request) -> Response:
        """Answer `sub` and the claims that the token's scopes ask for."""
        token, person = cast("AccessContext", request.auth).token, cast("User", request.user)
        names = claims.names_for(token.scope)
        values = people.claims_of(person, names=names)
        return Response({"sub": token.subject, **claims.of_person(values, names=names)})
