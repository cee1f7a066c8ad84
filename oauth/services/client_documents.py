"""What clients publish themselves: fetched safely, kept for as long as it says."""

from typing import Final

from trust.lib.fetch import FetchFailed
from trust.lib.fetch_cache import FetchCache
from trust.lib.strict_json import MalformedJson, parse_json

_documents: Final = FetchCache()
_OK: Final = 200


def sector_redirect_uris(uri: str) -> frozenset[str]:
    """Return the redirect URIs that a sector_identifier_uri names (OpenID Connect Registration section 5).

    Raises FetchFailed where there is no JSON array of texts.
    """
    answer = _documents.get(uri)
    try:
        named = parse_json(answer.body)
    except MalformedJson as malformed:
        raise FetchFailed("not JSON") from malformed
    if answer.status != _OK or not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise FetchFailed("no array of URIs")
    return frozenset(named)
