"""Personal access tokens, made as their people make them."""

import html
import re
from datetime import timedelta
from typing import Any

from django.test import Client as Browser

from accounts.models import User
from oauth.models import PersonalAccessToken, Scope
from oauth.services import personal_access_tokens
from tests.oauth.grants import session_of
from trust.lib.origin import Origin

NEW = "/accounts/tokens/new/"
MONTH = timedelta(days=30)


def token_of(person: User, *scope: str, lifetime: timedelta = MONTH, name: str = "backups") -> tuple[Any, str]:
    """Make a token in a session of its own; return its row and its value."""
    return personal_access_tokens.make(
        user=person,
        session_id=session_of(person).pk,
        name=name,
        scope=scope,
        lifetime=lifetime,
        origin=Origin("198.51.100.1", "Firefox"),
    )


def scope_for_everybody(name: str, **named: Any) -> Scope:
    """Make a scope that people may give."""
    made: Scope = Scope.objects.create(name=name, is_personal=True, **named)
    return made


def fill_in(browser: Browser, **changed: Any) -> Any:
    """Send the form of a new token."""
    return browser.post(NEW, {"name": "backups", "lifetime": "30", "scope": ["profile"], **changed})


def shown_in(answer: Any) -> str:
    """Return the value that a page shows."""
    assert answer.status_code == 200, answer
    found = re.search(r'id="token"[^>]*><code>([^<]+)<', answer.content.decode())
    assert found, answer.content.decode()
    return html.unescape(found[1])


def only_token() -> PersonalAccessToken:
    """Return the only token that there is."""
    return PersonalAccessToken.objects.get()
