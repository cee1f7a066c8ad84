"""Scopes and resources (RFC 6749 section 3.3, RFC 8707 section 2), with their words in both languages."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from django.conf import settings

from authproject.configuration.section import Entry, WrongEntry, check_members, text_of, texts_of
from oauth.protocol import rfc6749_scope, rfc8707_resource
from oauth.protocol.rfc7591_metadata import Problem
from oauth.scope_description import BUILT_IN_SCOPES, ResourceDescription, ScopeDescription
from oauth.services import clients, scope_registration
from oauth.services import scopes as services
from oauth.services.scope_registration import ScopeInUse
from oauth.vocabulary import AccessTokenFormat

_FLAGS: Final = ("is_offered", "is_default", "is_personal", "is_registrable")


class Scopes:
    """The section of scopes. Those that are built in stand in it too: their words may be others."""

    name = "scopes"
    key = "name"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return all scopes."""
        return [asdict(scope) for scope in services.read().scopes.values()]

    def wanted(self, entry: Entry) -> Entry:
        """Return the scope as it would be."""
        _check(entry, ScopeDescription(name=""))
        brought = BUILT_IN_SCOPES.get(entry["name"])
        entry = {"is_personal": brought is not None and brought.is_personal, **entry}  # as in exports of before
        scope = ScopeDescription(**entry)
        _refuse_the_first(rfc6749_scope.problems_of(scope))
        return asdict(scope)

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make the scope, or change it."""
        scope_registration.put_scope(ScopeDescription(**entry))
        return {}

    def is_spared(self, entry: Entry) -> bool:
        """A built-in one is."""
        return entry["name"] in BUILT_IN_SCOPES

    def remove(self, key: str) -> None:
        """Delete the scope, which no client may use any more."""
        try:
            scope_registration.delete_scope(name=key)
        except ScopeInUse as used:
            raise WrongEntry(f"it is used by {', '.join(used.clients[:5])}") from used


class Resources:
    """The section of resources."""

    name = "resources"
    key = "identifier"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return all resources."""
        return [_listed(resource) for resource in services.read().resources]

    def wanted(self, entry: Entry) -> Entry:
        """Return the resource as it would be."""
        _check(entry, ResourceDescription(identifier=""))
        resource = _resource(entry | {"scopes": sorted(set(texts_of(entry, "scopes")))})
        _refuse_the_first(rfc8707_resource.problems_of(resource, issuer=settings.ISSUER))
        return _listed(resource)

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make the resource, or change it; the client that introspects its tokens is there by now."""
        resource = _resource(entry)
        if resource.client_id and clients.known(resource.client_id) is None:
            raise WrongEntry("client_id: there is no such client")
        scope_registration.put_resource(resource)
        return {}

    def is_spared(self, entry: Entry) -> bool:
        """None is."""
        return False

    def remove(self, key: str) -> None:
        """Delete the resource; its scopes stay."""
        scope_registration.delete_resource(identifier=key)


def _check(entry: Entry, like: ScopeDescription | ResourceDescription) -> None:
    """Refuse members that are not known, and values of another type. Raises WrongEntry."""
    check_members(entry, asdict(like))
    for member in entry:
        if member in _FLAGS and not isinstance(entry[member], bool):
            raise WrongEntry(f"{member}: must be true or false")
        if member == "access_token_lifetime":
            _check_seconds(entry[member])
        elif member not in {*_FLAGS, "scopes"}:
            text_of(entry, member)


def _check_seconds(value: object) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise WrongEntry("access_token_lifetime: must be a number of seconds")


def _resource(entry: Entry) -> ResourceDescription:
    """Return the resource that an entry says. Raises WrongEntry."""
    chosen = entry.get("access_token_format", "")
    if chosen and chosen not in AccessTokenFormat.values:
        raise WrongEntry("access_token_format: must be jwt or opaque")
    values = {"scopes": tuple(entry["scopes"]), "access_token_format": AccessTokenFormat(chosen) if chosen else None}
    return ResourceDescription(**entry | values)


def _listed(resource: ResourceDescription) -> Entry:
    chosen = resource.access_token_format
    return asdict(resource) | {"scopes": list(resource.scopes), "access_token_format": chosen.value if chosen else ""}


def _refuse_the_first(problems: list[Problem]) -> None:
    for problem in problems:
        raise WrongEntry(f"{problem.member}: {problem.message}")
