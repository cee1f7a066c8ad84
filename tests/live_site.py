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

from tests.loopback import Authority

_READY_WITHIN = 120.0  # seconds: CI's machines are slow when all tests start at once


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
    authority: Authority | None = None  # whom to trust for it, if it speaks TLS

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send JSON and return the answer, whatever its status."""
        content = None if body is None else json.dumps(body).encode()
        named = {"content-type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        request = urllib.request.Request(self.url + path, data=content, method=method, headers=named)
        try:
            tls = self.authority.trusted() if self.authority else None
            with urllib.request.urlopen(request, timeout=30, context=tls) as response:
                return _answer(response.status, response.read(), response.headers)
        except urllib.error.HTTPError as refused:
            return _answer(refused.code, refused.read(), refused.headers)


@contextmanager
def live_site(
    *,
    blocking_threads: int = 8,
    own_issuer: bool = False,
    authority: Authority | None = None,
    log: Any = None,
    **variables: str,
) -> Iterator[LiveSite]:
    """Start a process and wait until it is ready; end it afterwards.

    With `own_issuer` it issues tokens in the name of its own address, as real clients demand; with an `authority`
    it speaks TLS, certified by it. `variables` are of its environment; `log` is an open file for what it says.
    """
    port = free_port()
    site = LiveSite(f"{'https' if authority else 'http'}://127.0.0.1:{port}", authority)
    environment = os.environ | {"DATABASE_URL": database_url()} | ({"ISSUER": site.url} if own_issuer else {})
    environment |= variables
    command = [
        *(sys.executable, "-m", "granian", "authproject.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", str(blocking_threads)),
        *("--log-level", "warning", "--working-dir", str(settings.BASE_DIR)),
        *_certificate(authority),
    ]
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        try:
            _wait_until_ready(site, process)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def job_worker(site: LiveSite, **variables: str) -> Iterator[None]:
    """Run the worker of all job queues beside a site that issues tokens in the name of its own address."""
    environment = os.environ | {"DATABASE_URL": database_url(), "ISSUER": site.url} | variables
    command = [
        *(sys.executable, str(settings.BASE_DIR / "manage.py"), "db_worker", "--queue-name", "*"),
        *("--interval", "0.1", "--no-startup-delay", "--no-reload"),
    ]
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def _certificate(authority: Authority | None) -> list[str]:
    if authority is None:
        return []
    path = str(authority.certified("127.0.0.1"))
    return ["--ssl-certificate", path, "--ssl-keyfile", path]


def database_url() -> str:
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


def free_port() -> int:
    """Return a port that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
