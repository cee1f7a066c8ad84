"""A Flask application that signs people in by OpenID Connect, and out: here, everywhere, or when the provider says so.

It reads CLIENT_ID and CLIENT_SECRET, and ISSUER and APP_PORT if they are not the usual ones, from the environment.
"""

import html
import os
import secrets
from typing import Any
from urllib.parse import urlencode

import jwt
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session
from werkzeug.wrappers import Response

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
CLIENT_ID, CLIENT_SECRET = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
PORT = int(os.environ.get("APP_PORT", "8765"))
HOME = f"http://127.0.0.1:{PORT}/"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
DEMANDS: jwt.types.Options = {"require": ["exp", "iat", "jti", "sub", "sid", "events"]}
BUTTON = '<form method="post" action="/sign-out"><button>Sign out</button></form>'
signed_in: dict[str, dict[str, str]] = {}  # by sid. In memory: a sample forgets, and runs in one process.

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
# A cookie of its own: browsers keep them by host, and not by port.
app.config.update(SESSION_COOKIE_NAME=f"session-{PORT}", SESSION_COOKIE_SAMESITE="Lax")
provider = OAuth(app).register(
    "provider",
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
)
keys = jwt.PyJWKClient(f"{ISSUER}/oauth/jwks")


@app.get("/")
def home() -> str:
    """Say who is signed in: by the cookie, if nobody ended that session meanwhile."""
    known = signed_in.get(session.get("sid", ""))
    return f"<p>Signed in as {html.escape(known['name'])}</p>{BUTTON}" if known else "<p>Nobody is signed in.</p>"


@app.get("/sign-in")
def sign_in() -> Response:
    """Send the browser to the provider, with state, nonce and a code challenge."""
    sent: Response = provider.authorize_redirect(f"{HOME}callback")
    return sent


@app.get("/callback")
def callback() -> Response:
    """Exchange the code, check the id token, and keep the session by what the provider calls it: `sid`."""
    tokens = provider.authorize_access_token()
    sid = session["sid"] = tokens["userinfo"]["sid"]
    name = provider.userinfo(token=tokens)["preferred_username"]
    signed_in[sid] = {"name": name, "id_token": tokens["id_token"]}
    return redirect("/")


@app.post("/sign-out")
def sign_out() -> Response:
    """Sign out here, then at the provider, which knows by the id token whom and sends the browser back."""
    known = signed_in.pop(session.pop("sid", ""), {})
    asked = {"client_id": CLIENT_ID, "id_token_hint": known.get("id_token", ""), "post_logout_redirect_uri": HOME}
    return redirect(f"{provider.load_server_metadata()['end_session_endpoint']}?{urlencode(asked)}", 303)


@app.post("/back-channel-logout")
def back_channel_logout() -> tuple[dict[str, str], int, dict[str, str]]:
    """Forget a session that ended at the provider (Back-Channel Logout 1.0 section 2.5)."""
    try:
        signed_in.pop(logout_claims(request.form.get("logout_token", ""))["sid"], None)
    except jwt.PyJWKClientConnectionError:
        raise  # the keys cannot be had now: 500, and the provider tries again
    except jwt.PyJWTError:
        return {"error": "invalid_request"}, 400, {"Cache-Control": "no-store"}
    return {}, 200, {"Cache-Control": "no-store"}


def logout_claims(token: str) -> dict[str, Any]:
    """Return the claims of a good logout token (section 2.6): never those of an id token. Raises PyJWTError."""
    key = keys.get_signing_key_from_jwt(token)
    whole = jwt.decode_complete(token, key, algorithms=["RS256"], issuer=ISSUER, audience=CLIENT_ID, options=DEMANDS)
    claims: dict[str, Any] = whole["payload"]
    if whole["header"].get("typ") != "logout+jwt" or LOGOUT not in claims["events"] or "nonce" in claims:
        raise jwt.InvalidTokenError("no logout token")
    return claims


if __name__ == "__main__":
    app.run(port=PORT)
