"""Alice before a website that sends her to us to sign in."""

from typing import Any
from urllib.parse import urljoin

import requests

from tests.interop.apache import CALLBACK, Apache
from tests.interop.person import Person


class Member:
    """Alice before the garden's website: two sites, one browser."""

    def __init__(self, garden: Apache, at_ours: Person) -> None:
        self._garden, self._at_ours = garden, at_ours
        self._browser = requests.Session()

    def visit(self, path: str = "/protected/plan.html") -> requests.Response:
        """Go to an address of the garden, wherever it sends her, and return the page where she is in the end."""
        answer = self._browser.get(self._garden.url + path, allow_redirects=False, timeout=30)
        while "Location" in answer.headers:
            answer = self._go(urljoin(answer.url, answer.headers["Location"]))
        return answer

    def _go(self, url: str) -> requests.Response:
        if url.startswith(f"{self._garden.url}/"):
            return self._browser.get(url, allow_redirects=False, timeout=30)
        url = self._at_ours.visit(url)
        form = self._at_ours.form
        return self._browser.request("POST" if form else "GET", url, data=form, allow_redirects=False, timeout=30)

    def known(self) -> dict[str, Any]:
        """What the garden knows of her; nothing if she is not signed in there."""
        answer = self._browser.get(f"{self._garden.url}{CALLBACK}?info=json", allow_redirects=False, timeout=30)
        return answer.json() if answer.status_code == 200 else {}
