"""POST /api/token/: a username or address and a password for a token pair, in two steps where there is a factor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.views import TokenObtainPairView

from accounts.api.pair import TokenPairSerializer, pair_of
from accounts.api.passkey_sign_in import with_passkey
from accounts.api.sign_in import Caller, FactorNeeded, with_code, with_password
from accounts.errors import BadCredentials, ChallengeRefused, CodeRefused, EmailUnverified, PasskeyRefused
from accounts.models.session_rotation import RefreshedSession
from accounts.services import explained
from trust.explain.vocabulary import Found
from trust.guard.exceptions import Unauthorized
from trust.lib import clock


class SignInSerializer(serializers.Serializer[Any]):
    """Either `username` (or `email`) and `password`, or an answer to a `challenge`: a `code`, or a `credential`."""

    username = serializers.CharField(required=False, max_length=254, help_text=_("Username or e-mail address."))
    email = serializers.CharField(required=False, max_length=254)
    password = serializers.CharField(required=False, max_length=1024, trim_whitespace=False)
    challenge = serializers.CharField(required=False, max_length=1024)
    code = serializers.CharField(required=False, max_length=32)
    credential = serializers.DictField(
        required=False,
        help_text=_("What the passkey answered: AuthenticationResponseJSON (Web Authentication Level 3)."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand one of the two steps whole, and nothing of the other."""
        answer = {"credential" if "credential" in attrs else "code"}
        needed = answer if "challenge" in attrs else {"password", "email" if "email" in attrs else "username"}
        missing = {name: [_("This field is required.")] for name in sorted(needed - attrs.keys())}
        if missing:
            raise serializers.ValidationError(missing, code="required")
        return attrs


_REFUSALS: Final[Mapping[type[Exception], tuple[str, Found]]] = {
    EmailUnverified: ("email_unverified", Found.ADDRESS_UNPROVED),
    ChallengeRefused: ("invalid_challenge", Found.CHALLENGE_OVER),
    PasskeyRefused: ("invalid_passkey", Found.PASSKEY_WRONG),
}
# A serializer copies all of its fields each time that it is made.
_SHAPE: Final = SignInSerializer()


class FactorNeededSerializer(serializers.Serializer[Any]):
    """The answer where a second factor is asked for."""

    detail = serializers.CharField()
    code = serializers.CharField(help_text="mfa_required")
    message = serializers.CharField()
    error = serializers.CharField()
    challenge = serializers.CharField()
    methods = serializers.ListField(child=serializers.CharField())
    public_key = serializers.DictField(
        required=False, help_text="What to ask a passkey, where there is one: PublicKeyCredentialRequestOptionsJSON."
    )


class TokenView(TokenObtainPairView):
    """Sign in by JSON."""

    serializer_class = SignInSerializer

    @extend_schema(
        responses={
            200: TokenPairSerializer,
            401: OpenApiResponse(FactorNeededSerializer, "Refused, or a second factor is needed (mfa_required)."),
        }
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sign in; answer the pair, or `mfa_required` with a challenge."""
        return Response(_pair(_given(request.data), Caller.of(request._request)), status=status.HTTP_200_OK)


def _given(sent: Any) -> dict[str, Any]:
    """Return what was sent. Raises ValidationError, with the words of a serializer of its own."""
    try:
        given: dict[str, Any] = _SHAPE.run_validation(sent)
    except serializers.ValidationError:
        SignInSerializer(data=sent).is_valid(raise_exception=True)
        raise
    return given


def _pair(given: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """Return the pair. Raises Unauthorized, with a challenge where a factor is asked for, and LimitExceeded."""
    signed_in = _signed_in(caller, given)
    if isinstance(signed_in, FactorNeeded):
        raise Unauthorized("mfa_required", extra=_asked(signed_in))
    return pair_of(signed_in, grant_type=_grant_type(given), now=clock.now())


def _grant_type(given: dict[str, Any]) -> str:
    return "passkey" if "credential" in given and "password" not in given else "password"


def _asked(needed: FactorNeeded) -> dict[str, Any]:
    asked: dict[str, Any] = {"challenge": needed.challenge, "methods": list(needed.methods)}
    return asked if needed.public_key is None else {**asked, "public_key": needed.public_key}


def _signed_in(caller: Caller, given: dict[str, Any]) -> RefreshedSession | FactorNeeded:
    now = clock.now()
    try:
        if "challenge" in given:
            return _answered(caller, given, now)
        login = given.get("email") or given["username"]
        return with_password(caller, login=login, password=given["password"], now=now)
    except BadCredentials as refused:  # explained where they were found, as wrong codes are
        raise Unauthorized("invalid_credentials") from refused
    except CodeRefused as refused:
        raise Unauthorized("invalid_code") from refused
    except tuple(_REFUSALS) as refused:
        error, found = _REFUSALS[type(refused)]
        about = refused.reason if isinstance(refused, PasskeyRefused) else ""
        explained.refused(found, error=error, step=_step(given), about=about)
        raise Unauthorized(error) from refused


def _step(given: dict[str, Any]) -> str:
    """Return what was to be proved."""
    return next(name for name in ("credential", "code", "password") if name in given)


def _answered(caller: Caller, given: dict[str, Any], now: datetime) -> RefreshedSession:
    if "credential" in given:
        return with_passkey(caller, challenge=given["challenge"], credential=given["credential"], now=now)
    return with_code(caller, challenge=given["challenge"], code=given["code"], now=now)
