"""The site as processes of its own: granian on a free port of loopback, on the database of the running test."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

_READY_WITHIN = 60.0  # seconds: CI's machines are slow when all tests start at once


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is the JSON, if it was JSON."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LiveSite:
    """One process of the site."""

    url: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send JSON and return the answer, whatever its status."""
        content = None if body is None else json.dumps(body).encode()
        named = {"content-type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        request = urllib.request.Request(self.url + path, data=content, method=method, headers=named)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return _answer(response.status, response.read(), response.headers)
        except urllib.error.HTTPError as refused:
            return _answer(refused.code, refused.read(), refused.headers)


@contextmanager
def live_site() -> Iterator[LiveSite]:
    """Start a process and wait until it is ready; end it afterwards."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "authproject.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "8"),
        *("--log-level", "warning", "--working-dir", str(settings.BASE_DIR)),
    ]
    with subprocess.Popen(command, env=os.environ | {"DATABASE_URL": _database_url()}) as process:
        try:
            site = LiveSite(f"http://127.0.0.1:{port}")
            _wait_until_ready(site, process)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=20)


def _database_url() -> str:
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{named['NAME']}"
    return f"postgres://{named['USER']}:{named['PASSWORD']}@{named['HOST']}:{named['PORT']}/{named['NAME']}"


def _wait_until_ready(site: LiveSite, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the site ended with {process.returncode}")
        try:
            if site.call("GET", "/health/ready").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the site was not ready in time")


def _answer(status: int, content: bytes, headers: Any) -> Answer:
    is_json = content and "json" in headers.get("Content-Type", "")
    return Answer(status, json.loads(content) if is_json else content, dict(headers))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
