"""The notices that somebody got, and the link that each has: what tests look for in mails."""

import re
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage

Deliver = Callable[..., list[EmailMessage]]


def subjects(messages: list[EmailMessage], to: str = "alice@example.com") -> list[str]:
    """What was told to an address, without the prefix that all subjects have."""
    return [str(message.subject).removeprefix("[authproject] ") for message in messages if message.to == [to]]


def not_me_path(message: Any) -> str:
    """The path of the link "this was not me" in a notice."""
    link = re.search(r"http://testserver(/accounts/not-me/\S+)", message.body)
    assert link
    return link[1]
