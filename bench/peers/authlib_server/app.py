"""The Flask application: its routes, its settings and its first rows."""

import os
import time
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from authlib.common.security import generate_token
from authlib.integrations.flask_oauth2 import current_token
from flask import Flask, Response, abort, jsonify, request
from sqlalchemy.exc import IntegrityError
from werkzeug.middleware.proxy_fix import ProxyFix

from bench.peers.authlib_server.grants import protected, query_client, register_all, server
from bench.peers.authlib_server.models import AuthorizationCode, Client, Token, User, database
from bench.peers.authlib_server.world import PUBLIC_KEYS, WORLD

_ISSUER: Final = WORLD["issuer"]
_METADATA: Final = {
    "issuer": _ISSUER,
    "authorization_endpoint": f"{_ISSUER}/oauth/authorize",
    "token_endpoint": f"{_ISSUER}/oauth/token",
    "introspection_endpoint": f"{_ISSUER}/oauth/introspect",
    "userinfo_endpoint": f"{_ISSUER}/oauth/userinfo",
    "jwks_uri": f"{_ISSUER}/oauth/jwks",
    "scopes_supported": ["openid", "profile", "email", "offline_access", "read"],
    "response_types_supported": ["code"],
    "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    "claims_supported": ["sub", "name", "given_name", "family_name", "preferred_username", "email", "email_verified"],
}
_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
app.config.update(
    SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"],
    SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 16},
    OAUTH2_REFRESH_TOKEN_GENERATOR=True,
    OAUTH2_TOKEN_EXPIRES_IN={"authorization_code": 600, "client_credentials": 600, "refresh_token": 600},
)
database.init_app(app)
server.init_app(app)
register_all(app.config)


@app.post("/oauth/token")
def token() -> Any:
    return server.create_token_response()


@app.post("/oauth/introspect")
def introspect() -> Any:
    return server.create_endpoint_response("introspection")


@app.get("/oauth/userinfo")
def userinfo() -> Any:
    return server.create_endpoint_response("userinfo")


@app.get("/oauth/jwks")
def jwks() -> Response:
    return jsonify(PUBLIC_KEYS)


@app.get("/.well-known/openid-configuration")
def openid_configuration() -> Response:
    return jsonify(_METADATA)


@app.get("/api/me")
@protected("profile")
def me() -> Response:
    return jsonify(id=current_token.user_id, **current_token.user.claims)


@app.post("/login")
def login() -> Response:
    """A username and a password for an access token."""
    user = User.query.filter_by(username=request.json["username"]).first()
    try:
        _hasher.verify(user.password_hash, request.json["password"])
    except (AttributeError, VerifyMismatchError):
        abort(401)
    client = query_client(WORLD["app"]["client_id"])
    made = server.generate_token(
        grant_type="password", client=client, user=user, scope=WORLD["scope"], include_refresh_token=False
    )
    database.session.add(Token(client_id=client.client_id, user_id=user.id, **made))
    database.session.commit()
    return jsonify(made)


@app.post("/bench/codes")
def codes() -> Response:
    """So many new codes, as the authorization endpoint would have issued them."""
    wanted = request.json
    values = [generate_token(48) for _ in range(wanted["count"])]
    people, now = WORLD["people"], int(time.time())
    database.session.add_all(
        AuthorizationCode(
            code=value,
            client_id=WORLD["app"]["client_id"],
            redirect_uri=WORLD["redirect_uri"],
            response_type="code",
            scope=wanted["scope"],
            auth_time=now,
            amr="pwd",
            code_challenge=wanted["challenge"],
            code_challenge_method="S256",
            user_id=people[place % len(people)]["id"],
        )
        for place, value in enumerate(values)
    )
    database.session.commit()
    return Response("\n".join(values), mimetype="text/plain")


def create_tables() -> None:
    """Make the tables and what every system knows, once, before the server starts."""
    with app.app_context():
        database.create_all()
        keys = ("id", "username", "password_hash", "claims")
        database.session.add_all(User(**{key: person[key] for key in keys}) for person in WORLD["people"])
        for known, grants in (
            (WORLD["machine"], ["client_credentials"]),
            (WORLD["app"], ["authorization_code", "refresh_token"]),
        ):
            client = Client(client_id=known["client_id"], client_secret=known["client_secret"])
            client.set_client_metadata(
                {
                    "client_name": known["client_id"],
                    "grant_types": grants,
                    "response_types": ["code"],
                    "redirect_uris": [WORLD["redirect_uri"]],
                    "scope": known["scope"],
                    "token_endpoint_auth_method": "client_secret_post",
                    "id_token_signed_response_alg": WORLD["id_token_alg"],
                }
            )
            database.session.add(client)
        try:
            database.session.commit()
        except IntegrityError:
            database.session.rollback()


if __name__ == "__main__":
    create_tables()
