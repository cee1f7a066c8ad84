"""RFC 7591 sections 2 and 5: what a client may say of itself that nobody here knows.

It is a newcomer: whatever an administrator alone decides (the members that begin with `x_`, the scopes beyond those
of OpenID Connect, the grant by which a client acts as itself) is not its to say. A client that stands keeps what it
was given, also when it changes what it says of itself (RFC 7592 section 2.2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final

from django.utils.translation import gettext_noop

from oauth.client_metadata import ClientMetadata
from oauth.conf import REGISTRABLE_SCOPES
from oauth.protocol import rfc7591_metadata
from oauth.protocol.rfc6749_redirect_uri import check_registrable, is_web
from oauth.protocol.rfc7591_metadata import Problem
from oauth.protocol.rfc7591_registration import changes_of_kind, error_of, problems_of
from oauth.services import authorization_detail_types, scopes
from oauth.vocabulary import AuthMethod, GrantType, Pkce, SubjectType

_OWN_POLICY: Final = "x_"
GRANT_TYPES: Final = (GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN)
# What an administrator decides of a client; all else is the client's own description of itself.
_DECIDED: Final = (
    *("default_scopes", "claims", "introspects", "pkce", "access_token_format", "access_token_lifetime"),
    *("skips_consent", "groups", "roles", "profile", "rotates_refresh_tokens", "token_exchange"),
    "may_revoke_subjects",
    "required_scopes",
)


def newcomer(metadata: Mapping[str, object], *, pkce: Pkce) -> ClientMetadata:
    """Return what a new client is registered as. `pkce` is the policy of those that have a secret or a key.

    Raises InvalidRedirectUri or InvalidClientMetadata (section 3.2.2).
    """
    return _described(metadata, onto=_defaults(pkce), before=None)


def changed(metadata: Mapping[str, object], *, before: ClientMetadata) -> ClientMetadata:
    """Return what a client is registered as from now on: its description is replaced whole (RFC 7592 section 2.2).

    It is not reviewed any more, unless nothing changed. Raises as newcomer() does.
    """
    decided = {name: getattr(before, name) for name in _DECIDED}
    after = _described(metadata, onto=replace(_defaults(before.pkce), **decided), before=before)
    return before if after == replace(before, reviewed=False) else after


def _defaults(pkce: Pkce) -> ClientMetadata:
    """Return what a member is that is left out (section 2)."""
    return ClientMetadata(
        auth_method=AuthMethod.CLIENT_SECRET_BASIC,
        grant_types=(GrantType.AUTHORIZATION_CODE,),
        scopes=_registrable(),
        pkce=pkce,
        reviewed=False,
    )


def _registrable() -> tuple[str, ...]:
    """Return the scopes that a stranger may register for: of those, the ones offered here, and those of open APIs."""
    offered = scopes.offered()
    built_in = (name for name in REGISTRABLE_SCOPES if name in offered)
    return tuple(dict.fromkeys((*built_in, *chain.from_iterable(scopes.registrable()))))


def _with_those_beside(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return scopes with the others of the open APIs that they are of: a client asks its person for them when it must.

    Programs name what they need at first, and are told of the rest by the API (RFC 6750 section 3.1).
    """
    beside = (of_api for of_api in scopes.registrable() if not set(of_api).isdisjoint(names))
    return tuple(dict.fromkeys((*names, *chain.from_iterable(beside))))


def _described(
    metadata: Mapping[str, object], *, onto: ClientMetadata, before: ClientMetadata | None
) -> ClientMetadata:
    """Raise the first thing that is wrong; documents are fetched last, and only for what is right so far."""
    said = {name: value for name, value in metadata.items() if value is not None and not name.startswith(_OWN_POLICY)}
    said = _without_fragments(said)
    client, unreadable = rfc7591_metadata.read(said, onto=onto)
    if not isinstance(said.get("scope", ""), str):
        unreadable.append(Problem("scope", gettext_noop("must be a text with spaces between scopes")))
    client = _within_its_rights(client, before)
    own = chain(_beyond_its_rights(client, before), changes_of_kind(before, client) if before else ())
    for problem in chain(unreadable, own, problems_of(client)):
        raise error_of(problem)
    return client


def _without_fragments(said: Mapping[str, object]) -> dict[str, object]:
    """Leave out the flows that answer in the fragment, where the client names all that it could speak.

    Many do, and speak `code` when that is what they are registered for (sections 2 and 3.2.1).
    """
    response_types, grant_types = said.get("response_types"), said.get("grant_types")
    spoken: dict[str, object] = {}
    if isinstance(response_types, list) and "code" in response_types:
        spoken["response_types"] = ["code"]
    if isinstance(grant_types, list) and "implicit" in grant_types:
        spoken["grant_types"] = [name for name in grant_types if name != "implicit"]
    return {**said, **spoken}


def _within_its_rights(client: ClientMetadata, before: ClientMetadata | None) -> ClientMetadata:
    """Leave out the scopes that are not its to ask for, as section 2 allows: the answer says which are registered."""
    possible = {*_registrable(), *(before.scopes if before else ())}
    scopes = _with_those_beside(tuple(name for name in client.scopes if name in possible))
    default_scopes, required_scopes = (
        tuple(name for name in names if name in scopes) for names in (client.default_scopes, client.required_scopes)
    )
    pkce = Pkce.REQUIRED if client.is_public else client.pkce
    return replace(client, scopes=scopes, default_scopes=default_scopes, required_scopes=required_scopes, pkce=pkce)


def _beyond_its_rights(client: ClientMetadata, before: ClientMetadata | None) -> Iterator[Problem]:
    """Yield what is refused, since leaving it out would make another client of it."""
    for grant_type in client.grant_types:
        if grant_type not in (*GRANT_TYPES, *(before.grant_types if before else ())):
            yield Problem("grant_types", gettext_noop("is not for clients that register themselves"), grant_type.value)
    if not client.awaits_people:
        yield Problem("grant_types", gettext_noop("authorization_code is missing"))
    yield from _types_beyond_its_rights(client, before)
    # People allowed it a name that is its own; their ids would come at its next refresh, without their being asked.
    if before and before.subject_type is SubjectType.PAIRWISE and client.subject_type is not SubjectType.PAIRWISE:
        yield Problem("subject_type", gettext_noop("cannot be replaced"), SubjectType.PAIRWISE.value)
    stands = before.redirect_uris if before else ()
    for uri in client.redirect_uris:
        if not client.is_public and uri not in stands and check_registrable(uri) is None and not is_web(uri):
            yield Problem("redirect_uris", gettext_noop("has a private scheme, which is for public clients"), uri)


def _types_beyond_its_rights(client: ClientMetadata, before: ClientMetadata | None) -> Iterator[Problem]:
    """Yield the types of authorization details that are not there, or that somebody here would have to give it."""
    types = authorization_detail_types.registered()
    its_own = {name for name, of_type in types.items() if of_type.is_registrable}
    for name in client.authorization_details_types:
        if name not in its_own.union(before.authorization_details_types if before else ()):
            yield Problem("authorization_details_types", gettext_noop("is not known here"), name)
