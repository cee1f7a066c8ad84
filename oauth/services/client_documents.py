"""What clients publish themselves: fetched safely, kept for as long as it says.

Everything here raises Busy where too many threads wait for clients' servers already.
"""

from functools import partial
from typing import Any, Final
from urllib.parse import urldefrag

from oauth.conf import KEY_SETS_PAUSE_SECONDS, LONGEST_REQUEST_OBJECT, MOST_WAITING_FOR_CLIENTS
from trust.lib.fetch import Fetched, FetchFailed, Limits, fetch
from trust.lib.fetch_cache import FetchCache
from trust.lib.strict_json import MalformedJson, parse_json

_REQUEST_OBJECT: Final = "application/oauth-authz-req+jwt, application/jwt;q=0.9, */*;q=0.1"
_fetch_object: Final = partial(fetch, accept=_REQUEST_OBJECT, limits=Limits(size=LONGEST_REQUEST_OBJECT))
_OK: Final = 200

_documents: Final = FetchCache(at_once=MOST_WAITING_FOR_CLIENTS)
# Anybody can send a signature with a `kid` that nobody has: who is named as its signer must not be asked each time.
_key_sets: Final = FetchCache(pause=KEY_SETS_PAUSE_SECONDS, at_once=MOST_WAITING_FOR_CLIENTS)
# Kept by the whole URI: another fragment says that there is another object (OpenID Connect Core section 6.2). It is
# not held against what is there: clients register it before they have an object, as the certification suite does.
_request_objects: Final = FetchCache(
    get=lambda uri: _fetch_object(urldefrag(uri).url), at_once=MOST_WAITING_FOR_CLIENTS
)


def sector_redirect_uris(uri: str) -> frozenset[str]:
    """Return the redirect URIs that a sector_identifier_uri names (OpenID Connect Registration section 5).

    Raises FetchFailed where there is no JSON array of texts.
    """
    named = _json(_documents.get(uri))
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise FetchFailed("no array of URIs")
    return frozenset(named)


def key_set(uri: str, *, anew: bool = False) -> object:
    """Return what stands at a jwks_uri; `anew` where a key was not in it that should be. Raises FetchFailed."""
    return _json(_key_sets.renewed(uri) if anew else _key_sets.get(uri))


def request_object(uri: str) -> str:
    """Return the request object that a request_uri leads to (RFC 9101 section 5.2.3). Raises FetchFailed."""
    answer = _request_objects.get(uri)
    try:
        return _good(answer).decode("ascii").strip()
    except UnicodeDecodeError as binary:
        raise FetchFailed("no text") from binary


def _json(answer: Fetched) -> Any:
    try:
        return parse_json(_good(answer))
    except MalformedJson as malformed:
        raise FetchFailed("not JSON") from malformed


def _good(answer: Fetched) -> bytes:
    if answer.status != _OK:
        raise FetchFailed(f"status {answer.status}")
    return answer.body
