"""/api/me/ without its guard: the same person is loaded and shown, but nobody asks who wants to know."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.me import MeSerializer
from accounts.models import User


class UnguardedMeView(APIView):
    """Some person."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who they are."""
        person = User.objects.get(username="bench000")
        return Response(MeSerializer(person).data, headers={"Cache-Control": "no-store"})
