"""GET /api/protected/: the smallest guarded view, to try a token against and to copy from."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.refusal import RefusalSerializer


class GreetingSerializer(serializers.Serializer[Any]):
    """A greeting."""

    message = serializers.CharField()


class ProtectedView(APIView):
    """A view for whoever is signed in. It names no scope, so that no third party's token opens it."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: GreetingSerializer, 401: RefusalSerializer, 403: RefusalSerializer})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Greet the person by username."""
        message = _("Hello, %(username)s") % {"username": request.user.get_username()}
        return Response({"message": message}, headers={"Cache-Control": "no-store"})
