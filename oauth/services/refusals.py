"""What is looked up of refused requests, aside and many at once (trust/explain): whether their clients are registered.

What a stranger sends as a client_id may be anything, a secret in the wrong field too: it is kept only where it is a
client's, or too short to be a secret of one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from oauth.conf import LONGEST_CLIENT_ID, SHORTEST_GIVEN_SECRET
from oauth.models import Client
from trust.explain.finding import Finding, Refused
from trust.explain.redaction import kept
from trust.explain.vocabulary import Found

_DISABLED: Final = Finding(found=Found.CLIENT_DISABLED)
# The client_id is a plain address that we asked for a document: without a query, a user or a password in it.
_LOOKED_UP: Final = frozenset({Found.CLIENT_DOCUMENT_UNREACHABLE, Found.CLIENT_DOCUMENT_REFUSED})


def complete(refused: Sequence[Refused]) -> list[Refused]:
    """Return refusals with what their clients are here, and without what may be a secret."""
    active = _active_by_id({one.client_id for one in refused if _may_be_one(one.client_id)})
    return [_completed(one, active) for one in refused]


def _may_be_one(client_id: str) -> bool:
    return 0 < len(client_id) <= LONGEST_CLIENT_ID and client_id.isprintable()


def _active_by_id(client_ids: Collection[str]) -> dict[str, bool]:
    """Return the registered ones, each with whether the client is active."""
    return dict(Client.objects.by_client_ids(client_ids).values_list("client_id", "is_active"))


def _completed(refused: Refused, active: Mapping[str, bool]) -> Refused:
    client_id = refused.client_id
    if client_id not in active and refused.finding.found not in _LOOKED_UP:
        shown = kept(client_id) if len(client_id) < SHORTEST_GIVEN_SECRET else ""
        return replace(refused, client_id=shown)
    is_disabled = refused.finding.found is Found.CLIENT_UNKNOWN and not active[client_id]
    return replace(refused, finding=_DISABLED) if is_disabled else refused
