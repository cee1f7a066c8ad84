"""The request by which a client is told (Back-Channel Logout 1.0 sections 2.5, 2.8): one POST, bounded in every way."""

import re
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from oauth.conf import LOGOUT_REST_SECONDS, LOGOUT_SECONDS
from oauth.registered_client import RegisteredClient
from trust.lib.fetch import Fetched, FetchFailed, FetchRefused, Limits, send
from trust.lib.strict_json import MalformedJson, parse_json

_CONNECT, _TOTAL = LOGOUT_SECONDS
_LIMITS: Final = Limits(connect=_CONNECT, total=_TOTAL)
_HEARD: Final = frozenset({200, 204})  # section 2.8: 204 is what frameworks make of an empty 200
_ERROR: Final = re.compile(r"[a-z_]{1,40}")  # RFC 6749 section 5.2, and no more of it than anybody registered
_LONGEST: Final = 64  # characters of an outcome


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of telling a client: whether it heard, and what it answered in a few words."""

    delivered: bool
    answer: str


def tell(client: RegisteredClient, logout_token: str) -> Outcome:
    """POST a logout token to a client. One that did not answer a moment ago is left alone, which is no delivery."""
    resting = f"back-channel-logout.resting.{client.pk}"
    if cache.get(resting):
        return Outcome(delivered=False, answer="not tried: no answer a moment ago")
    try:
        answer = send(client.backchannel_logout_uri, {"logout_token": logout_token}, limits=_LIMITS)
    except FetchFailed as failure:
        cache.set(resting, value=True, timeout=LOGOUT_REST_SECONDS)
        return Outcome(delivered=False, answer=_failure(failure)[:_LONGEST])
    return Outcome(delivered=answer.status in _HEARD, answer=f"{answer.status} {_error(answer)}".strip())


def _failure(failure: FetchFailed) -> str:
    """Say why there is no answer, without the address that was asked: that may hold what is not for the log."""
    if isinstance(failure, FetchRefused):
        return f"refused by us: {failure}"
    return f"no answer: {type(failure.__cause__ or failure).__name__}"


def _error(answer: Fetched) -> str:
    """Return the `error` that a client names (section 2.8), if it looks like one."""
    try:
        said = parse_json(answer.body)
    except MalformedJson:
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else ""
