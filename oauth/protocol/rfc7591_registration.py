"""RFC 7591: what a client may be registered as, by one set of rules for every door."""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final

from django.utils.translation import gettext_noop

from oauth.client_metadata import ClientMetadata
from oauth.conf import (
    ACCESS_TOKEN_LIFETIMES,
    DEFAULT_CLIENT_SCOPES,
    LONGEST_CLIENT_ID,
    LONGEST_GIVEN_SECRET,
    LONGEST_GROUP_NAME,
    LONGEST_SCOPE,
    LONGEST_URI,
    SHORTEST_GIVEN_SECRET,
)
from oauth.errors import InvalidClientMetadata, InvalidRedirectUri, OAuthError
from oauth.protocol import fapi2_client, rfc7591_metadata, rfc7591_policies
from oauth.protocol.oidc import registration as oidc_registration
from oauth.protocol.rfc6749_redirect_uri import check_registrable
from oauth.protocol.rfc6749_scope import is_scope_token
from oauth.protocol.rfc7591_metadata import Problem
from oauth.vocabulary import GrantType, Introspects, Pkce
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.tokens.vocabulary import RESERVED_CLIENT_IDS

_VISIBLE: Final = re.compile(r"[\x21-\x7E]+")  # RFC 6749 appendix A.1, without the space
_UNSPEAKABLE: Final = re.compile(r"[^\x20-\x21\x23-\x5B\x5D-\x7E]")  # in an error_description (section 5.2)
_LONGEST_SHOWN: Final = 100  # characters of a wrong value that are told


def described(
    metadata: Mapping[str, object],
    *,
    before: ClientMetadata | None = None,
    default_scopes: tuple[str, ...] = DEFAULT_CLIENT_SCOPES,
) -> ClientMetadata:
    """Return what a client is to be: `before`, or a new one, with the named members changed.

    `default_scopes` are those of a new client that acts for people and names none.
    Raises InvalidRedirectUri or InvalidClientMetadata (RFC 7591 section 3.2.2).
    """
    client, problems = examined(metadata, before=before, default_scopes=default_scopes)
    for problem in problems:
        raise error_of(problem)
    return client


def examined(
    metadata: Mapping[str, object],
    *,
    before: ClientMetadata | None = None,
    default_scopes: tuple[str, ...] = DEFAULT_CLIENT_SCOPES,
) -> tuple[ClientMetadata, list[Problem]]:
    """Return what a client would be, and everything that is wrong with it: for a form that shows all at once."""
    client, problems = rfc7591_metadata.read(metadata, onto=before or ClientMetadata())
    if before is None:
        client = _with_defaults(client, named=metadata.keys(), scopes=default_scopes)
        client = fapi2_client.with_defaults(client, named=metadata.keys())
    else:
        problems += changes_of_kind(before, client)
    return client, [*problems, *problems_of(client)]


def changes_of_kind(before: ClientMetadata, client: ClientMetadata) -> list[Problem]:
    """Return what is wrong with a change: a client keeps its kind, since what it has to prove itself stays."""
    if (before.is_public, before.has_secret) == (client.is_public, client.has_secret):
        return []
    changed = gettext_noop("cannot be changed between none, a secret and private_key_jwt: make another client")
    return [Problem("token_endpoint_auth_method", changed)]


def problems_of(client: ClientMetadata) -> Iterator[Problem]:
    """Yield what is wrong with a client, rule by rule; who stops at the first has no document fetched for nothing."""
    return chain.from_iterable(rule(client) for rule in _RULES)


def error_of(problem: Problem) -> OAuthError:
    """Return a problem as the error that a client's developer reads."""
    refusal = InvalidRedirectUri if problem.member == "redirect_uris" else InvalidClientMetadata
    value = problem.value[:_LONGEST_SHOWN]
    text = " ".join([f"{problem.member}:", *([value] if value else []), problem.message])
    finding = Finding(found=Found.METADATA_REFUSED, about=problem.member, came=problem.value, expected=problem.message)
    return refusal(_UNSPEAKABLE.sub("?", text), finding=finding)


