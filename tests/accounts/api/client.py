"""A caller of the JSON API: what a script with a JSON library would do."""

import json
from typing import Any

from django.test import Client

from accounts.models import User
from tests.people import PASSWORD


class Api:
    """Calls /api/ as JSON; `bearer` is sent when it is set."""

    def __init__(self, **defaults: Any) -> None:
        self.http = Client(**defaults)
        self.bearer = ""

    def post(self, path: str, body: Any = None, **headers: str):
        return self._call("post", path, body, headers)

    def get(self, path: str, **headers: str):
        return self._call("get", path, None, headers)

    def delete(self, path: str, **headers: str):
        return self._call("delete", path, None, headers)

    def sign_in(self, user: User, password: str = PASSWORD) -> dict[str, Any]:
        """Sign in and keep the access token as bearer."""
        pair = self.post("/api/token/", {"username": user.username, "password": password}).json()
        self.bearer = pair["access"]
        return pair

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]):
        if self.bearer:
            headers.setdefault("authorization", f"Bearer {self.bearer}")
        if method == "get":
            return self.http.get(path, headers=headers)
        given = {"data": "" if body is None else json.dumps(body), "content_type": "application/json"}
        return getattr(self.http, method)(path, headers=headers, **given)
