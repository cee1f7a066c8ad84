"""Chromium, and a person before it who notices whatever goes wrong on a page."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import Visitor
from tests.needs import chromium

ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE: Final = 60_000.0  # milliseconds: CI's machines are slow when all tests start at once
Visit = Callable[..., Visitor]
OpenMail = Callable[[str], str]


@pytest.fixture(scope="module")
def browser_arguments() -> list[str]:
    """What Chromium is started with; a module may add to it."""
    return ARGUMENTS


@pytest.fixture(scope="module")
def browser(browser_arguments: list[str]) -> Iterator[Browser]:
    """One Chromium for the tests of a module.

    Playwright keeps an event loop running in this thread. Django takes that for asynchronous code and refuses
    its database there; these tests are none, so for as long as the loop runs they say so.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=chromium(), args=browser_arguments)
            yield running
            running.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Visit]:
    """Let somebody with a browser of their own come by; at the end nothing may have gone wrong on any page."""
    visitors: list[Visitor] = []

    def come(language: str = "en-GB", width: int = 1280, **context: Any) -> Visitor:
        viewport = {"width": width, "height": 800}
        own = browser.new_context(base_url=live_server.url, locale=language, viewport=viewport, **context)
        own.set_default_timeout(PATIENCE)
        visitors.append(Visitor(own))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []


@pytest.fixture
def open_mail(deliver_mail: Callable[[], list[EmailMessage]]) -> OpenMail:
    """Deliver the mail and return the path of the link in the newest that somebody got."""

    def path_in_mail(address: str) -> str:
        received = [message for message in deliver_mail() if message.to == [address]]
        link = re.search(r"http://testserver(/accounts/\S+)", received[-1].body)
        assert link
        return link[1]

    return path_in_mail
