"""A browser as the plans need one: keeps cookies, follows redirects, fills in forms, and stops at a client's address."""

import json
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import requests

from tests.conformance.plans.pages import Landing, Page
from tests.people import PASSWORD
from tests.software_authenticator import SoftwareAuthenticator

_MOST_STEPS: Final = 12  # pages and redirects of one visit
_REDIRECTS: Final = {301, 302, 303}


@dataclass
class Person:
    """Who sits before a browser; `codes` are of their second factor, each good once; `passkey` is in their pocket."""

    username: str
    password: str = PASSWORD
    codes: list[str] = field(default_factory=list)
    passkey: SoftwareAuthenticator | None = None


class Browser:
    """A person's browser. `seen` are the pages that asked something, by what they asked."""

    def __init__(self, site: str, person: Person | None = None) -> None:
        self.site = site
        self.person = person
        self.seen: list[str] = []
        self.session = requests.Session()

    def close(self) -> None:
        self.session.close()

    def open(self, url: str, **parameters: str) -> Page | Landing:
        """Go to an address of the provider, by a link."""
        return self._followed("GET", f"{url}?{urlencode(parameters)}" if parameters else url)

    def send(self, url: str, form: dict[str, str], *, origin: str = "https://client.example") -> Page | Landing:
        """Post a form that stands on another site."""
        return self._followed("POST", url, form, origin=origin)

    def submit(self, page: Page, *, decision: str = "", **answers: str) -> Page | Landing:
        """Fill in the form of a page and send it, by the button of that decision if it has several."""
        assert page.form is not None, page.text
        assert not decision or ("decision", decision) in page.form.buttons
        chosen = {"decision": decision} if decision else {}
        url = urljoin(page.url, page.form.action)
        return self._followed(page.form.method, url, page.form.fields | answers | chosen, before=page)

    def go(self, url: str, *, decision: str = "allow", until: str = "") -> Page | Landing:
        """Go to an address and answer every page on the way, up to a page of kind `until` if one is named."""
        arrived = self.open(url)
        for _ in range(_MOST_STEPS):
            if isinstance(arrived, Landing) or not arrived.kind or arrived.kind == until:
                return arrived
            self.seen.append(arrived.kind)
            arrived = self.answer(arrived, decision=decision)
        raise AssertionError(f"no end in sight: {self.seen}")

    def answer(self, page: Page, *, decision: str = "allow") -> Page | Landing:
        """Answer a page as its person does."""
        assert self.person is not None, f"nobody is here to answer: {page.kind}"
        match page.kind:
            case "sign in":
                return self.submit(page, login=self.person.username, password=self.person.password)
            case "prove":
                return self.submit(page, password=self.person.password)
            case "code":
                return self.submit(page, code=self.person.codes.pop())
            case "consent":
                return self.submit(page, decision=decision)
            case "account":
                return self.submit(page, decision="continue")
            case "sign out":
                return self.submit(page, decision="sign_out")
        raise AssertionError(f"nothing is asked: {page.text}")

    def sign_in(self) -> None:
        """Sign in on our own page, for no client."""
        page = self.go(f"{self.site}/accounts/login/")
        assert isinstance(page, Page)
        assert self.seen[0] == "sign in"

    def sign_in_by_passkey(self) -> None:
        """Sign in on our own page without a password, as its script does."""
        assert self.person is not None
        assert self.person.passkey is not None
        page = self.open(f"{self.site}/accounts/login/")
        assert isinstance(page, Page)
        assert page.form is not None
        protection = {"csrfmiddlewaretoken": page.form.fields["csrfmiddlewaretoken"]}
        options = self._sent("POST", f"{self.site}/accounts/2fa/webauthn/options/sign-in/", protection, "").json()
        credential = json.dumps(self.person.passkey.get(options["publicKey"]))
        arrived = self._followed(
            "POST", f"{self.site}/accounts/2fa/webauthn/login/", {**protection, "credential": credential}
        )
        assert isinstance(arrived, Page)
        assert arrived.url == f"{self.site}/accounts/", arrived.text

    def sign_out(self) -> None:
        """Sign out on our own page."""
        page = self.open(f"{self.site}/accounts/logout/")
        assert isinstance(page, Page)
        self.submit(page)

    def _followed(
        self, method: str, url: str, form: dict[str, str] | None = None, *, origin: str = "", before: Page | None = None
    ) -> Page | Landing:
        for _ in range(_MOST_STEPS):
            if not url.startswith(f"{self.site}/"):
                return self._landed(method, url, form, before)
            answer = self._sent(method, url, form, origin)
            if answer.status_code not in _REDIRECTS:
                return self._shown(answer)
            # As browsers do: what follows a redirect is a GET (RFC 9110 section 15.4).
            method, url, form, origin = "GET", urljoin(url, answer.headers["Location"]), None, ""
        raise AssertionError(f"redirects without end: {url}")

    def _sent(self, method: str, url: str, form: dict[str, str] | None, origin: str) -> requests.Response:
        headers = {"Origin": origin or self.site, "Referer": f"{origin or self.site}/"} if form is not None else {}
        # From another site a POST brings no cookies of SameSite=Lax along.
        send = requests.request if origin else self.session.request
        answer = send(method, url, data=form, headers=headers, allow_redirects=False, timeout=30)
        assert answer.status_code < 500, f"{answer.status_code} at {url}: {answer.text}"
        return answer

    def _shown(self, answer: requests.Response) -> Page | Landing:
        page = Page(answer.url, answer.status_code, answer.text, answer.headers)
        if page.form is None or page.form.asks or page.form.buttons or page.form.method != "POST":
            return page
        action = urljoin(page.url, page.form.action)
        if action.startswith(f"{self.site}/"):
            return page
        # A page that brings its answer by itself (Form Post Response Mode): its script sends the form.
        return self._landed("POST", action, page.form.fields, page)

    def _landed(self, method: str, url: str, form: dict[str, str] | None, before: Page | None) -> Landing:
        assert before is None or before.may_lead_to(url), f"the page's policy does not let its form end at {url}"
        fields = form if method == "POST" else dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        return Landing(url, method, fields or {}, before)


def next_second() -> None:
    """Wait until the clock shows another second: auth_time counts whole ones."""
    time.sleep(1.1)
