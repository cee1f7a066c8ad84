"""What a browser has before it: a page of the provider with its forms, or that it was led to a client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from requests.structures import CaseInsensitiveDict

_VOID = {"input", "img", "br", "hr", "meta", "link"}


@dataclass
class Form:
    """A form of a page: where it goes, what it holds already, and its buttons by name, in the page's order."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)  # names of the fields that a person fills in
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A page of the provider."""

    url: str
    status: int
    text: str
    headers: CaseInsensitiveDict

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @cached_property
    def read(self) -> "_Reader":
        reader = _Reader()
        reader.feed(self.text)
        return reader

    @property
    def language(self) -> str:
        return self.read.language

    @property
    def links(self) -> list[str]:
        return self.read.links

    @property
    def images(self) -> list[str]:
        return [urljoin(self.url, source) for source in self.read.images]

    @property
    def scripts(self) -> list[str]:
        return [urljoin(self.url, source) for source in self.read.scripts if source]

    @property
    def form(self) -> Form | None:
        """The form of the page itself, not those of its header and footer."""
        return self.read.forms[0] if self.read.forms else None

    @property
    def kind(self) -> str:
        """What the page wants of the person; empty if nothing."""
        if self.form is None:
            return ""
        asked, decisions = self.form.asks, [value for name, value in self.form.buttons if name == "decision"]
        kinds = {
            "sign in": "login" in asked and "password" in asked,
            "prove": asked == ["password"],
            "code": "code" in asked,
            "consent": "allow" in decisions,
            "account": "continue" in decisions,
            "sign out": "sign_out" in decisions,
        }
        return next((kind for kind, is_so in kinds.items() if is_so), "")

    def may_lead_to(self, url: str) -> bool:
        """Tell whether the page's own policy lets its form end there (CSP 3, form-action)."""
        policy = self.headers.get("Content-Security-Policy", "")
        directives = {words[0]: words[1:] for one in policy.split(";") if (words := one.split())}
        parts = urlsplit(url)
        wanted = {f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}:"}
        return "form-action" not in directives or bool(wanted & set(directives["form-action"]))


@dataclass(frozen=True)
class Landing:
    """Where the provider led the browser away to: a client's address, with what was sent there."""

    url: str
    method: str
    fields: Mapping[str, str]
    page: Page | None = None  # whose form brought it here

    @property
    def address(self) -> str:
        """The address without its query."""
        return self.url.partition("?")[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.images: list[str] = []
        self.scripts: list[str] = []
        self._in_main = False
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        match tag:
            case "html":
                self.language = named.get("lang", "")
            case "main":
                self._in_main = True
            case "form" if self._in_main:
                self._form = Form(named.get("action", ""), named.get("method", "get").upper())
                self.forms.append(self._form)
            case "a":
                self.links.append(named.get("href", ""))
            case "img":
                self.images.append(named.get("src", ""))
            case "script":
                self.scripts.append(named.get("src", ""))
            case "input" | "button":
                self._field(tag, named)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main = False
        if tag == "form":
            self._form = None

    def _field(self, tag: str, named: dict[str, str]) -> None:
        name, kind = named.get("name", ""), named.get("type", "text")
        if self._form is None or not name or "form" in named:
            return
        if tag == "button":
            self._form.buttons.append((name, named.get("value", "")))
        elif kind == "hidden":
            self._form.fields[name] = named.get("value", "")
        elif kind != "checkbox":
            self._form.asks.append(name)
            self._form.fields[name] = named.get("value", "")
