"""POST /api/token/passkey/: begins a sign-in by a passkey alone; POST /api/token/ finishes it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.views import TokenViewBase

from accounts.api.passkey_sign_in import begin
from accounts.api.refusal import RefusalSerializer
from trust.lib import clock
from trust.lib.origin import origin_of


class NothingSerializer(serializers.Serializer[Any]):
    """Nothing is asked for; what is sent nevertheless must be an object."""


class PasskeyChallengeSerializer(serializers.Serializer[Any]):
    """What to ask a passkey, and the challenge that goes back with its answer, once and within five minutes."""

    challenge = serializers.CharField()
    public_key = serializers.DictField(
        help_text="PublicKeyCredentialRequestOptionsJSON (Web Authentication Level 3, 5.1.9)."
    )


class TokenPasskeyView(TokenViewBase):
    """Begin a sign-in by a passkey."""

    serializer_class = NothingSerializer

    @extend_schema(request=None, responses={200: PasskeyChallengeSerializer, 429: RefusalSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a challenge; give it to POST /api/token/ with the passkey's answer as `credential`."""
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        challenge, public_key = begin(origin_of(request._request), now=clock.now())
        body = {"challenge": challenge, "public_key": public_key}
        return Response(body, status=status.HTTP_200_OK, headers={"Cache-Control": "no-store"})
