"""The public keys of clients, registered (jwks) or published (jwks_uri), and what was signed with them.

OpenID Connect Core section 10.1.1: a client changes its keys as it likes; where none fits, they are fetched anew.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from oauth.registered_client import RegisteredClient
from oauth.services import client_documents
from trust.keys import foreign
from trust.keys.foreign import ForeignJws
from trust.lib.fetch import FetchFailed
from trust.limits import once
from trust.tokens.conf import CLOCK_LEEWAY_SECONDS

log = logging.getLogger(__name__)


def verified(token: ForeignJws, client: RegisteredClient | None) -> dict[str, Any]:
    """Return the claims of a JWS if a key of the client made its signature; the work is the same for no client.

    Raises InvalidToken.
    """
    return foreign.verified(token, _key_sets(client))


def take_once(client: RegisteredClient, jti: str, *, until: datetime, now: datetime) -> bool:
    """Take a client's `jti` for its single use, remembered beyond `until` by what clocks may differ; False if used."""
    memory = until - now + 2 * timedelta(seconds=CLOCK_LEEWAY_SECONDS)
    return once.use(f"assertion:{client.pk}", jti, memory=memory)


def _key_sets(client: RegisteredClient | None) -> Iterator[object]:
    if client is None or not client.jwks_uri:
        yield client and client.jwks
        return
    yield _published(client)
    yield _published(client, anew=True)


def _published(client: RegisteredClient, *, anew: bool = False) -> object:
    try:
        return client_documents.key_set(client.jwks_uri, anew=anew)
    except FetchFailed as failed:
        log.info("the keys of client %s cannot be had: %s", client.client_id, failed)
        return None
