"""A site behind a proxy, and the browser of its person: what the proxy asks, and where it sends the browser."""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.test import Client as Browser

from oauth.models import Client
from tests.clients import make_client
from tests.people import PASSWORD

SITE: Final = "https://wiki.example"
NAVIGATION: Final = {"accept": "text/html", "sec-fetch-mode": "navigate"}


def make_site(**named: Any) -> Client:
    """Register the site as one of ours: nobody is asked."""
    defaults = {"redirect_uris": f"{SITE}/.authproject/callback", "scopes": "openid profile email roles"}
    return make_client("wiki", public=True, **(defaults | {"name": "The Wiki", "skip_authorization": True} | named))


@dataclass
class Visitor:
    """A browser at the site; its cookies at our origin are in `at_us`, those of the site in `cookies`."""

    site: str = SITE
    client_id: str = "wiki"
    at_us: Browser = field(default_factory=Browser)
    cookies: dict[str, str] = field(default_factory=dict)

    def asks(self, path: str = "/", *, more: dict[str, str] | None = None, query: str = "", **headers: str) -> Any:
        """Have the proxy ask for a request of this browser, and keep the cookies that it is given."""
        scheme, _, host = self.site.partition("://")
        told = {"x-forwarded-proto": scheme, "x-forwarded-host": host, "x-forwarded-uri": path}
        told |= {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        told |= NAVIGATION if more is None else more
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"/oauth/forward-auth?{urlencode({'client_id': self.client_id})}{query}"
        answer = Browser().get(address, headers=told)
        if "Set-Cookie" in answer:
            name, _, value = answer["Set-Cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def sign_in(self, username: str = "alice") -> None:
        """Sign in at our origin."""
        answer = self.at_us.post("/accounts/login/", {"login": username, "password": PASSWORD})
        assert answer.status_code == 302

    def way(self, path: str = "/page?a=1") -> str:
        """Ask for a page of the site, be sent to us and back again; return the path at which the browser comes back."""
        sent = self.asks(path)
        assert sent.status_code == 302, sent.content
        back = self.at_us.get(sent["Location"].removeprefix("http://testserver"))
        assert back.status_code == 303, back.content
        assert back["Location"].startswith(f"{self.site}/.authproject/callback?")
        return path_of(back["Location"])

    def enter(self, path: str = "/page?a=1") -> Any:
        """Go the whole way, and return the answer that lets the browser in."""
        entered = self.asks(self.way(path))
        assert entered.status_code == 303, entered.content
        return entered


def path_of(address: str) -> str:
    """Return the path of an address, with its query."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
