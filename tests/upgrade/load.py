"""What programs do all the time, against a live server, each answer noted: refreshes, sign-ins, introspections, tokens."""

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

from tests.people import PASSWORD

SECRET = "a-secret-of-the-client-that-only-this-test-knows"
_BASIC = {"authorization": "Basic " + base64.b64encode(f"app:{SECRET}".encode()).decode()}


class Load:
    """Four threads that ask one server; `failed` has every answer that was not the right one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.failed: list[str] = []
        self.done: Counter[str] = Counter()
        self.refresh_token = self.signed_in()["refresh"]
        self.access_token = self.issued()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._go_on, args=(name, act))
            for name, act in (
                ("refresh", self.refresh),
                ("sign_in", self.signed_in),
                ("introspect", self.introspect),
                ("token", self.issued),
            )
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Wait until each has been done so many times more."""
        wanted = {name: self.done[name] + more for name in ("refresh", "sign_in", "introspect", "token")}
        deadline = time.monotonic() + 120
        while any(self.done[name] < count for name, count in wanted.items()) and time.monotonic() < deadline:
            if self.failed:
                return
            time.sleep(0.02)

    def signed_in(self) -> dict[str, Any]:
        """Sign Alice in by JSON."""
        return self._ask("/api/token/", json.dumps({"username": "alice", "password": PASSWORD}).encode())

    def refresh(self) -> None:
        """Exchange the one refresh token for the next: a lost or doubled generation would end the session."""
        self.refresh_token = self._ask("/api/token/refresh/", json.dumps({"refresh": self.refresh_token}).encode())[
            "refresh"
        ]

    def issued(self) -> str:
        """Issue a token to the client."""
        return str(self._ask("/oauth/token", b"grant_type=client_credentials")["access_token"])

    def introspect(self) -> None:
        """Ask about a token that is alive."""
        if not self._ask("/oauth/introspect", f"token={self.access_token}".encode())["active"]:
            raise AssertionError("a live token was said to be dead")

    def _go_on(self, name: str, act: Callable[[], object]) -> None:
        while not self._over.is_set():
            try:
                act()
            except Exception as failure:
                said = failure.read() if isinstance(failure, urllib.error.HTTPError) else ""
                self.failed.append(f"{name} after {self.done[name]}: {failure!r} {said!r}")
                return
            self.done[name] += 1

    def _ask(self, path: str, body: bytes) -> dict[str, Any]:
        kind = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
        headers = {"content-type": kind} | ({} if kind.endswith("json") else _BASIC)
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            answer: dict[str, Any] = json.loads(response.read())
            return answer
