"""Sign in by the FAPI 2.0 security profile from a terminal: `python bank.py keys`, then `python bank.py sign-in`.

A confidential client with a key of its own (private_key_jwt), pushed requests (RFC 9126), PKCE, and tokens that are
bound to another key (DPoP, RFC 9449). Needs PyJWT[crypto]. It reads CLIENT_ID, and ISSUER, APP_PORT and KEY_FILE if
they are not the usual ones, from the environment.
"""

import base64
import hashlib
import json
import os
import secrets
import sys
import time
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
CLIENT_ID = os.environ.get("CLIENT_ID", "bank")
REDIRECT_URI = f"http://127.0.0.1:{os.environ.get('APP_PORT', '8766')}/callback"
KEY_FILE = Path(os.environ.get("KEY_FILE", "bank-key.pem"))
PROOF_KEY = ec.generate_private_key(ec.SECP256R1())  # lives as long as this program: the tokens die with it
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Answer = dict[str, str]


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def public(key: ec.EllipticCurvePrivateKey) -> Answer:
    """Return the public half of a key as a JWK."""
    members = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: str(members[name]) for name in ("kty", "crv", "x", "y")}


def make_key() -> str:
    """Make the client's key, keep it in a file that its owner alone reads, and return the set to register."""
    key = ec.generate_private_key(ec.SECP256R1())
    KEY_FILE.touch(mode=0o600, exist_ok=False)
    KEY_FILE.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return json.dumps({"keys": [public(key) | {"kid": "one", "use": "sig", "alg": "ES256"}]})


def assertion() -> Answer:
    """Return what proves who we are: signed anew for each request, for the issuer alone (RFC 7523 section 3)."""
    now = int(time.time())
    claims = {"iss": CLIENT_ID, "sub": CLIENT_ID, "aud": ISSUER, "iat": now, "exp": now + 60}
    claims["jti"] = secrets.token_urlsafe()
    signed = jwt.encode(claims, KEY_FILE.read_bytes(), algorithm="ES256", headers={"kid": "one"})
    return {"client_id": CLIENT_ID, "client_assertion_type": JWT_BEARER, "client_assertion": signed}


def proof(method: str, url: str, token: str = "") -> Answer:
    """Return the header that proves our key to one request (RFC 9449 section 4.2)."""
    claims = {"htm": method, "htu": url, "iat": int(time.time()), "jti": secrets.token_urlsafe()}
    if token:
        claims["ath"] = b64(hashlib.sha256(token.encode()).digest())
    header = {"typ": "dpop+jwt", "jwk": public(PROOF_KEY)}
    return {"DPoP": jwt.encode(claims, PROOF_KEY, algorithm="ES256", headers=header)}


def fetched(url: str, form: Answer | None = None, **headers: str) -> Answer:
    """Return the JSON of an answer; a form is posted."""
    with urlopen(Request(url, urlencode(form).encode() if form else None, headers), timeout=10) as response:
        answer: Answer = json.load(response)
        return answer


class Callback(BaseHTTPRequestHandler):
    """Takes the answer that the browser brings back."""

    answer: Answer = {}

    def do_GET(self) -> None:
        """Keep the answer, and thank the person."""
        Callback.answer = dict(parse_qsl(urlsplit(self.path).query))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Thank you. Go back to the terminal.")

    def log_message(self, *words: object) -> None:
        """Say nothing: the answer is nobody else's."""


def sign_in() -> Answer:
    """Push, send the browser, exchange the code, and return what userinfo says."""
    server = fetched(f"{ISSUER}/.well-known/openid-configuration")
    state, verifier = secrets.token_urlsafe(), secrets.token_urlsafe(48)
    listener = HTTPServer(("127.0.0.1", urlsplit(REDIRECT_URI).port or 0), Callback)
    request = {"response_type": "code", "redirect_uri": REDIRECT_URI, "scope": "openid profile", "state": state}
    request |= {"code_challenge": b64(hashlib.sha256(verifier.encode()).digest()), "code_challenge_method": "S256"}
    par = server["pushed_authorization_request_endpoint"]
    pushed = fetched(par, request | assertion(), **proof("POST", par))
    query = urlencode({"client_id": CLIENT_ID, "request_uri": pushed["request_uri"]})
    print("Continue in your browser:", f"{server['authorization_endpoint']}?{query}", file=sys.stderr, flush=True)
    webbrowser.open(f"{server['authorization_endpoint']}?{query}")
    # The answer is ours if it has our state and the name of our issuer (RFC 9207): others may knock here too.
    while (Callback.answer.get("state"), Callback.answer.get("iss")) != (state, ISSUER):
        listener.handle_request()
    if "code" not in Callback.answer:
        sys.exit(f"Not signed in: {Callback.answer.get('error')}")
    form = {"grant_type": "authorization_code", "code": Callback.answer["code"], "redirect_uri": REDIRECT_URI}
    form |= {"code_verifier": verifier} | assertion()
    tokens = fetched(server["token_endpoint"], form, **proof("POST", server["token_endpoint"]))
    token, userinfo = tokens["access_token"], server["userinfo_endpoint"]
    return fetched(userinfo, None, Authorization=f"DPoP {token}", **proof("GET", userinfo, token))


if __name__ == "__main__":
    print(make_key() if sys.argv[1:] == ["keys"] else json.dumps(sign_in(), indent=2))
