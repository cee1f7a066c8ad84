"""The consent form as a browser sends it: the hidden fields of its page, and the boxes that are ticked."""

from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urlencode

from tests.clients import Application


class ConsentForm(HTMLParser):
    """What the page of an application's request has in its form; `untick` and `send` are what a person does."""

    def __init__(self, application: Application, **asked: Any) -> None:
        super().__init__()
        self.application, self.asked = application, asked
        self.fields: list[tuple[str, str]] = []
        self.boxes: list[str] = []
        answer = application.authorize(**asked)
        assert answer.status_code == 200, answer
        self.page: str = answer.content.decode()
        self.feed(self.page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag != "input" or name == "csrfmiddlewaretoken":
            return
        if has.get("type") == "checkbox" and not name.endswith("_shown"):
            assert has.get("form") == "consent"
            self.boxes.append(value)
        if has.get("type") == "hidden" or "checked" in has:
            self.fields.append((name, value))

    @property
    def ticked(self) -> list[str]:
        """The scopes that are ticked."""
        return [value for name, value in self.fields if name == "scope"]

    def untick(self, *values: str) -> Self:
        """Untick boxes."""
        for value in values:
            assert value in self.boxes
        self.fields = [one for one in self.fields if one[0] not in {"scope", "detail"} or one[1] not in values]
        return self

    def send(self, decision: str = "allow", **more: Any) -> Any:
        """Send it, as it is or with more in it."""
        fields: dict[str, Any] = {"decision": decision}
        for name, value in self.fields:
            fields.setdefault(name, []).append(value)
        path = f"/oauth/authorize?{urlencode(self.application.parameters(**self.asked))}"
        return self.application.browser.post(path, fields | more)
