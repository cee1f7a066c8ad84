"""A web application that signs people in by code with PKCE: one file, and the standard library alone.

It reads CLIENT_ID and CLIENT_SECRET, and ISSUER and APP_PORT if they are not the usual ones, from the environment.
"""

import base64
import hashlib
import html
import json
import os
import secrets
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
CLIENT_ID, CLIENT_SECRET = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
PORT = int(os.environ.get("APP_PORT", "8765"))
REDIRECT_URI = f"http://127.0.0.1:{PORT}/callback"
SIGNED_OUT = "<p>Nobody is signed in.</p><p><a href='/sign-in'>Sign in</a></p>"
SIGNED_IN = "<p>Signed in as {username}</p><p>{id}</p><form method='post'><button>Sign out</button></form>"
visitors: dict[str, dict[str, str]] = {}  # by cookie: what we remember of a browser. In memory: a sample forgets.


def fetched(url: str, form: dict[str, str] | None = None, **headers: str) -> dict[str, str]:
    """Return the JSON of an answer; a form is posted."""
    with urlopen(Request(url, urlencode(form).encode() if form else None, headers), timeout=10) as response:
        answer: dict[str, str] = json.load(response)
        return answer


class App(BaseHTTPRequestHandler):
    """Three pages: /, /sign-in and /callback, and the button that signs out."""

    def do_GET(self) -> None:
        """Find the page."""
        match urlsplit(self.path).path:
            case "/":
                visitor = {name: html.escape(value) for name, value in visitors.get(self.cookie, {}).items()}
                self.answer(SIGNED_IN.format(**visitor) if "username" in visitor else SIGNED_OUT)
            case "/sign-in":
                self.begin_sign_in()
            case "/callback":
                self.end_sign_in(visitors.pop(self.cookie, {}), dict(parse_qsl(urlsplit(self.path).query)))
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        """Sign out here; the person stays signed in at the provider. SameSite keeps others from doing it."""
        visitors.pop(self.cookie, None)
        self.redirect("/")

    @property
    def cookie(self) -> str:
        """What we called this browser."""
        cookie = SimpleCookie(self.headers.get("Cookie")).get("visitor")
        return cookie.value if cookie else ""

    def begin_sign_in(self) -> None:
        """Remember what only this browser can bring back, and send it to the provider (RFC 7636 section 4)."""
        pending = {"state": secrets.token_urlsafe(), "verifier": secrets.token_urlsafe(48)}
        digest = hashlib.sha256(pending["verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        request = {
            "response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI, "scope": "profile",
            "state": pending["state"], "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        self.redirect(f"{ISSUER}/oauth/authorize?{urlencode(request)}", remember=pending)

    def end_sign_in(self, pending: dict[str, str], answer: dict[str, str]) -> None:
        """Exchange the code if the answer is to our question, and ask who it is (RFC 9207 section 2.4)."""
        is_ours = "state" in pending and (answer.get("state"), answer.get("iss")) == (pending["state"], ISSUER)
        if not is_ours or "code" not in answer:
            return self.answer(f"<p>Not signed in: {html.escape(answer.get('error', 'no answer to us'))}</p>", 400)
        form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": REDIRECT_URI}
        form |= {"code_verifier": pending["verifier"], "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        try:
            token = fetched(f"{ISSUER}/oauth/token", form)["access_token"]
            person = fetched(f"{ISSUER}/api/me/", Authorization=f"Bearer {token}")
        except URLError as refused:
            return self.answer(f"<p>Not signed in: {html.escape(str(refused))}</p>", 502)
        return self.redirect("/", remember={"username": person["username"], "id": person["id"]})

    def redirect(self, where: str, remember: dict[str, str] | None = None) -> None:
        """Send the browser on; what is remembered of it gets a new cookie."""
        self.send_response(303)
        self.send_header("Location", where)
        if remember:
            visitors[visitor := secrets.token_urlsafe()] = remember
            self.send_header("Set-Cookie", f"visitor={visitor}; HttpOnly; SameSite=Lax; Path=/")
        self.end_headers()

    def answer(self, page: str, status: int = 200) -> None:
        """Show a page."""
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Sample</title>{page}".encode())

    def log_message(self, *words: object) -> None:
        """Say nothing: addresses hold codes."""


if __name__ == "__main__":
    print(f"Open http://127.0.0.1:{PORT}/ (Ctrl-C stops).", flush=True)
    ThreadingHTTPServer(("127.0.0.1", PORT), App).serve_forever()
