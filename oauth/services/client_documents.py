"""What clients publish themselves: fetched safely, kept for as long as it says.

Everything here raises Busy where too many threads wait for clients' servers already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urldefrag

from oauth.conf import (
    CLIENT_DOCUMENT_AGES,
    CLIENT_DOCUMENT_PAUSE_SECONDS,
    CLIENT_DOCUMENT_UNNAMED_SECONDS,
    KEY_SETS_PAUSE_SECONDS,
    LARGEST_CLIENT_DOCUMENT,
    LONGEST_REQUEST_OBJECT,
    MOST_WAITING_FOR_CLIENTS,
)
from trust.lib.fetch import Fetched, FetchFailed, Limits, fetch
from trust.lib.fetch_cache import FetchCache, named_age
from trust.lib.strict_json import MalformedJson, parse_json

_REQUEST_OBJECT: Final = "application/oauth-authz-req+jwt, application/jwt;q=0.9, */*;q=0.1"
_fetch_object: Final = partial(fetch, accept=_REQUEST_OBJECT, limits=Limits(size=LONGEST_REQUEST_OBJECT))
_OK: Final = 200
_JSON_TYPE: Final = "application/json"
_fetch_metadata: Final = partial(
    fetch,
    accept=f"{_JSON_TYPE}, application/*+json;q=0.9",
    limits=Limits(total=3.0, size=LARGEST_CLIENT_DOCUMENT),
)

_documents: Final = FetchCache(at_once=MOST_WAITING_FOR_CLIENTS)
# Anybody can send a signature with a `kid` that nobody has: who is named as its signer must not be asked each time.
_key_sets: Final = FetchCache(pause=KEY_SETS_PAUSE_SECONDS, at_once=MOST_WAITING_FOR_CLIENTS)
# Kept by the whole URI: another fragment says that there is another object (OpenID Connect Core section 6.2). It is
# not held against what is there: clients register it before they have an object, as the certification suite does.
_request_objects: Final = FetchCache(
    get=lambda uri: _fetch_object(urldefrag(uri).url), at_once=MOST_WAITING_FOR_CLIENTS
)
# How long one is good stands in the database; here it is only not asked for twice at once, whatever came back.
_client_metadata: Final = FetchCache(
    get=_fetch_metadata, longest=0.0, pause=CLIENT_DOCUMENT_PAUSE_SECONDS, at_once=MOST_WAITING_FOR_CLIENTS
)


@dataclass(frozen=True, slots=True)
class PublishedMetadata:
    """What a client says of itself, and for how many seconds that is good."""

    members: Mapping[str, object]
    seconds: int


def client_metadata(client_id: str) -> PublishedMetadata:
    """Return the client ID metadata document that a client_id leads to (its draft, section 4). Raises FetchFailed."""
    answer = _client_metadata.get(client_id)
    members = _json(answer)
    if not _is_json(answer.content_type) or not isinstance(members, dict):
        raise FetchFailed("no JSON object by its type")
    shortest, longest = CLIENT_DOCUMENT_AGES
    named = named_age(answer)
    seconds = CLIENT_DOCUMENT_UNNAMED_SECONDS if named is None else int(named)
    return PublishedMetadata(members, max(shortest, min(seconds, longest)))


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


def _is_json(content_type: str) -> bool:
    return content_type == _JSON_TYPE or (content_type.startswith("application/") and content_type.endswith("+json"))


def _json(answer: Fetched) -> Any:
    try:
        return parse_json(_good(answer))
    except MalformedJson as malformed:
        raise FetchFailed("not JSON") from malformed


def _good(answer: Fetched) -> bytes:
    if answer.status != _OK:
        raise FetchFailed(f"status {answer.status}")
    return answer.body
