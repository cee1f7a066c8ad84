"""The grants, the id token, introspection and userinfo: Authlib's classes with what they leave to the developer."""

import time
from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from authlib.oidc.core import UserInfo, UserInfoEndpoint
from authlib.oidc.core.grants import OpenIDCode
from flask import request as flask_request

from bench.peers.authlib_server.models import AuthorizationCode, Client, Token, User, database
from bench.peers.authlib_server.world import SIGNING_KEYS, WORLD

_METHODS = ["client_secret_post", "client_secret_basic"]


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

    def query_authorization_code(self, code: str, client: Client) -> AuthorizationCode | None:
        found = AuthorizationCode.query.filter_by(code=code, client_id=client.client_id).first()
        return found if found and not found.is_expired() else None

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        database.session.delete(authorization_code)
        database.session.commit()

    def authenticate_user(self, authorization_code: AuthorizationCode) -> User | None:
        return database.session.get(User, authorization_code.user_id)


class RefreshTokenGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        found = Token.query.filter_by(refresh_token=refresh_token).first()
        return found if found and not found.refresh_token_revoked_at else None

    def authenticate_user(self, refresh_token: Token) -> User | None:
        return database.session.get(User, refresh_token.user_id)

    def revoke_old_credential(self, refresh_token: Token) -> None:
        refresh_token.access_token_revoked_at = refresh_token.refresh_token_revoked_at = int(time.time())
        database.session.commit()


class ClientCredentialsGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS


class OpenID(OpenIDCode):
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def resolve_client_private_key(self, client: Client) -> Any:
        return SIGNING_KEYS[WORLD["id_token_alg"]]

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": WORLD["id_token_alg"], "kid": SIGNING_KEYS[WORLD["id_token_alg"]].kid}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": WORLD["issuer"], "aud": [client.client_id]}

    def generate_user_info(self, user: User, scope: str) -> UserInfo:
        # The subject alone, as the others: who is who is asked at userinfo.
        return UserInfo(sub=user.id)


class SignedTokens(JWTBearerTokenGenerator):
    """Access tokens of RFC 9068 for requests that name a resource; opaque ones, Authlib's default, for all others."""

    def __init__(self, opaque: Any) -> None:
        super().__init__(WORLD["issuer"], alg="ES256", refresh_token_generator=opaque.refresh_token_generator)
        self._opaque = opaque

    def get_jwks(self) -> Any:
        return SIGNING_KEYS["ES256"]

    def __call__(self, *arguments: Any, **named: Any) -> dict[str, Any]:
        generate = super().__call__ if "resource" in flask_request.form else self._opaque
        return generate(*arguments, **named)


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = _METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        return Token.query.filter_by(access_token=token_string).first()

    def check_permission(self, token: Token, client: Client, request: Any) -> bool:
        return token.client_id == client.client_id

    def introspect_token(self, token: Token) -> dict[str, Any]:
        return {
            "active": True,
            "client_id": token.client_id,
            "token_type": token.token_type,
            "scope": token.get_scope(),
            "sub": token.user_id,
            "aud": token.client_id,
            "iss": WORLD["issuer"],
            "exp": token.issued_at + token.expires_in,
            "iat": token.issued_at,
        }


class BearerTokens(BearerTokenValidator):
    def authenticate_token(self, token_string: str) -> Token | None:
        return Token.query.filter_by(access_token=token_string).first()


class Profile(UserInfoEndpoint):
    def get_issuer(self) -> str:
        return WORLD["issuer"]

    def generate_user_info(self, user: User, scope: str) -> UserInfo:
        return UserInfo(sub=user.id, **user.claims).filter(scope)


def save_token(token: dict[str, Any], request: Any) -> None:
    """Keep a token, unless it speaks for itself: a signed one without a refresh token."""
    if "resource" in flask_request.form and "refresh_token" not in token:
        return
    user = request.user
    database.session.add(Token(client_id=request.client.client_id, user_id=user.id if user else None, **token))
    database.session.commit()


def query_client(client_id: str) -> Client | None:
    return Client.query.filter_by(client_id=client_id).first()


server = AuthorizationServer(query_client=query_client, save_token=save_token)
protected = ResourceProtector()
protected.register_token_validator(BearerTokens())


def register_all(settings: Mapping[str, Any]) -> None:
    """Tell the server what it can do."""
    server.register_grant(AuthorizationCodeGrant, [OpenID(), CodeChallenge(required=True)])
    server.register_grant(RefreshTokenGrant)
    server.register_grant(ClientCredentialsGrant)
    server.register_endpoint(Introspection)
    server.register_endpoint(Profile(resource_protector=protected))
    server.register_token_generator("client_credentials", SignedTokens(server.create_bearer_token_generator(settings)))
