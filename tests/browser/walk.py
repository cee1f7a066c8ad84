"""A walk through the pages: each is looked at as those see it who have a phone, the night, or a screen reader."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.core.mail import EmailMessage
from django.dispatch import Signal
from django.urls import Resolver404, resolve

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.people import MakePerson

WIDE: Final = {"width": 1280, "height": 800}
NARROW: Final = {"width": 360, "height": 800}
TEMPLATES: Final = Path(__file__).resolve().parent.parent.parent / "templates"
# By a label of its own: axe is content with a placeholder, which nobody sees who has begun to write.
_UNLABELLED: Final = """[...document.querySelectorAll('main :is(input, select, textarea):not([type=hidden], [hidden] *)')]
  .filter(field => !field.labels.length).map(field => field.name)"""
_SIDEWAYS: Final = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Walk:
    """What is needed on the way, and what was seen: the addresses, the templates, and what is wrong with them."""

    visit: Visit
    make_person: MakePerson
    deliver_mail: Callable[[], list[EmailMessage]]
    settings: Any
    url: str
    seen: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    _rendered: list[str] = field(default_factory=list)

    def hear(self, signal: Signal) -> None:
        """Note what Django renders, which it tells in tests."""
        signal.connect(self._note, weak=False, dispatch_uid="walk")

    def _note(self, template: Any, **_: Any) -> None:
        self._rendered.append(str(template.name))

    def go(self, visitor: Visitor, path: str, heading: str, *, status: int = 200) -> None:
        """Go there and look at it."""
        visitor.go(path)
        self.look(visitor, heading, status=status)

    def look(self, visitor: Visitor, heading: str, *, status: int = 200) -> None:
        """Look at the page before the visitor from all sides: it is the one that is headed so."""
        assert visitor.heading == heading, (visitor.page.url, visitor.page.get_by_role("main").inner_text())
        self._remember(visitor)
        if status != 200:  # which the browser's console tells as well
            visitor.faults[:] = [fault for fault in visitor.faults if str(status) not in fault]
        where = f"{visitor.path} “{heading}”"
        self.wrong += [f"{where}: {what}" for what in _from_all_sides(visitor)]

    def _remember(self, visitor: Visitor) -> None:
        self.templates.update([name for name in self._rendered if name in pages()][-1:])
        with suppress(Resolver404):
            self.seen.add(resolve(visitor.path).url_name)

    def link_for(self, address: str) -> str:
        """Deliver the mail; return the path of the link in the newest to an address, not that of “not me”."""
        links = re.findall(r"http://[^/\s]+(/accounts/\S+)", self._newest_mail(address))
        return next(link for link in links if "/not-me/" not in link)

    def code_for(self, address: str) -> str:
        """Deliver the mail; return the sign-in code in the newest to an address."""
        found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", self._newest_mail(address), re.MULTILINE)
        assert found
        return found[0]

    def _newest_mail(self, address: str) -> str:
        return str([message for message in self.deliver_mail() if message.to == [address]][-1].body)


def _from_all_sides(visitor: Visitor) -> list[str]:
    """Everything once by day on a wide screen and once by night on a phone; the other two are of other colours only."""
    page = visitor.page
    wrong = [f"a field without a label: {name}" for name in page.evaluate(_UNLABELLED)]
    if not page.title().strip(" ·"):
        wrong.append("no title")
    wrong += [f"wide, light: {what}" for what in violations(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"wide, dark: {what}" for what in violations(page, only="color-contrast link-in-text-block")]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wrong += [f"narrow, dark: {what}" for what in violations(page)]
    if page.evaluate(_SIDEWAYS):
        wrong.append("narrow: scrolls sideways")
    page.emulate_media(color_scheme="light")
    wrong += [f"narrow, light: {what}" for what in violations(page, only="color-contrast link-in-text-block")]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return wrong


@cache
def pages() -> set[str]:
    """Return the templates that are whole pages of people: those that build on a layout, and that none builds on."""
    texts = {str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    of_people = {name: text for name, text in texts.items() if "email" not in Path(name).parts[:-1]}
    extended = {found[1] for text in of_people.values() if (found := re.search(r'{% extends "([^"]+)" %}', text))}
    whole = {name for name, text in of_people.items() if "{% extends " in text or "<!DOCTYPE html>" in text}
    return {name for name in whole - extended if not name.startswith("admin/")}
