"""GET /api/me/: who is signed in, as the person's own applications show it."""

from typing import Any, cast

from allauth.account.utils import has_verified_email
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.refusal import RefusalSerializer
from accounts.models import User
from trust.guard.permissions import IsFirstParty


class MeSerializer(serializers.ModelSerializer[User]):
    """The signed-in person. `id` is the `sub` of their tokens; names are those of OpenID Connect Core section 5.1."""

    email_verified = serializers.SerializerMethodField()
    roles = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        """Read only: the profile page and the services are where a person is changed."""

        model = User
        fields = (
            "id", "username", "email", "email_verified", "name", "given_name", "family_name", "nickname", "picture",
            "locale", "zoneinfo", "roles", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_email_verified(self, person: User) -> bool:
        """Tell whether the address was proved to be the person's."""
        return bool(has_verified_email(person, person.email))


class MeView(APIView):
    """The signed-in person."""

    permission_classes = (IsAuthenticated, IsFirstParty)

    @extend_schema(responses={200: MeSerializer, 401: RefusalSerializer, 403: RefusalSerializer})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who is signed in."""
        return Response(MeSerializer(cast("User", request.user)).data, headers={"Cache-Control": "no-store"})
