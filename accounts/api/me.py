"""/api/me/: who is signed in: all of it for the person's own applications, which may change it; little for others."""

from collections.abc import Mapping
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
from accounts.models.person import Person
from accounts.services import people
from trust.guard.bearer import INVALID_TOKEN
from trust.guard.context import AccessContext
from trust.guard.exceptions import Refused
from trust.guard.parsers import JSONParser
from trust.guard.permissions import HasScope, IsFirstParty, IsPerson
from trust.guard.refusal import Refusal
from trust.lib.origin import origin_of
from trust.lib.waiting import at_once

# What a third party is shown by each scope that its token has. The first opens the view.
_SHOWN_BY_SCOPE: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": ("id", "username", "name"),
    "email": ("email", "email_verified"),
}
# The claims that the person may change, in the order of the profile page.
_CLAIMS: Final = tuple(name for name in CHANGEABLE if name != "username")


class MeSerializer(serializers.ModelSerializer[User]):
    """The signed-in person. `id` is the `sub` of their tokens; names are those of OpenID Connect Core section 5.1.

    For the OpenAPI document: `_record` is what is answered.
    """

    email_verified = serializers.BooleanField(read_only=True)
    roles = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        """Read only: what may be changed, and to what, is the profile form's to say."""

        model = User
        fields = ("id", "username", "email", "email_verified", *_CLAIMS, "phone_number_verified", "roles", "updated_at")
        read_only_fields = fields


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

    def get_permissions(self) -> list[Any]:
        """Let a third party look, by its scopes, and change nothing."""
        request = getattr(self, "request", None)  # none where the OpenAPI document is made
        looks = request is None or request.method in SAFE_METHODS
        return [IsAuthenticated(), IsPerson(), (IsFirstParty() | HasScope("profile"))() if looks else IsFirstParty()]

    @extend_schema(responses={200: MeSerializer, 401: RefusalSerializer, 403: RefusalSerializer})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who is signed in. A third party sees `id`, `username` and `name`; by scope `email` the address too."""
        person = at_once(people.active(str(request.user.pk), with_verified=True, with_roles=True))
        if person is None:  # deleted since the guard looked
            raise Refused(INVALID_TOKEN)
        shown = _shown_to(cast("AccessContext", request.auth), _record(person))
        return Response(shown, headers={"Cache-Control": "no-store"})

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
        return self.get(request)


def _record(person: Person) -> dict[str, Any]:
    """Return what MeSerializer describes. A model serializer makes its fields anew for each answer."""
    names = [name for name in MeSerializer.Meta.fields if name != "email_verified"]
    return {**{name: getattr(person, name) for name in names}, "email_verified": person.has_verified_email}


def _shown_to(context: AccessContext, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return as much of the record as the token may see; `id` is its subject, so that both are always one."""
    whole = {**record, "id": context.token.subject}
    if context.token.is_first_party:
        return whole
    names = [name for scope, shown in _SHOWN_BY_SCOPE.items() if context.allow_scopes([scope]) for name in shown]
    return {name: whole[name] for name in names}
