"""The browser of whoever follows a recipe. Run as a program it is what BROWSER names: `browser.py URL`.

An application sends it to the site, where Alice signs in and allows, and it comes back to the application.
"""

import html
import os
import re
import sys

import requests

from tests.interop.person import Person
from tests.live_site import LiveSite


def visit(url: str, issuer: str) -> str:
    """Open an address, go where it leads, and return the words of the page at the end."""
    site, application = LiveSite(issuer), requests.Session()
    while not url.startswith(f"{issuer}/"):
        answer = application.get(url, allow_redirects=False, timeout=30)
        answer.encoding = "utf-8"
        if "Location" not in answer.headers:
            return _words(answer.text)
        url = requests.compat.urljoin(url, answer.headers["Location"])
    page = application.get(Person(site).visit(url), timeout=30)
    page.encoding = "utf-8"
    return _words(page.text)


def _words(page: str) -> str:
    """Return the text of a page, a line for each element that has some."""
    body = re.sub(r"<(style|title|script).*?</\1>", "", page, flags=re.DOTALL)
    return "\n".join(line for line in map(str.strip, html.unescape(re.sub(r"<[^>]+>", "\n", body)).split("\n")) if line)


if __name__ == "__main__":
    visit(sys.argv[1], os.environ["ISSUER"])
