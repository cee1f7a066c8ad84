"""The key ring of the process: signs with today's key, verifies with every key that may still be met.

Keys are read from the database, opened once and kept as key objects. An unknown `kid` reads the ring anew, at
most once a second, so that a key made by another process is known at once.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseFailed
from django.utils.asyncio import async_unsafe

from trust.keys import jws
from trust.keys.conf import RELOAD_SECONDS, UNKNOWN_KID_RELOAD_SECONDS
from trust.keys.jwk import Jwk, PrivateKey, public_jwk, unseal_private
from trust.keys.models import PUBLISHED, Algorithm, SigningKey
from trust.lib import clock

__all__ = ["InvalidToken", "KeyRing", "NoSigningKey", "ring"]

log = logging.getLogger(__name__)

InvalidToken = jws.InvalidToken


class NoSigningKey(Exception):
    """No key of the algorithm may sign now: run `manage.py rotate_signing_keys`."""


@dataclass(frozen=True, slots=True)
class _Key:
    kid: str
    algorithm: str
    private: PrivateKey
    public: Any
    jwk: Jwk | None
    signs_from: datetime
    signs_until: datetime


class KeyRing:
    """The keys as this process knows them. One instance, `ring`, serves the whole process."""

    def __init__(self) -> None:
        """Start empty: the first use reads the database."""
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop what is known, so that the next use reads the database: after a rotation, and between tests."""
        with self._lock:  # a reading that began before must not put the old keys back
            self._keys: dict[str, _Key] = {}
            self._read_at = float("-inf")

    def sign(self, claims: dict[str, Any], *, typ: str, algorithm: Algorithm, now: datetime) -> str:
        """Return `claims` as a compact JWS of kind `typ` under today's key. Raises NoSigningKey."""
        key = self._signing_key(algorithm, now)
        return jws.sign(claims, key=key.private, algorithm=key.algorithm, kid=key.kid, typ=typ)

    def verify(self, token: str, *, typ: str, algorithms: Sequence[Algorithm]) -> dict[str, Any]:
        """Return the claims of a token of kind `typ` that one of our keys of `algorithms` signed.

        Only the signature and the kind are checked here; times, issuer and audience are the caller's.
        Raises InvalidToken.
        """
        parsed = jws.parse(token)
        key = self._known(parsed.kid)
        if key is None or not any(key.algorithm == algorithm for algorithm in algorithms):
            raise InvalidToken("kid")
        return jws.verify(parsed, key=key.public, algorithm=key.algorithm, typ=typ)

    def jwks(self) -> dict[str, list[Jwk]]:
        """Return the published set (RFC 7517 section 5): public keys only, the newest first."""
        return {"keys": [key.jwk for key in self._current().values() if key.jwk is not None]}

    def keys(self) -> object:
        """Return what stands for the keys as they are: another object as soon as there may be other keys."""
        return self._current()

    def can_sign(self, now: datetime) -> bool:
        """Tell whether every algorithm has a key that signs now: a part of readiness."""
        try:
            return all(self._signing_key(algorithm, now) for algorithm in Algorithm)
        except NoSigningKey:
            return False

    def _signing_key(self, algorithm: Algorithm, now: datetime) -> _Key:
        for max_age in (RELOAD_SECONDS, UNKNOWN_KID_RELOAD_SECONDS):  # one may have been made a moment ago
            for key in self._current(max_age).values():
                if key.algorithm == algorithm and key.signs_from <= now < key.signs_until:
                    return key
        raise NoSigningKey(algorithm)

    def _known(self, kid: str) -> _Key | None:
        return self._current().get(kid) or self._current(UNKNOWN_KID_RELOAD_SECONDS).get(kid)

    def _current(self, max_age: float = RELOAD_SECONDS) -> dict[str, _Key]:
        if time.monotonic() - self._read_at < max_age:
            return self._keys
        self._read_if_older(max_age)
        return self._keys

    @async_unsafe  # a loop may not even wait for whoever reads
    def _read_if_older(self, max_age: float) -> None:
        with self._lock:
            if time.monotonic() - self._read_at >= max_age:
                self._read()

    def _read(self) -> None:
        try:
            keys = {row.kid: self._opened(row) for row in SigningKey.objects.usable(clock.now())}
            if keys != self._keys:
                self._keys = keys
        except DatabaseFailed as unreadable:
            if not self._keys:
                raise
            log.warning("signing keys unreadable, the known ones stay: %s", type(unreadable).__name__)
        self._read_at = time.monotonic()

    def _opened(self, row: SigningKey) -> _Key:
        already = self._keys.get(row.kid)
        private = already.private if already else unseal_private(row.algorithm, row.sealed_private)
        published = row.algorithm in PUBLISHED
        return _Key(
            kid=row.kid,
            algorithm=row.algorithm,
            private=private,
            public=private if isinstance(private, bytes) else private.public_key(),
            jwk=public_jwk(private, kid=row.kid, algorithm=row.algorithm) if published else None,
            signs_from=row.signs_from,
            signs_until=row.signs_until,
        )


ring = KeyRing()
