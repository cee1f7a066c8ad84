"""Client ID metadata documents sections 4.1 and 6.2: what a client says of itself at the address that is its client_id.

It is a newcomer (rfc7591_newcomer), with what follows from nobody's having told it a secret.
One document is for all servers in the world: what is not spoken here is left out of it, and does not make it wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_noop

from oauth.client_metadata import ClientMetadata
from oauth.protocol import rfc7591_newcomer
from oauth.protocol.rfc6749_redirect_uri import check_registrable
from oauth.protocol.rfc7591_metadata import Problem
from oauth.protocol.rfc7591_newcomer import GRANT_TYPES
from oauth.protocol.rfc7591_registration import error_of
from oauth.vocabulary import AuthMethod, Pkce, SubjectType

_METHODS: Final = (AuthMethod.NONE, AuthMethod.PRIVATE_KEY_JWT)
_SECRET: Final = ("client_secret", "client_secret_expires_at")
_METHOD: Final = "token_endpoint_auth_method"
_SPOKEN: Final[Mapping[str, Callable[[str], bool]]] = {
    "grant_types": lambda name: name in [one.value for one in GRANT_TYPES],
    "response_types": lambda name: name == "code",
    "redirect_uris": lambda uri: check_registrable(uri) is None,
}


def described(
    document: Mapping[str, object], *, client_id: str, before: ClientMetadata | None = None
) -> ClientMetadata:
    """Return what a client is by its document; `before` is what it was, and stands if nothing but a review changed.

    Raises InvalidRedirectUri or InvalidClientMetadata.
    """
    _check_its_own(document, client_id)
    client = rfc7591_newcomer.newcomer(_spoken(document), pkce=Pkce.REQUIRED)
    if before is None:
        return client
    # People allowed it a name that is its own; their ids would come at its next refresh, without their being asked.
    if before.subject_type is SubjectType.PAIRWISE and client.subject_type is not SubjectType.PAIRWISE:
        raise error_of(Problem("subject_type", gettext_noop("cannot be replaced"), SubjectType.PAIRWISE.value))
    return before if client == replace(before, reviewed=False) else client


def _check_its_own(document: Mapping[str, object], client_id: str) -> None:
    """Check that a document is of the client that leads to it, character by character, and of one without a secret."""
    if document.get("client_id") != client_id:
        raise error_of(Problem("client_id", gettext_noop("is not the address of the document")))
    for member in _SECRET:
        if member in document:
            raise error_of(Problem(member, gettext_noop("is not for a document that everybody may read")))
    method = document.get(_METHOD)
    if method is not None and method not in [allowed.value for allowed in _METHODS]:
        raise error_of(Problem(_METHOD, gettext_noop("may only be none or private_key_jwt"), str(method)))


def _spoken(document: Mapping[str, object]) -> dict[str, object]:
    """Return the members with what is spoken here: codes and refresh tokens, redirect URIs that may be registered."""
    said = {_METHOD: AuthMethod.NONE.value, **{name: value for name, value in document.items() if value is not None}}
    for member, is_spoken in _SPOKEN.items():
        listed = said.get(member)
        if isinstance(listed, list):  # what is no list, or lists no texts, is for the rules to refuse
            said[member] = [one for one in listed if not isinstance(one, str) or is_spoken(one)]
    return said
