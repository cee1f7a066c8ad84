"""Sign in from a terminal: opens the browser, waits for its answer on loopback, prints the tokens as JSON.

A native application (RFC 8252): a public client with PKCE, by the standard library alone. It reads CLIENT_ID, and
ISSUER and SCOPE if they are not the usual ones, from the environment.
"""

import base64
import hashlib
import json
import os
import secrets
import sys
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import urlopen

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
CLIENT_ID = os.environ["CLIENT_ID"]
SCOPE = os.environ.get("SCOPE", "openid profile")


class Callback(BaseHTTPRequestHandler):
    """Takes the answer that the browser brings back."""

    answer: dict[str, str] = {}

    def do_GET(self) -> None:
        """Keep the answer, and thank the person."""
        Callback.answer = dict(parse_qsl(urlsplit(self.path).query))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"Thank you. Go back to the terminal.")

    def log_message(self, *words: object) -> None:
        """Say nothing: the answer is nobody else's."""


def sign_in() -> dict[str, object]:
    """Go the whole way and return the token response."""
    with urlopen(f"{ISSUER}/.well-known/openid-configuration") as response:
        server = json.load(response)
    state, verifier = secrets.token_urlsafe(), secrets.token_urlsafe(48)
    listener = HTTPServer(("127.0.0.1", 0), Callback)
    request = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"http://127.0.0.1:{listener.server_port}/callback",
        "scope": SCOPE,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = f"{server['authorization_endpoint']}?{urlencode(request)}"
    print("Continue in your browser:", address, file=sys.stderr)
    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
    # The answer is ours if it has our state and the name of our issuer (RFC 9207): others may knock here too.
    while (Callback.answer.get("state"), Callback.answer.get("iss")) != (state, ISSUER):
        listener.handle_request()
    if "code" not in Callback.answer:
        sys.exit(f"Not signed in: {Callback.answer.get('error')}")
    form = {"grant_type": "authorization_code", "code": Callback.answer["code"], "code_verifier": verifier}
    form |= {"client_id": CLIENT_ID, "redirect_uri": request["redirect_uri"]}
    with urlopen(server["token_endpoint"], data=urlencode(form).encode()) as response:
        tokens: dict[str, object] = json.load(response)
        return tokens


if __name__ == "__main__":
    print(json.dumps(sign_in(), indent=2))
