"""SimpleJWT's token classes over our sessions: a pair for a session, and a refresh token read back."""

from datetime import datetime, timedelta
from typing import Self, cast

from django.conf import settings
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken as SimpleAccessToken
from rest_framework_simplejwt.tokens import RefreshToken as SimpleRefreshToken
from rest_framework_simplejwt.tokens import Token as SimpleToken

from accounts.conf import FIRST_PARTY_SCOPE
from accounts.models import Session
from accounts.models.session_rotation import RefreshedSession
from trust.keys.ring import InvalidToken
from trust.lib import clock
from trust.tokens import access_token, refresh_token
from trust.tokens.conf import ACCESS_TOKEN_LIFETIME, REFRESH_TOKEN_LIFETIME
from trust.tokens.vocabulary import FIRST_PARTY_CLIENT_ID


class AccessToken(SimpleAccessToken):
    """A first-party access token as SimpleJWT knows it."""

    lifetime: timedelta = ACCESS_TOKEN_LIFETIME


class RefreshToken(SimpleRefreshToken):
    """The sealed counter of a session (docs/decisions/0004) as SimpleJWT knows it."""

    lifetime: timedelta = REFRESH_TOKEN_LIFETIME
    access_token_class = AccessToken

    @classmethod
    def for_session(cls, session: Session | RefreshedSession) -> Self:
        """Return the token of a session's present generation; its end is the session's."""
        token = cls()
        token.payload = {
            "token_type": cls.token_type,
            "jti": str(session.id),
            "gen": session.generation,
            "exp": int(session.expires_at.timestamp()),
        }
        return token

    @classmethod
    def read(cls, value: str) -> refresh_token.RefreshToken:
        """Return what a genuine, unexpired refresh token says, typed. Raises InvalidToken."""
        try:
            token = cls(cast("SimpleToken", value))
        except TokenError as invalid:
            raise InvalidToken from invalid
        return refresh_token.from_claims(token.payload, now=clock.now())


def mint_access(session: RefreshedSession, *, now: datetime) -> access_token.Minted:
    """Return a first-party access token of a session."""
    token = access_token.AccessToken(
        subject=str(session.user_id),
        client_id=FIRST_PARTY_CLIENT_ID,
        scope=FIRST_PARTY_SCOPE,
        grant=str(session.id),
        audience=settings.ISSUER,
        session_id=str(session.id),
        auth_time=session.auth_time,
        acr=session.acr,
        amr=tuple(session.amr.split()),
        roles=tuple(session.roles),
    )
    return access_token.mint(token, now=now)


__all__ = ["AccessToken", "RefreshToken", "mint_access"]
