"""A life over HTTP alone, in which every secret that comes up is kept, to be looked for in the logs."""

import base64
import hashlib
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.clients import CALLBACK, SECRET
from tests.people import PASSWORD

_PARTS = re.compile(r"[\w-]{24,}")


class Life:
    """What Alice and her programs do; `kept` are the secrets."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()
        self.kept: set[str] = {PASSWORD, SECRET}

    def keep(self, secret: str) -> str:
        """Keep a secret, and each part of a signed one but its header, which is the same in all."""
        parts = [part for part in _PARTS.findall(secret) if not part.startswith("eyJhbGci")]
        self.kept.update(parts or [secret])
        return secret

    def canary(self, what: str) -> str:
        return self.keep(f"canary{what}{secrets.token_hex(20)}")

    def post(self, path: str, form: dict[str, str], **headers: str) -> requests.Response:
        """Post what a program posts."""
        return requests.post(self.url + path, form, headers=headers, timeout=30, allow_redirects=False)

    def say(self, method: str, path: str, body: Any = None, token: str = "") -> requests.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=30)

    def submit(self, path: str, form: dict[str, str]) -> requests.Response:
        """Post a form of a page, as a browser does; a page that sends elsewhere at once is the answer."""
        page = self.browser.get(self.url + path, timeout=30, allow_redirects=False)
        if page.is_redirect:
            return page
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        token = self.keep(found[1]) if found else ""
        answer = self.browser.post(page.url, {"csrfmiddlewaretoken": token} | form, timeout=30, allow_redirects=False)
        for cookie in self.browser.cookies:
            self.keep(str(cookie.value))
        return answer

    def sign_in(self) -> None:
        """Wrongly and rightly, by JSON and on the page."""
        wrong = {"username": "alice", "password": self.canary("password")}
        assert self.say("POST", "/api/token/", wrong).status_code == 401
        pair = self.say("POST", "/api/token/", {"username": "alice", "password": PASSWORD}).json()
        access, refresh = self.keep(pair["access"]), self.keep(pair["refresh"])
        assert self.say("GET", "/api/me/", token=access).status_code == 200
        assert self.say("GET", "/api/me/", token=access[:-4] + "AAAA").status_code == 401
        self.keep(self.say("POST", "/api/token/refresh/", {"refresh": refresh}).json()["refresh"])
        assert self.say("POST", "/api/token/refresh/", {"refresh": refresh[:-4] + "AAAA"}).status_code == 401
        assert self.submit("/accounts/login/", {"login": "alice", "password": self.canary("page")}).status_code == 200
        assert self.submit("/accounts/login/", {"login": "alice", "password": PASSWORD}).status_code == 302

    def use_an_app(self) -> None:
        """A code, its exchange, refreshes, and each of them wrongly."""
        verifier, state, nonce = self.canary("verifier"), self.canary("state"), self.canary("nonce")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {"response_type": "code", "client_id": "app", "redirect_uri": CALLBACK, "scope": "openid profile"}
        asked |= {"code_challenge": digest, "code_challenge_method": "S256", "state": state, "nonce": nonce}
        request = requests.Request("GET", f"{self.url}/oauth/authorize", params=asked).prepare().path_url
        sent = self.submit(request, {"decision": "allow"})
        code = self.keep(parse_qs(urlsplit(sent.headers["location"]).query)["code"][0])
        form = {"client_id": "app", "grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code}
        for bad in (
            {"client_secret": self.canary("secret")},
            {"client_secret": SECRET, "code_verifier": self.canary("verifier")},
        ):
            assert self.post("/oauth/token", form | {"code_verifier": verifier} | bad).status_code in {400, 401}
        sent = self.submit(request, {"decision": "allow"})
        form["code"] = self.keep(parse_qs(urlsplit(sent.headers["location"]).query)["code"][0])
        form |= {"client_secret": SECRET, "code_verifier": verifier}
        answer = self.post("/oauth/token", form)
        assert answer.status_code == 200, answer.text
        tokens = answer.json()
        access, refresh = self.keep(tokens["access_token"]), self.keep(tokens["refresh_token"])
        self.keep(tokens["id_token"])
        by_app = {"client_id": "app", "client_secret": SECRET}
        assert self.post("/oauth/introspect", by_app | {"token": access}).json()["active"] is True
        renewed = self.post("/oauth/token", by_app | {"grant_type": "refresh_token", "refresh_token": refresh})
        self.keep(renewed.json()["refresh_token"])
        assert self.post("/oauth/token", form).status_code == 400  # once more: all of it ends
        assert self.say("GET", "/oauth/userinfo", token=access).status_code == 401
        self.post("/oauth/revoke", by_app | {"token": refresh})

    def register(self, initial_access_token: str) -> None:
        """A client that registers itself, and somebody who tries to be it."""
        token = self.keep(initial_access_token)
        asked = {"redirect_uris": ["https://new.example/callback"]}
        assert self.say("POST", "/oauth/register", asked, self.canary("initial")).status_code == 401
        made = self.say("POST", "/oauth/register", asked, token).json()
        self.keep(made["client_secret"])
        path = urlsplit(made["registration_client_uri"]).path
        assert self.say("GET", path, token=self.keep(made["registration_access_token"])).status_code == 200
        assert self.say("GET", path, token=self.canary("registration")).status_code == 401

    def err(self, *, fails: bool = True) -> None:
        """Links that are nobody's, bodies that are none, and, where it is there, a view that quotes its request."""
        for path in ("/accounts/invitation/{}/", "/accounts/not-me/{}/", "/accounts/confirm-email/{}/", "/nowhere/{}/"):
            assert self.browser.get(self.url + path.format(self.canary("link")), timeout=30).status_code < 500
        key = f"2a9-cs8f3k-{self.canary('reset')}"
        self.browser.get(f"{self.url}/accounts/password/reset/key/{key}/", timeout=30)
        self.browser.get(f"{self.url}/nowhere/?code={self.canary('query')}&token={self.canary('query')}", timeout=30)
        broken = json.dumps({"username": "alice", "password": self.canary("broken")})[:-1]
        headers = {"content-type": "application/json"}
        assert requests.post(f"{self.url}/api/token/", broken, headers=headers, timeout=30).status_code == 400
        if not fails:
            return
        form = {"password": self.canary("five"), "code": self.canary("hundred"), "client_secret": self.canary("x")}
        bearer = {"authorization": f"Bearer {self.canary('bearer')}"}
        assert self.post("/fails/", form, **bearer).status_code == 500
