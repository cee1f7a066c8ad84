"""The exact bytes of the chain, which others may have verified: docs/decisions/0025."""

import hashlib
import json
from typing import Any

import pytest

from trust.audit.chain import COVERED, GENESIS, chain_hash

EVENT: dict[str, Any] = {
    "sequence": 7,
    "id": 9,
    "at": "2026-11-20T17:59:28.810423Z",
    "action": "session.started",
    "subject": "00000000-0000-0000-0000-000000000001",
    "actor": None,
    "session": None,
    "client_id": "",
    "details": {"b": [1, 1.5, True, None], "a": 'é "\n'},
    "personal_digest": "ab" * 32,
    "chain_hash": "not covered",
    "salt": "nor this",
    "client_address": "nor this",
    "user_agent": "nor this",
    "identifier": "nor this",
}
WRITTEN = (
    b"authproject audit chain 1\n" + bytes(31) + b"\x01"
    b'{"action":"session.started","actor":null,"at":"2026-11-20T17:59:28.810423Z","client_id":"",'
    b'"details":{"a":"\\u00e9 \\"\\n","b":[1,1.5,true,null]},"id":9,"personal_digest":"' + b"ab" * 32 + b'",'
    b'"sequence":7,"session":null,"subject":"00000000-0000-0000-0000-000000000001"}'
)


def test_the_bytes_of_version_one() -> None:
    previous = bytes(31) + b"\x01"
    assert chain_hash(previous, EVENT) == hashlib.sha256(WRITTEN).digest()


def test_every_covered_column_counts_and_so_does_what_was_before() -> None:
    whole = chain_hash(GENESIS, EVENT)
    others = [chain_hash(GENESIS, EVENT | {name: "other"}) for name in COVERED]
    assert len({whole, chain_hash(b"\x01" * 32, EVENT), *others}) == len(COVERED) + 2


@pytest.mark.parametrize("name", ["salt", "client_address", "user_agent", "identifier", "chain_hash"])
def test_what_may_be_erased_does_not_count(name: str) -> None:
    assert chain_hash(GENESIS, EVENT | {name: None}) == chain_hash(GENESIS, EVENT)


def test_an_event_that_went_through_a_file_has_the_same_hash() -> None:
    assert chain_hash(GENESIS, json.loads(json.dumps(EVENT))) == chain_hash(GENESIS, EVENT)


@pytest.mark.parametrize("details", [float("nan"), float("inf"), {1, 2}, b"x"])
def test_what_no_json_says_has_no_hash(details: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        chain_hash(GENESIS, EVENT | {"details": details})


def test_a_column_that_is_missing_is_no_event() -> None:
    for name in COVERED:
        with pytest.raises(KeyError):
            chain_hash(GENESIS, {key: value for key, value in EVENT.items() if key != name})
