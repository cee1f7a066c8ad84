"""Nonces of ours (RFC 9449 section 8): made of the time under a key of ours, the same in every process, kept nowhere.

A nonce says too where the proof that has it is remembered once it is used: a proof is looked for in that one place.
"""

import hmac
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from django.conf import settings

from trust.dpop.conf import NONCE_STEP_SECONDS, NONCE_STEPS
from trust.keys import compact
from trust.lib.sealing import mac_keys

_BYTES: Final = 16


class Place(StrEnum):
    """Where all processes see which proofs were used."""

    CACHE = "cache"
    DATABASE = "database"


def fresh(place: Place, *, now: datetime) -> str:
    """Return the nonce of this moment."""
    return _made(place, _step(now), _keys()[0])


def place_of(nonce: str, *, now: datetime) -> Place | None:
    """Return where proofs with this nonce are remembered, or None if it is none of ours that is good now."""
    return _good(_step(now), _keys()).get(nonce)


@lru_cache(4)
def _good(step: int, keys: tuple[bytes, ...]) -> dict[str, Place]:
    """Return the nonces that are good now: nothing about them is secret, so that they may be looked up."""
    steps = range(step - NONCE_STEPS + 1, step + 2)
    return {_made(place, each, key): place for place in Place for each in steps for key in keys}


@lru_cache(256)
def _made(place: Place, step: int, key: bytes) -> str:
    return compact.encode(hmac.digest(key, f"{place}:{step}".encode(), "sha256")[:_BYTES])


def _step(now: datetime) -> int:
    return int(now.timestamp()) // NONCE_STEP_SECONDS


def _keys() -> tuple[bytes, ...]:
    return mac_keys("dpop-nonce", tuple(settings.SEALING_KEYS))
