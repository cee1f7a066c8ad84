"""Issuers that are trusted, their keys, and which client a workload is. Nobody's keys but theirs are ever fetched.

oauth/services/workload_registration.py writes them.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from oauth.models import TrustedIssuer, Workload
from oauth.services import client_documents
from oauth.workload_description import TrustedIssuerDescription
from trust.audit.record import record
from trust.keys import foreign
from trust.keys.foreign import ForeignJws
from trust.lib import clock
from trust.lib.fetch import FetchFailed
from trust.lib.origin import Origin
from trust.limits import once
from trust.tokens.conf import CLOCK_LEEWAY_SECONDS

log = logging.getLogger(__name__)

_LONGEST_NOTED = 255  # characters of a `jti`, which a stranger chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted(TrustedIssuerDescription):
    """An issuer whose word is taken now."""

    pk: int


@dataclass(frozen=True, slots=True)
class KnownWorkload:
    """A workload as it is written here: its name, the claims that it must say, and the client that it is."""

    name: str
    claims: Mapping[str, str]
    client_id: str


def find(issuer: str) -> Trusted | None:
    """Return the issuer of this `iss`, if its word is taken now, or None."""
    row = TrustedIssuer.objects.by_issuer(issuer).active().first()
    return None if row is None else Trusted(pk=row.pk, **columns_of(row))


def columns_of(row: TrustedIssuer) -> dict[str, Any]:
    """Return the attributes of the description that a row holds."""
    return {
        "issuer": row.issuer,
        "name": row.name,
        "jwks_uri": row.jwks_uri,
        "jwks": row.jwks,
        "algorithms": tuple(row.algorithms.split()),
        "audience": row.audience,
        "is_single_use": row.is_single_use,
        "is_active": row.is_active,
    }


def workloads(trusted: Trusted, *, subjects: list[str]) -> list[KnownWorkload]:
    """Return the workloads of an issuer whose subject is written in one of these ways, and whose client is active."""
    rows = Workload.objects.vouched_for(trusted.pk, subjects=subjects).order_by("pk")
    return [KnownWorkload(*columns) for columns in rows.values_list("name", "claims", "client__client_id")]


def verified(token: ForeignJws, trusted: Trusted | None) -> dict[str, Any]:
    """Return the claims of a JWS if a key of the issuer made its signature; the work is the same for no issuer.

    Raises InvalidToken.
    """
    return foreign.verified(token, _key_sets(trusted))


@transaction.atomic
def admit(
    trusted: Trusted, workload: KnownWorkload, *, claims: Mapping[str, Any], now: datetime, origin: Origin
) -> bool:
    """Let a workload in by what its issuer says, all checked before; False if that is good once and was used."""
    jti = claims.get("jti")
    if trusted.is_single_use and not (isinstance(jti, str) and jti and _take_once(trusted, claims, now=now)):
        return False
    details = {"issuer": trusted.issuer, "subject": claims["sub"], "workload": workload.name}
    if isinstance(jti, str) and len(jti) <= _LONGEST_NOTED:
        details["jti"] = jti
    record("workload.admitted", client_id=workload.client_id, origin=origin, details=details)
    return True


def _take_once(trusted: Trusted, claims: Mapping[str, Any], *, now: datetime) -> bool:
    """Take the `jti` of an issuer, remembered beyond `exp` by what clocks may differ."""
    memory = clock.from_epoch(claims["exp"]) - now + 2 * timedelta(seconds=CLOCK_LEEWAY_SECONDS)
    return once.use(f"workload:{trusted.pk}", claims["jti"], memory=memory)


def _key_sets(trusted: Trusted | None) -> Iterator[object]:
    if trusted is None or not trusted.jwks_uri:
        yield trusted and trusted.jwks
        return
    yield _published(trusted)
    yield _published(trusted, anew=True)


def _published(trusted: Trusted, *, anew: bool = False) -> object:
    try:
        return client_documents.key_set(trusted.jwks_uri, anew=anew)
    except FetchFailed as failed:
        log.info("the keys of issuer %s cannot be had: %s", trusted.issuer, failed)
        return None
