"""Scopes and resources as they are: read whole, since they are few, and remembered by the process for seconds.

The built-in scopes are there whatever stands in the database; a row changes their words, and whether they are offered.
oauth/services/scope_registration.py writes them.
"""

import logging
from functools import partial
from typing import Final

from django.db import Error as DatabaseFailed
from django.db import transaction

from oauth.models import Resource, Scope
from oauth.scope_description import BUILT_IN_SCOPES, Catalogue, ResourceDescription, ScopeDescription
from oauth.vocabulary import AccessTokenFormat
from trust.lib.remembered import Remembered

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 5.0  # what the process remembers is at most so old; what it changes itself it knows at once
_ALL: Final = ""  # the one key
_BROUGHT: Final = Catalogue(scopes=BUILT_IN_SCOPES)


def catalogue() -> Catalogue:
    """Return all scopes and resources as this process knows them. Raises SynchronousOnlyOperation in an event loop."""
    return memory.get(_ALL) or _BROUGHT


def offered() -> tuple[str, ...]:
    """Return the scopes that the metadata names (RFC 8414 section 2, scopes_supported)."""
    return tuple(scope.name for scope in catalogue().scopes.values() if scope.is_offered)


def registrable() -> tuple[tuple[str, ...], ...]:
    """Return the scopes of each API that is open to clients that nobody here knows."""
    return tuple(resource.scopes for resource in catalogue().resources if resource.is_registrable)


def given_by_default() -> tuple[str, ...]:
    """Return the scopes of a new client that names none (RFC 7591 section 2)."""
    return tuple(scope.name for scope in catalogue().scopes.values() if scope.is_default)


def forget_at_commit() -> None:
    """Let this process look all up anew as soon as what is changed holds."""
    transaction.on_commit(partial(memory.forget, _ALL))


def described(row: Scope) -> ScopeDescription:
    """Return a row as a value."""
    return ScopeDescription(
        name=row.name,
        title_en=row.title_en,
        title_ko=row.title_ko,
        description_en=row.description_en,
        description_ko=row.description_ko,
        is_offered=row.is_offered,
        is_default=row.is_default,
        is_personal=row.is_personal,
    )


def resource_described(row: Resource) -> ResourceDescription:
    """Return a resource as a value, with its scopes by name."""
    names = tuple(sorted(scope.name for scope in row.scopes.all()))
    return ResourceDescription(
        identifier=row.identifier,
        name_en=row.name_en,
        name_ko=row.name_ko,
        scopes=names,
        access_token_format=AccessTokenFormat(row.access_token_format) if row.access_token_format else None,
        access_token_lifetime=row.access_token_lifetime,
        client_id=row.client.client_id if row.client else "",
        is_registrable=row.is_registrable,
    )


def read() -> Catalogue:
    """Return all scopes and resources as they are now: for whoever writes, or compares."""
    rows = {row.name: described(row) for row in Scope.objects.order_by("name")}
    resources = Resource.objects.order_by("identifier").select_related("client").prefetch_related("scopes")
    # Built-in ones first, in their own order, whether or not they have a row.
    scopes = {name: rows.get(name, brought) for name, brought in BUILT_IN_SCOPES.items()}
    return Catalogue(scopes={**scopes, **rows}, resources=tuple(resource_described(row) for row in resources))


def _read_or_known(key: str) -> Catalogue:
    """Return all as they are now; where the database cannot be read, as they were: discovery needs none."""
    try:
        return read()
    except DatabaseFailed as unreadable:
        log.warning("scopes cannot be looked up: %s", type(unreadable).__name__)
        return memory.peek(key) or _BROUGHT


memory: Final = Remembered(_read_or_known, fresh_for=FRESH_SECONDS)
