"""Trusted issuers and workloads, made, changed and deleted: each one transaction, with its audit event in it.

What is put here was checked before, by oauth/protocol/rfc7523_trusted_issuer.py. Whatever changes but a name ends the
access tokens of the clients that it concerns: they ask anew, if they still may.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from oauth.models import Client, TrustedIssuer, Workload
from oauth.services import trusted_issuers
from oauth.services.service_accounts import may_act_on
from oauth.workload_description import TrustedIssuerDescription, WorkloadDescription
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke


class NotThere(Exception):
    """The issuer or the client that a workload names is not there; `member` is what names it."""

    def __init__(self, member: str) -> None:
        """Keep the member."""
        super().__init__(member)
        self.member = member


@transaction.atomic
def put_issuer(trusted: TrustedIssuerDescription, *, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Make a trusted issuer, or make the one of its `iss` what is said here; False if it is so already."""
    columns = _columns(trusted)
    row, was_made = TrustedIssuer.objects.select_for_update().get_or_create(issuer=trusted.issuer, defaults=columns)
    if was_made:
        _note("trusted_issuer.created", actor, origin, asdict(trusted))
        return True
    changed = _differing(trusted_issuers.columns_of(row), asdict(trusted))
    if not changed:
        return False
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    _end_tokens(changed, Workload.objects.of_issuer(row.pk).client_ids())
    _note("trusted_issuer.changed", actor, origin, {"issuer": row.issuer, **changed})
    return True


@transaction.atomic
def delete_issuer(*, issuer: str, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Trust an issuer no more: its workloads go with it. False if there is none."""
    row = TrustedIssuer.objects.by_issuer(issuer).select_for_update().first()
    if row is None:
        return False
    of_it = Workload.objects.of_issuer(row.pk)
    _end_tokens(("issuer",), of_it.client_ids())
    names = list(of_it.values_list("name", flat=True))
    row.delete()
    _note("trusted_issuer.deleted", actor, origin, {"issuer": issuer, "workloads": names})
    return True


@transaction.atomic
def put_workload(workload: WorkloadDescription, *, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Make a workload, or make the one of its name what is said here; False if it is so already. Raises NotThere."""
    columns = _columns_of_workload(workload)
    row, was_made = Workload.objects.select_for_update().get_or_create(name=workload.name, defaults=columns)
    if was_made:
        _note("workload.created", actor, origin, asdict(workload), client_id=workload.client_id)
        return True
    before = workload_described(row)
    changed = _differing(asdict(before), asdict(workload))
    if not changed:
        return False
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    _end_tokens(changed, {before.client_id, workload.client_id})
    _note("workload.changed", actor, origin, {"name": row.name, **changed}, client_id=workload.client_id)
    return True


@transaction.atomic
def delete_workload(*, name: str, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Delete a workload; the client stays. False if there is none."""
    row = Workload.objects.by_name(name).select_for_update().first()
    if row is None:
        return False
    client_id = workload_described(row).client_id
    _end_tokens(("subject",), [client_id])
    row.delete()
    _note("workload.deleted", actor, origin, {"name": name}, client_id=client_id)
    return True


def is_trusted(issuer: str) -> bool:
    """Tell whether an issuer is among those that are trusted, now or when it is switched on again."""
    return TrustedIssuer.objects.by_issuer(issuer).exists()


def may_change(actor: object, row: TrustedIssuer) -> bool:
    """Tell whether a member of staff may change an issuer: who gives it another key can be each of its workloads."""
    of_it = Workload.objects.of_issuer(row.pk).prefetch_related("client__roles")
    return all(may_act_on(actor, workload.client) for workload in of_it)


def issuers() -> list[TrustedIssuerDescription]:
    """Return all trusted issuers."""
    return [TrustedIssuerDescription(**trusted_issuers.columns_of(row)) for row in TrustedIssuer.objects.all()]


def workloads() -> list[WorkloadDescription]:
    """Return all workloads."""
    return [workload_described(row) for row in Workload.objects.select_related("issuer", "client")]


def workload_described(row: Workload) -> WorkloadDescription:
    """Return a row as a value."""
    return WorkloadDescription(
        name=row.name,
        issuer=row.issuer.issuer,
        subject=row.subject,
        claims=row.claims,
        client_id=row.client.client_id,
    )


def _columns(trusted: TrustedIssuerDescription) -> dict[str, Any]:
    columns = asdict(trusted)
    return {**columns, "algorithms": " ".join(trusted.algorithms)}


def _columns_of_workload(workload: WorkloadDescription) -> dict[str, Any]:
    issuer = TrustedIssuer.objects.by_issuer(workload.issuer).first()
    client = Client.objects.by_client_id(workload.client_id).first()
    if issuer is None or client is None:
        raise NotThere("client_id" if issuer else "issuer")
    return {"issuer": issuer, "subject": workload.subject, "claims": dict(workload.claims), "client": client}


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before[name] != value}


def _end_tokens(changed: Iterable[str], client_ids: Iterable[str]) -> None:
    if set(changed) - {"name"}:
        for client_id in sorted(set(client_ids)):
            revoke(Kind.CLIENT, client_id)


def _note(
    action: str, actor: uuid.UUID | None, origin: Origin, details: Mapping[str, Any], *, client_id: str = ""
) -> None:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in details.items()}
    record(action, actor=actor, origin=origin, client_id=client_id, details=plain)
