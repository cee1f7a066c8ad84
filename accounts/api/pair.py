"""The answer that carries a token pair (RFC 6749 section 5.1, with SimpleJWT's names for the two tokens)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.api.tokens import RefreshToken, mint_access
from accounts.models.session_rotation import RefreshedSession
from trust.lib.hooks import tell
from trust.tokens.vocabulary import FIRST_PARTY_CLIENT_ID


class TokenPairSerializer(serializers.Serializer[Any]):
    """A token pair; `expires_in` is the access token's, in seconds."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField()


def pair_of(session: RefreshedSession, *, grant_type: str, now: datetime) -> dict[str, str | int]:
    """Return the pair of a session's present generation; `grant_type` is how it was asked for, for the metrics."""
    tell(settings.TOKEN_ISSUED, grant_type=grant_type, client_id=FIRST_PARTY_CLIENT_ID)
    access = mint_access(session, now=now)
    return {
        "access": access.value,
        "refresh": str(RefreshToken.for_session(session)),
        "token_type": "Bearer",
        "expires_in": access.expires_in,
    }
