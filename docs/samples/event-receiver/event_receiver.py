"""A receiver of security events: Security Event Tokens (RFC 8417, RFC 8935) and signed JSON (Standard Webhooks).

It verifies what comes, takes each event once however often it is sent, and prints it. Behind a server that speaks TLS,
it is all that a small application needs: put what it is to do where `act` prints.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
AUDIENCE = os.environ.get("AUDIENCE", "")  # as the receiver is registered: its audience, or its URL
SECRETS = os.environ.get("WEBHOOK_SECRETS", "").split()  # of signed JSON; two while they are changed
AUTHORIZATION = os.environ.get("AUTHORIZATION", "")  # what the issuer was told to show, if anything
TOLERANCE = 300  # seconds that the time of a signature may be off
LONGEST = 64 * 1024  # bytes
DEMANDS: jwt.types.Options = {"require": ["iss", "aud", "iat", "jti", "events"]}
keys = jwt.PyJWKClient(f"{ISSUER}/oauth/jwks")
seen: set[str] = set()  # a database that keeps them for a month or more, in earnest


class Refused(Exception):
    """Not what the issuer sent to us. The code is one of RFC 8935 section 2.4."""


def by_token(token: str) -> tuple[str, Any]:
    """Return the id and the claims of a Security Event Token; no other token of the issuer's passes for one."""
    try:
        key = keys.get_signing_key_from_jwt(token)
        whole = jwt.decode_complete(token, key, algorithms=["RS256"], issuer=ISSUER, audience=AUDIENCE, options=DEMANDS)
    except jwt.PyJWKClientConnectionError:
        raise  # the keys cannot be read now: 500, and the event comes again
    except jwt.InvalidIssuerError as wrong:
        raise Refused("invalid_issuer") from wrong
    except jwt.InvalidAudienceError as wrong:
        raise Refused("invalid_audience") from wrong
    except (jwt.InvalidSignatureError, jwt.PyJWKClientError) as wrong:
        raise Refused("invalid_key") from wrong
    except jwt.PyJWTError as wrong:
        raise Refused("invalid_request") from wrong
    if whole["header"].get("typ") != "secevent+jwt":
        raise Refused("invalid_request")
    return whole["payload"]["jti"], whole["payload"]


def by_signature(headers: Any, body: bytes) -> tuple[str, Any]:
    """Return the id and the content of a signed JSON body: one of its signatures is by one of our secrets."""
    name, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isascii() or not sent_at.isdigit() or abs(time.time() - int(sent_at)) > TOLERANCE:
        raise Refused("invalid_request")
    made = {f"v1,{_signature(secret, f'{name}.{sent_at}.'.encode() + body)}" for secret in SECRETS}
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in made):
        raise Refused("authentication_failed")
    return name, json.loads(body)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def act(event: Any) -> None:
    """Do what the application does about an event."""
    print(json.dumps(event), flush=True)


class Receiver(BaseHTTPRequestHandler):
    """Answers what is posted: 202 once it was taken, which must be before anything that takes long."""

    timeout = 10  # seconds

    def do_POST(self) -> None:
        """Verify an event and take it, unless it was taken before."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST))
        try:
            if AUTHORIZATION and not hmac.compare_digest(self.headers.get("Authorization", ""), AUTHORIZATION):
                raise Refused("authentication_failed")
            is_token = self.headers.get_content_type() == "application/secevent+jwt"
            name, event = by_token(body.decode("ascii", "replace")) if is_token else by_signature(self.headers, body)
        except Refused as refused:
            self._answer(400, json.dumps({"err": str(refused), "description": "The event was not taken."}).encode())
            return
        if name not in seen:
            act(event)
            seen.add(name)
        self._answer(202, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Language", "en")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
