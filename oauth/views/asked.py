"""What an authorization request asked of its person, kept in the browser's session: it stays asked.

A page on the way has an address that can be edited, and a browser can go back: `prompt=login` would be gone. So what
was asked is kept by what the client will look for in its answer and nobody can change without its noticing: its
code challenge, its nonce, its state (RFC 7636, OpenID Connect Core section 3.1.2.1, RFC 6749 section 10.12). It is
kept until a code answers it.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from oauth.protocol.oidc.authentication_request import CREATE
from oauth.protocol.pending import AuthorizationRequest
from trust.lib import clock

_KEY: Final = "asked_of_person"
_BINDING: Final = ("code_challenge", "nonce", "state")
_STAYING: Final = frozenset({"login", "consent", "select_account", CREATE})
_MOST: Final = 30  # beyond it the oldest are asked of every request: forgetting would be the way around them
_OF_EVERY: Final = ""  # the mark of every request
Asked = dict[str, Any]


def remember(request: HttpRequest, checked: AuthorizationRequest) -> None:
    """Keep what the request asks, before a page is shown; when it was first asked stays."""
    known, marks = _known(request), _marks(checked)
    if not _asks(checked) or any(set(marks) & set(one["marks"]) for one in known):
        return
    asked = {"marks": marks, "prompt": sorted(checked.prompt & _STAYING), "max_age": checked.max_age, "at": time.time()}
    request.session[_KEY] = _bounded([*known, asked])


def with_what_was_asked(request: HttpRequest, checked: AuthorizationRequest) -> AuthorizationRequest:
    """Return the request with what it, or one that its client takes for it, asked before."""
    before = _matching(request, checked)
    ages = [one["max_age"] for one in before if one["max_age"] is not None]
    ages += [] if checked.max_age is None else [checked.max_age]
    prompt = checked.prompt.union(*(one["prompt"] for one in before))
    return checked.having(prompt=prompt, max_age=min(ages, default=None))


def asked_at(request: HttpRequest, checked: AuthorizationRequest) -> datetime | None:
    """Return when it was first asked, if it was: a sign-in after that meets it."""
    times = [one["at"] for one in _matching(request, checked)]
    return clock.from_epoch(max(times)) if times else None


def choose_account(request: HttpRequest, checked: AuthorizationRequest, *, session_id: object) -> None:
    """Keep that the person chose to go on as who they are."""
    known = _known(request)
    for one in known:
        if set(_marks(checked)) & set(one["marks"]):
            one["chosen"] = str(session_id)
    request.session[_KEY] = known


def has_chosen_account(request: HttpRequest, checked: AuthorizationRequest, *, session_id: object) -> bool:
    """Tell whether the person chose so."""
    return any(one.get("chosen") == str(session_id) for one in _matching(request, checked))


def answered(request: HttpRequest, checked: AuthorizationRequest) -> None:
    """Forget what was asked: a code answers it. A refusal forgets nothing, since it can be had at will."""
    known, marks = _known(request), set(_marks(checked))
    left = [one for one in known if not marks & set(one["marks"])]
    if len(left) < len(known):
        request.session[_KEY] = left


def _asks(checked: AuthorizationRequest) -> bool:
    return bool(checked.prompt & _STAYING) or checked.max_age is not None or bool(checked.acr_values)


def _matching(request: HttpRequest, checked: AuthorizationRequest) -> list[Asked]:
    marks = {*_marks(checked), _client_mark(checked), _OF_EVERY}
    return [one for one in _known(request) if marks & set(one["marks"])]


def _marks(checked: AuthorizationRequest) -> list[str]:
    """Return what the client knows its request by; nothing that it would miss must be left out by leaving it out."""
    client_id, parameters = checked.known_client.client_id, checked.parameters
    bound = [_digest(client_id, name, parameters.get(name)) for name in _BINDING if parameters.get(name)]
    return bound or [_client_mark(checked)]


def _client_mark(checked: AuthorizationRequest) -> str:
    return _digest(checked.known_client.client_id)


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _bounded(known: list[Asked]) -> list[Asked]:
    """Return the newest; the others become one that is asked of every request."""
    if len(known) <= _MOST:
        return known
    dropped, kept = known[: len(known) - _MOST + 1], known[len(known) - _MOST + 1 :]
    return [{"marks": [_OF_EVERY], "prompt": ["login"], "max_age": None, "at": _newest(dropped)}, *kept]


def _newest(known: Iterable[Asked]) -> float:
    return max(float(one["at"]) for one in known)


def _known(request: HttpRequest) -> list[Asked]:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return []
    known: list[Asked] = request.session.get(_KEY, [])
    return [dict(one) for one in known]
