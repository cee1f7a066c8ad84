"""The browser of whoever follows a recipe. Run as a program it is what BROWSER names: `browser.py URL`.

An application sends it to the site, where Alice signs in and allows, and it comes back to the application.
"""

import html
import os
import re
import sys
from typing import Final
from urllib.parse import urljoin

import requests

from tests.interop.person import Person
from tests.live_site import LiveSite

_FORM: Final = re.compile(r'<form[^>]*action="([^"]*)"[^>]*>(?:(?!</form>).)*?<button[^>]*>([^<]*)</button>', re.DOTALL)


class Browser:
    """Keeps cookies from visit to visit: Alice's at the site, and those of applications."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._alice, self._elsewhere = Person(LiveSite(issuer)), requests.Session()

    def visit(self, url: str) -> str:
        """Open an address, go where it leads, and return the words of the page at the end."""
        return _words(self._led_to(self._elsewhere_at("GET", url)).text)

    def press(self, url: str, label: str) -> str:
        """Open an application's page and press a button of it; return the words of the page at the end."""
        forms = {words: urljoin(url, action) for action, words in _FORM.findall(self._elsewhere_at("GET", url).text)}
        return _words(self._led_to(self._elsewhere_at("POST", forms[label])).text)

    def asked(self, url: str) -> str:
        """Open an address, go where it leads, and return the words of the site's pages on the way."""
        before = len(self._alice.shown)
        self.visit(url)
        return "\n".join(map(_words, self._alice.shown[before:]))

    def _led_to(self, answer: requests.Response) -> requests.Response:
        while "Location" in answer.headers:
            url = urljoin(answer.url, answer.headers["Location"])
            url = self._alice.visit(url) if url.startswith(f"{self._issuer}/") else url
            answer = self._elsewhere_at("GET", url)
        return answer

    def _elsewhere_at(self, method: str, url: str) -> requests.Response:
        if url.startswith(f"{self._issuer}/"):
            url = self._alice.visit(url)
        answer = self._elsewhere.request(method, url, allow_redirects=False, timeout=30)
        answer.encoding = "utf-8"
        return answer


def _words(page: str) -> str:
    """Return the text of a page, a line for each element that has some."""
    body = re.sub(r"<(style|title|script).*?</\1>", "", page, flags=re.DOTALL)
    return "\n".join(line for line in map(str.strip, html.unescape(re.sub(r"<[^>]+>", "\n", body)).split("\n")) if line)


if __name__ == "__main__":
    Browser(os.environ["ISSUER"]).visit(sys.argv[1])
