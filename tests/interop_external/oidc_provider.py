"""npm oidc-provider as a process, and somebody with a browser who signs in there and allows."""

import html
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import requests

from tests.needs import node

_PROGRAM: Final = Path(__file__).resolve().parent.parent / "interop/node/oidc-provider.mjs"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def entry(port: int, provider_id: str = "corp", **settings: Any) -> dict[str, Any]:
    """Its entry of OIDC_PROVIDERS."""
    settings = {"server_url": f"http://127.0.0.1:{port}", "trusted_domains": ["corp.example"]} | settings
    known = {"provider_id": provider_id, "name": provider_id.title(), "settings": settings}
    return known | {"client_id": "us", "secret": "our secret, + & so on"}


@contextmanager
def oidc_provider(port: int, redirect_uri: str, auth_method: str = "client_secret_basic") -> Iterator[None]:
    """Run the provider for one client: us."""
    command = [str(node()), str(_PROGRAM), str(port), redirect_uri, auth_method]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert any(line == "ready\n" for line in process.stdout)
        try:
            yield
        finally:
            process.kill()


class Account:
    """Somebody's account at the provider, and the browser that they use there."""

    def __init__(self, name: str, redirect_uri: str) -> None:
        self.name, self.redirect_uri = name, redirect_uri
        self._browser = requests.Session()

    def visit(self, url: str, **answers: str) -> str:
        """Sign in and allow, or abort; return the address at ours that the provider leads to."""
        answer = self._browser.get(url, allow_redirects=False, timeout=30)
        for _ in range(12):
            if "Location" in answer.headers:
                url = urljoin(answer.url, answer.headers["Location"])
                if url.startswith(f"{self.redirect_uri}?"):
                    return url
                answer = self._browser.get(url, allow_redirects=False, timeout=30)
            else:
                assert answer.status_code == 200, answer.text
                answer = self._send(answer, answers)
        raise AssertionError(f"no end in sight at {url}")

    def _send(self, page: requests.Response, answers: dict[str, str]) -> requests.Response:
        action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
        assert action, page.text
        assert prompt, page.text
        form = {"prompt": prompt[1], "login": self.name, "password": "any"} | answers
        return self._browser.post(html.unescape(action[1]), data=form, allow_redirects=False, timeout=30)
