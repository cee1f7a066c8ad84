"""Scopes and resources, made, changed and deleted: each one transaction, with its audit event in it.

What is put here was checked before, by oauth/protocol/rfc8707_resource.py and rfc6749_scope.py.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import timedelta

from django.db import transaction

from oauth.models import Client, Resource, Scope
from oauth.scope_description import BUILT_IN_SCOPES, ResourceDescription, ScopeDescription
from oauth.services import clients, scopes
from trust.audit.record import record
from trust.lib import clock
from trust.lib.origin import Origin


class ScopeInUse(Exception):
    """Clients may still ask for the scope; `clients` are the names of some."""

    def __init__(self, clients: list[str]) -> None:
        """Keep whose it is."""
        super().__init__(", ".join(clients))
        self.clients = clients


@transaction.atomic
def put_scope(scope: ScopeDescription, *, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Make a scope, or make the one of its name what is said here; False if it is so already."""
    row, was_made = Scope.objects.select_for_update().get_or_create(name=scope.name, defaults=_columns(scope))
    if was_made:
        _note("scope.created", actor, origin, asdict(scope))
        return True
    before = scopes.described(row)
    if before == scope:
        return False
    for column, value in _columns(scope).items():
        setattr(row, column, value)
    row.save()
    was = asdict(before)
    changed = {column: value for column, value in _columns(scope).items() if value != was[column]}
    _note("scope.changed", actor, origin, {"name": scope.name, **changed})
    return True


@transaction.atomic
def ensure_scopes(names: Iterable[str], *, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> None:
    """Make the scopes that are not there: a client was registered for them by somebody who may. They have no words.

    Built-in ones are there with or without a row.
    """
    wanted = tuple(name for name in dict.fromkeys(names) if name not in BUILT_IN_SCOPES)
    there = set(Scope.objects.named(wanted).values_list("name", flat=True))
    for name in wanted:
        if name not in there:
            put_scope(ScopeDescription(name=name), actor=actor, origin=origin)


@transaction.atomic
def delete_scope(*, name: str, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Delete a scope that no client may ask for; False if there is none. Raises ScopeInUse, ValueError if built in."""
    if name in BUILT_IN_SCOPES:
        raise ValueError("a built-in scope stays")
    if users := users_of(name):
        raise ScopeInUse(users)
    deleted, _of_each = Scope.objects.by_name(name).delete()
    if deleted:
        _note("scope.deleted", actor, origin, {"name": name})
    return bool(deleted)


def users_of(name: str) -> list[str]:
    """Return the names of the clients that may ask for a scope."""
    return [str(client) for client in Client.objects.containing_scope(name) if name in client.scopes.split()]


@transaction.atomic
def put_resource(resource: ResourceDescription, *, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Make a resource, or make the one of its identifier what is said here; False if it is so already.

    Scopes that are not there are made.
    """
    ensure_scopes(resource.scopes, actor=actor, origin=origin)
    columns = {
        "name_en": resource.name_en,
        "name_ko": resource.name_ko,
        "access_token_format": resource.access_token_format or "",
        "access_token_lifetime": resource.access_token_lifetime,
        "client": clients.known(resource.client_id),
        "is_registrable": resource.is_registrable,
    }
    rows = Resource.objects.select_for_update(of=("self",))
    row, was_made = rows.get_or_create(identifier=resource.identifier, defaults=columns)
    if not was_made and _is_same(scopes.resource_described(row), resource):
        return False
    for column, value in columns.items():
        setattr(row, column, value)
    row.save()
    row.scopes.set(Scope.objects.named(resource.scopes))
    # They may ask for other scopes now; they are looked at again when every process knows of these.
    Client.objects.published().good_until(clock.now() + timedelta(seconds=2 * scopes.FRESH_SECONDS))
    _note("resource.created" if was_made else "resource.changed", actor, origin, asdict(resource))
    return True


@transaction.atomic
def delete_resource(*, identifier: str, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Delete a resource; its scopes stay. False if there is none."""
    deleted, _of_each = Resource.objects.by_identifier(identifier).delete()
    if deleted:
        _note("resource.deleted", actor, origin, {"identifier": identifier})
    return bool(deleted)


def _is_same(one: ResourceDescription, other: ResourceDescription) -> bool:
    return replace(one, scopes=tuple(sorted(one.scopes))) == replace(other, scopes=tuple(sorted(other.scopes)))


def _columns(scope: ScopeDescription) -> dict[str, object]:
    return {column: value for column, value in asdict(scope).items() if column != "name"}


def _note(action: str, actor: uuid.UUID | None, origin: Origin, details: dict[str, object]) -> None:
    record(
        action,
        actor=actor,
        origin=origin,
        details={k: list(v) if isinstance(v, tuple) else v for k, v in details.items()},
    )
    scopes.forget_at_commit()
