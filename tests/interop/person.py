"""Alice and her browser, as far as an application sees them: an address goes in, the address where it led comes out."""

import html
import re
from typing import Final
from urllib.parse import urljoin

import requests

from tests.live_site import LiveSite
from tests.people import PASSWORD

_MOST_STEPS: Final = 12  # pages and redirects of one visit


class Person:
    """Signs in and allows on our pages, and stops where they lead elsewhere; keeps cookies from visit to visit."""

    def __init__(self, site: LiveSite, username: str = "alice", password: str = PASSWORD) -> None:
        self.site, self.username, self.password = site, username, password
        self.pages: list[str] = []  # paths of the pages that were shown
        self.shown: list[str] = []  # and the pages
        self.form: dict[str, str] = {}  # what the last visit posted to the address where it led, if it was a form
        self._browser = requests.Session()

    def visit(self, url: str) -> str:
        """Follow an address through our pages; return the first address that is not ours, or the last page."""
        self.form = {}
        answer = self._send("GET", url)
        for _ in range(_MOST_STEPS):
            if "Location" in answer.headers:
                url = urljoin(answer.url, answer.headers["Location"])
                if not url.startswith(f"{self.site.url}/"):
                    return url
                answer = self._send("GET", url)
                continue
            self.pages.append(answer.url.removeprefix(self.site.url).partition("?")[0])
            self.shown.append(answer.text)
            filled = self._filled_in(answer.text)
            if filled is None:
                return self._led_to(answer)
            answer = self._send("POST", urljoin(answer.url, _action(answer.text)), filled)
        raise AssertionError(f"no end in sight: {self.pages}")

    def sign_out(self) -> None:
        """Press the button of our pages' header."""
        page = self._send("GET", f"{self.site.url}/accounts/")
        form = re.search(r'<form[^>]*action="(/accounts/logout/)".*?</form>', page.text, re.DOTALL)
        assert form, "nobody is signed in"
        self._send("POST", self.site.url + form[1], _hidden_in(form[0]))

    def _filled_in(self, page: str) -> dict[str, str] | None:
        """Return what Alice answers on a page; nothing where nothing is asked."""
        answers = {"login": self.username, "password": self.password, "decision": "allow"}
        answers = {name: value for name, value in answers.items() if f'name="{name}"' in _form(page)}
        return answers | _hidden(page) if answers else None

    def _led_to(self, answer: requests.Response) -> str:
        """Return where a page leads that asks nothing: a form that is for the application is posted to it."""
        action = _action(answer.text) if _form(answer.text) else ""
        if not action or urljoin(answer.url, action).startswith(f"{self.site.url}/"):
            return answer.url
        self.form = _hidden(answer.text)
        return action

    def _send(self, method: str, url: str, form: dict[str, str] | None = None) -> requests.Response:
        headers = {"Origin": self.site.url, "Referer": f"{self.site.url}/"} if form else {}
        answer = self._browser.request(method, url, data=form, headers=headers, allow_redirects=False, timeout=30)
        assert answer.status_code < 400, f"{answer.status_code} at {url}: {answer.text}"
        return answer


def _form(page: str) -> str:
    """Return the form of the page itself, not those of its header and footer."""
    found = re.search(r"<main.*?(<form.*?</form>)", page, re.DOTALL)
    return found[1] if found else ""


def _action(page: str) -> str:
    found = re.search(r'action="([^"]*)"', _form(page))
    assert found
    return html.unescape(found[1])


def _hidden(page: str) -> dict[str, str]:
    return _hidden_in(_form(page))


def _hidden_in(form: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in fields}
