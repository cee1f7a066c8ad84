"""GET /api/sessions/ and DELETE /api/sessions/<id>/: a person sees their sign-ins and ends them."""

import uuid
from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Session, User
from accounts.models.session import SessionQuerySet
from accounts.services import sessions
from trust.guard.permissions import IsFirstParty
from trust.lib.origin import origin_of


class SessionSerializer(serializers.ModelSerializer[Session]):
    """One sign-in. `current` is the one that the request was made with.

    `impersonated`: it is no sign-in of the person's own, but somebody of the administration who sees the site as them.
    """

    current = serializers.SerializerMethodField()
    impersonated = serializers.SerializerMethodField()
    amr = serializers.SerializerMethodField()

    class Meta:
        """What a person may see of their own session."""

        model = Session
        fields = (
            "id", "kind", "current", "created", "last_seen", "expires_at", "auth_time", "acr", "amr",
            "client_address", "user_agent", "impersonated",
        )  # fmt: skip

    def get_current(self, session: Session) -> bool:
        """Tell whether the request came from this session."""
        return bool(self.context["request"].auth.session_id == str(session.pk))

    def get_impersonated(self, session: Session) -> bool:
        """Tell whether somebody sees the site as the person by it."""
        return session.impersonator_id is not None

    def get_amr(self, session: Session) -> list[str]:
        """Return the authentication methods (RFC 8176)."""
        return session.amr.split()


class SessionListView(ListAPIView[Session]):
    """The person's live sessions, the one used last first."""

    permission_classes = (IsAuthenticated, IsFirstParty)
    serializer_class = SessionSerializer
    pagination_class = None

    def get_queryset(self) -> SessionQuerySet:
        """Return the live sessions of whoever asks."""
        if getattr(self, "swagger_fake_view", False):  # the schema is made without a person
            return Session.objects.none()
        return Session.objects.alive().of_user(_person(self.request))


class SessionView(APIView):
    """One session of the person."""

    permission_classes = (IsAuthenticated, IsFirstParty)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """End a session: its tokens die with it. A session of somebody else does not exist here."""
        own = Session.objects.of_user(_person(request)).by_id(session_id)
        if not own.exists() or not sessions.end(
            session_id=session_id, reason="ended_by_person", origin=origin_of(request._request)
        ):
            raise NotFound
        return Response(status=status.HTTP_204_NO_CONTENT)


def _person(request: Request) -> uuid.UUID:
    return cast("User", request.user).pk  # a first-party token always speaks for a person