def check_client_id(client_id: str) -> str | None:
    """Return what is wrong with a client_id that somebody else chose, or None.

    One that could be a person's id would make a client's own tokens pass for that person's (RFC 9068 section 5).
    """
    if not _VISIBLE.fullmatch(client_id) or len(client_id) > LONGEST_CLIENT_ID:
        return gettext_noop("must be visible ASCII characters, at most 255")
    if client_id.casefold() in RESERVED_CLIENT_IDS:
        return gettext_noop("is reserved")
    return gettext_noop("may not be a UUID: people have those") if _is_uuid(client_id) else None


def check_secret(secret: str) -> str | None:
    """Return what is wrong with a client secret that somebody else chose, or None."""
    if not SHORTEST_GIVEN_SECRET <= len(secret) <= LONGEST_GIVEN_SECRET:
        return gettext_noop("must have at least 32 characters, and at most 512")
    return None if _VISIBLE.fullmatch(secret) else gettext_noop("must be visible ASCII characters")


def _with_defaults(client: ClientMetadata, *, named: Iterable[str], scopes: tuple[str, ...]) -> ClientMetadata:
    """Return a new client with what its kind has if nothing else is said."""
    unnamed = {"x_introspects", "scope", "x_scopes"}.difference(named)
    if "x_introspects" in unnamed and not client.is_public:
        client = replace(client, introspects=Introspects.OWN)
    if {"scope", "x_scopes"} <= unnamed:
        client = replace(client, scopes=scopes if client.acts_for_people else ())
    return client


def _uris(client: ClientMetadata) -> list[Problem]:
    given = {"redirect_uris": client.redirect_uris, "post_logout_redirect_uris": client.post_logout_redirect_uris}
    problems = [
        Problem(member, wrong, uri)
        for member, uris in given.items()
        for uri in uris
        if (wrong := check_registrable(uri) or _too_long(uri))
    ]
    if client.awaits_people and not client.redirect_uris:
        problems.append(Problem("redirect_uris", gettext_noop("is missing: people come back to the client there")))
    return problems


def _too_long(uri: str) -> str | None:
    return gettext_noop("is too long") if len(uri) > LONGEST_URI else None


def _public(client: ClientMetadata) -> list[Problem]:
    """A public client never acts as itself, and nothing that needs its secret holds for it."""
    if not client.is_public:
        return []
    problems = []
    if GrantType.CLIENT_CREDENTIALS in client.grant_types:
        alone = gettext_noop("a public client has no credentials to use")
        problems.append(Problem("grant_types", alone, GrantType.CLIENT_CREDENTIALS.value))
    if client.pkce is not Pkce.REQUIRED:
        problems.append(Problem("x_pkce", gettext_noop("is always required of a public client")))
    if client.introspects is not Introspects.NONE:
        problems.append(Problem("x_introspects", gettext_noop("a public client cannot introspect")))
    return problems


def _scopes(client: ClientMetadata) -> list[Problem]:
    unusable = [name for name in client.scopes if not is_scope_token(name) or len(name) > LONGEST_SCOPE]
    problems = [Problem("scope", gettext_noop("is not a scope"), name) for name in unusable]
    for member, names in (("x_default_scopes", client.default_scopes), ("x_required_scopes", client.required_scopes)):
        wider = [name for name in names if name not in client.scopes]
        problems += [Problem(member, gettext_noop("is not among the client's scopes"), name) for name in wider]
    return problems


def _lifetime(client: ClientMetadata) -> list[Problem]:
    shortest, longest = ACCESS_TOKEN_LIFETIMES
    if shortest <= client.access_token_lifetime <= longest:
        return []
    allowed = gettext_noop("are the seconds allowed")
    return [Problem("x_access_token_lifetime", allowed, f"{shortest} - {longest}")]


def _groups(client: ClientMetadata) -> list[Problem]:
    unusable = [name for name in client.groups if not name.strip() or len(name) > LONGEST_GROUP_NAME]
    return [Problem("x_groups", gettext_noop("is not the name of a group"), name) for name in unusable]


_RULES: Final[tuple[Callable[[ClientMetadata], list[Problem]], ...]] = (
    *(_uris, _public, _scopes, _lifetime, _groups),
    *rfc7591_policies.RULES,
    *fapi2_client.RULES,
    *oidc_registration.RULES,
)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
