"""The two callers of /api/account/: an app that keeps its tokens, and a page's script in a browser."""

import json
from typing import Any

from django.test import Client

from accounts.models import User
from tests.people import PASSWORD


class App:
    """A program of ours on a telephone: it keeps the session token while signing in, and then the token pair."""

    def __init__(self) -> None:
        self.http = Client(enforce_csrf_checks=True)
        self.session_token = ""
        self.access = ""
        self.refresh = ""

    def get(self, path: str, **headers: str) -> Any:
        return self._call("get", path, None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._call("post", path, body, headers)

    def put(self, path: str, body: Any = None) -> Any:
        return self._call("put", path, body, {})

    def patch(self, path: str, body: Any = None) -> Any:
        return self._call("patch", path, body, {})

    def delete(self, path: str, body: Any = None) -> Any:
        return self._call("delete", path, body, {})

    def sign_in(self, user: User, password: str = PASSWORD) -> Any:
        return self.post("auth/login", {"username": user.username, "password": password})

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        if self.access:
            headers.setdefault("authorization", f"Bearer {self.access}")
        elif self.session_token:
            headers.setdefault("x-session-token", self.session_token)
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(self.http, method)(f"/api/account/app/v1/{path}", headers=headers, **content)
        self._keep(answer)
        return answer

    def _keep(self, answer: Any) -> None:
        meta = answer.json().get("meta") or {} if "json" in answer.headers.get("Content-Type", "") else {}
        self.session_token = meta.get("session_token", self.session_token)
        if "access_token" in meta:
            self.access, self.refresh, self.session_token = meta["access_token"], meta["refresh_token"], ""


class Script:
    """A page's script on our own origin: cookies are the browser's, the CSRF token comes by a header."""

    def __init__(self, browser: Client | None = None) -> None:
        self.browser = browser or Client(enforce_csrf_checks=True)
        self.csrf = ""

    def get(self, path: str) -> Any:
        return self.call("get", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("post", path, body)

    def delete(self, path: str, body: Any = None) -> Any:
        return self.call("delete", path, body)

    def sign_in(self, user: User, password: str = PASSWORD) -> Any:
        return self.post("auth/login", {"username": user.username, "password": password})

    def call(self, method: str, path: str, body: Any = None, *, csrf: bool = True) -> Any:
        if csrf and not self.csrf:
            self.csrf = self.browser.get("/api/account/browser/v1/config").headers["X-CSRFToken"]
        headers = {"x-csrftoken": self.csrf} if csrf else {}
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(self.browser, method)(f"/api/account/browser/v1/{path}", headers=headers, **content)
        self.csrf = answer.headers.get("X-CSRFToken", self.csrf) if csrf else self.csrf
        return answer
