"""What an authorization request asked of its person, kept in the browser's session: it stays asked.

A page on the way has an address that can be edited, and a browser can go back: `prompt=login` would be gone. So what
was asked is kept by what the client will look for in its answer and nobody can change without its noticing: its
code challenge, its nonce, its state (RFC 7636, OpenID Connect Core section 3.1.2.1, RFC 6749 section 10.12). A
request that has one of these in common, or has none at all, is held to it until a code answers it
(docs/decisions/0018).
"""

import time
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from oauth.protocol.oidc import acr
from oauth.protocol.oidc.authentication_request import CREATE
from oauth.protocol.pending import AuthorizationRequest
from trust.lib import clock

_KEY: Final = "asked_of_person"
_BINDING: Final = ("code_challenge", "nonce", "state")
_STAYING: Final = frozenset({"login", "consent", "select_account", CREATE})
_MOST: Final = 30  # beyond it the oldest are asked of every request: forgetting would be the way around them
_OF_EVERY_CLIENT: Final = ""
Asks = dict[str, Any]  # what one request asks, and what its client knows it by: as JSON keeps it
Kept = dict[str, Any]  # `asks`, `at` when that was first asked, and `chosen`: the session that was chosen to go on


def remember(request: HttpRequest, checked: AuthorizationRequest) -> None:
    """Keep what the request asks, before a page is shown; when it was first asked stays."""
    kept, asks = _kept(request), _asks(checked)
    if _is_anything(asks) and all(one["asks"] != asks for one in kept):
        request.session[_KEY] = _bounded([*kept, {"asks": asks, "at": time.time()}])


def with_what_was_asked(request: HttpRequest, checked: AuthorizationRequest) -> AuthorizationRequest:
    """Return the request with what it, or one that its client may take for it, asked before."""
    asked = checked
    for one in _kept(request):
        if _concerns(one["asks"], checked):
            asked = _added(asked, one["asks"])
    return asked


def asked_at(request: HttpRequest, checked: AuthorizationRequest) -> datetime | None:
    """Return when this very request asked all that it asks, if it did: a sign-in after that meets it."""
    same = _same(_kept(request), checked)
    return clock.from_epoch(same["at"]) if same else None


def choose_account(request: HttpRequest, checked: AuthorizationRequest, *, session_id: object) -> None:
    """Keep that the person chose to go on as who they are."""
    kept = _kept(request)
    if same := _same(kept, checked):
        same["chosen"] = str(session_id)
        request.session[_KEY] = kept


def has_chosen_account(request: HttpRequest, checked: AuthorizationRequest, *, session_id: object) -> bool:
    """Tell whether the person chose so."""
    same = _same(_kept(request), checked)
    return same is not None and same.get("chosen") == str(session_id)


def answered(request: HttpRequest, checked: AuthorizationRequest) -> None:
    """Forget all that the request was held to: a code answers it. A refusal, which can be had at will, does not."""
    kept = _kept(request)
    left = [one for one in kept if not _concerns(one["asks"], checked)]
    if len(left) < len(kept):
        request.session[_KEY] = left


def _asks(checked: AuthorizationRequest) -> Asks:
    return {
        "client": _client(checked),
        "marks": _marks(checked),
        "prompt": sorted(checked.prompt & _STAYING),
        "max_age": checked.max_age,
        "acr_values": list(checked.acr_values),
        "acr_is_essential": checked.acr_is_essential,
    }


def _is_anything(asks: Asks) -> bool:
    return bool(asks["prompt"] or asks["acr_values"]) or asks["max_age"] is not None


def _concerns(asks: Asks, checked: AuthorizationRequest) -> bool:
    """Tell whether the client may take this request's answer for the one that it waits for."""
    if asks["client"] != _client(checked):
        return bool(asks["client"] == _OF_EVERY_CLIENT)
    marks = set(_marks(checked))
    return not marks or not asks["marks"] or not marks.isdisjoint(asks["marks"])


def _added(checked: AuthorizationRequest, asks: Asks) -> AuthorizationRequest:
    """Return the request asking what it asks and what was asked: never less than either."""
    ages = [age for age in (checked.max_age, asks["max_age"]) if age is not None]
    return checked.having(
        prompt=checked.prompt.union(asks["prompt"]),
        max_age=min(ages, default=None),
        acr_values=acr.stricter(tuple(asks["acr_values"]), checked.acr_values),
        acr_is_essential=checked.acr_is_essential or asks["acr_is_essential"],
    )


def _same(kept: list[Kept], checked: AuthorizationRequest) -> Kept | None:
    asks = _asks(checked)
    return next((one for one in kept if one["asks"] == asks), None)


def _marks(checked: AuthorizationRequest) -> list[str]:
    """Return what the client knows its request by."""
    values = {name: checked.parameters.get(name) for name in _BINDING}
    return [_digest(name, value) for name, value in values.items() if value]


def _client(checked: AuthorizationRequest) -> str:
    return _digest(checked.known_client.client_id)


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _bounded(kept: list[Kept]) -> list[Kept]:
    """Return the newest; in the place of the others a new sign-in is asked of every request."""
    if len(kept) <= _MOST:
        return kept
    dropped, newest = kept[: 1 - _MOST], kept[1 - _MOST :]
    of_every = {"client": _OF_EVERY_CLIENT, "marks": [], "prompt": ["login"], "max_age": None}
    asks = {**of_every, "acr_values": [], "acr_is_essential": False}
    return [{"asks": asks, "at": max(float(one["at"]) for one in dropped)}, *newest]


def _kept(request: HttpRequest) -> list[Kept]:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return []
    kept: list[Kept] = request.session.get(_KEY, [])
    return [dict(one) for one in kept]
