"""/api/me/: who is signed in: all of it for the person's own applications, which may change it; little for others."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.profile_change import CHANGEABLE, MergePatchParser, ProfileRefused, change
from accounts.api.refusal import RefusalSerializer
from accounts.models import User
from accounts.services import people
from trust.guard.bearer import INVALID_TOKEN
from trust.guard.context import AccessContext
from trust.guard.exceptions import Refused
from trust.guard.parsers import JSONParser
from trust.guard.permissions import HasScope, IsFirstParty, IsPerson
from trust.guard.refusal import Refusal
from trust.lib.origin import origin_of

# What a third party is shown by each scope that its token has. The first opens the view.
_SHOWN_BY_SCOPE: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": ("id", "username", "name"),
    "email": ("email", "email_verified"),
}
# The claims that the person may change, in the order of the profile page.
_CLAIMS: Final = tuple(name for name in CHANGEABLE if name != "username")
# Of other tables, and loaded with the person under these names.
_TOLD: Final = {"email_verified": "told_verified", "roles": "told_roles"}


class MeSerializer(serializers.ModelSerializer[User]):
    """The signed-in person. `id` is the `sub` of their tokens; names are those of OpenID Connect Core section 5.1.

    For the OpenAPI document: `record` is what is answered.
    """

    email_verified = serializers.BooleanField(read_only=True)
    roles = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        """Read only: what may be changed, and to what, is the profile form's to say."""

        model = User
        fields = ("id", "username", "email", "email_verified", *_CLAIMS, "phone_number_verified", "roles", "updated_at")
        read_only_fields = fields


_NAMES: Final = MeSerializer.Meta.fields


class ProfilePatchSerializer(serializers.ModelSerializer[User]):
    """Members to change; null clears one, and what is left out stays."""

    class Meta:
        """For the OpenAPI document alone."""

        model = User
        fields = CHANGEABLE
        extra_kwargs = {name: {"required": False, "allow_null": name != "username"} for name in CHANGEABLE}


class MeView(APIView):
    """The signed-in person."""

    parser_classes = (JSONParser, MergePatchParser)
    # What the guard loads is all that is told: one statement.
    load_person_of_token = staticmethod(people.active_user)

    def get_permissions(self) -> list[Any]:
        """Let a third party look, by its scopes, and change nothing."""
        request = getattr(self, "request", None)  # none where the OpenAPI document is made
        looks = request is None or request.method in SAFE_METHODS
        return [IsAuthenticated(), IsPerson(), (IsFirstParty() | HasScope("profile"))() if looks else IsFirstParty()]

    @extend_schema(responses={200: MeSerializer, 401: RefusalSerializer, 403: RefusalSerializer})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who is signed in. A third party sees `id`, `username` and `name`; by scope `email` the address too."""
        return _answer(cast("AccessContext", request.auth), cast("User", request.user))

    @extend_schema(
        request={"application/json": ProfilePatchSerializer, MergePatchParser.media_type: ProfilePatchSerializer},
        responses={200: MeSerializer, 400: RefusalSerializer, 401: RefusalSerializer, 403: RefusalSerializer},
    )
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the profile by a merge patch (RFC 7396). The address and the password have doors of their own."""
        try:
            change(person=cast("User", request.user), patch=request.data, origin=origin_of(request._request))
        except ProfileRefused as refused:
            raise Refused(Refusal(status=400, code="invalid", extra={"errors": refused.errors})) from refused
        person = self.load_person_of_token(str(request.user.pk))
        if person is None:  # deleted since the guard looked
            raise Refused(INVALID_TOKEN)
        return _answer(cast("AccessContext", request.auth), person)


def _answer(context: AccessContext, person: User) -> Response:
    """Tell as much as the token may see; `id` is its subject, so that both are always one."""
    shown = record(person, _NAMES if context.token.is_first_party else _names_for(context))
    return Response({**shown, "id": context.token.subject}, headers={"Cache-Control": "no-store"})


def _names_for(context: AccessContext) -> list[str]:
    return [name for scope, shown in _SHOWN_BY_SCOPE.items() if context.allow_scopes([scope]) for name in shown]


def record(person: User, names: Iterable[str]) -> dict[str, Any]:
    """Return what MeSerializer describes. A model serializer makes its fields anew for each answer."""
    return {name: getattr(person, _TOLD.get(name, name)) for name in names}
