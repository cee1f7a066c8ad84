"""GET /api/me/: who is signed in: all of it for the person's own applications, little of it for others."""

from collections.abc import Mapping
from typing import Any, Final, cast

from allauth.account.utils import has_verified_email
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.refusal import RefusalSerializer
from accounts.models import User
from trust.guard.context import AccessContext
from trust.guard.permissions import HasScope, IsFirstParty, IsPerson

# What a third party is shown by each scope that its token has. The first opens the view.
_SHOWN_BY_SCOPE: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": ("id", "username", "name"),
    "email": ("email", "email_verified"),
}


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

    permission_classes = (IsAuthenticated, IsPerson, IsFirstParty | HasScope("profile"))

    @extend_schema(responses={200: MeSerializer, 401: RefusalSerializer, 403: RefusalSerializer})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who is signed in. A third party sees `id`, `username` and `name`; by scope `email` the address too."""
        shown = _shown_to(cast("AccessContext", request.auth), MeSerializer(cast("User", request.user)).data)
        return Response(shown, headers={"Cache-Control": "no-store"})


def _shown_to(context: AccessContext, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return as much of the record as the token may see; `id` is its subject, so that both are always one."""
    whole = {**record, "id": context.token.subject}
    if context.token.is_first_party:
        return whole
    names = [name for scope, shown in _SHOWN_BY_SCOPE.items() if context.allow_scopes([scope]) for name in shown]
    return {name: whole[name] for name in names}
