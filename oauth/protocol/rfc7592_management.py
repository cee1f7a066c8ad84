"""RFC 7592: what a client that registered itself does with its registration: reads, replaces and deletes it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_noop

from oauth.errors import InvalidToken
from oauth.protocol import rfc6750_bearer, rfc7591_newcomer
from oauth.protocol.rfc7591_metadata import Problem, client_information, registered
from oauth.protocol.rfc7591_registration import error_of
from oauth.services import self_registration
from oauth.services.digests import secret_is_right
from oauth.services.self_registration import NotPermitted, Registration
from trust.lib.origin import Origin

# Ours to say, never the client's (section 2.2).
_OURS: Final = (
    *("registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"),
)


def permitted(client_id: str, authorization: str) -> Registration:
    """Return the registration that a token is good for. Raises TokenMissing, InvalidToken: the same for any client."""
    try:
        return self_registration.find(client_id, rfc6750_bearer.token_of(authorization))
    except NotPermitted as refused:
        raise InvalidToken from refused


def replaced(found: Registration, metadata: Mapping[str, object], *, origin: Origin) -> Registration:
    """Replace what a client says of itself by what it says now (section 2.2).

    Raises InvalidRedirectUri, InvalidClientMetadata, InvalidToken, Busy.
    """
    _check_identity(found, metadata)
    after = rfc7591_newcomer.changed(metadata, before=found.metadata)
    try:
        self_registration.change(found, metadata=after, origin=origin)
    except NotPermitted as refused:
        raise InvalidToken from refused
    return replace(found, metadata=after)


def deregister(found: Registration, *, origin: Origin) -> None:
    """Delete a client (section 2.3). Raises InvalidToken where it is gone already."""
    try:
        self_registration.deregister(found, origin=origin)
    except NotPermitted as refused:
        raise InvalidToken from refused


def information(registration: Registration, *, issuer: str) -> dict[str, object]:
    """Return the client information response (section 3); a secret is in that of its registration alone."""
    told = client_information(
        registered(registration.metadata),
        client_id=registration.client_id,
        issued_at=registration.issued_at,
        secret=registration.secret,
    )
    uri = f"{issuer}/oauth/register/{registration.client_id}"
    return {**told, "registration_access_token": registration.registration_token, "registration_client_uri": uri}


def _check_identity(found: Registration, metadata: Mapping[str, object]) -> None:
    said = {name: value for name, value in metadata.items() if value is not None}
    if said.get("client_id") != found.client_id:
        raise error_of(Problem("client_id", gettext_noop("must be that of the client")))
    for name in _OURS:
        if name in said:
            raise error_of(Problem(name, gettext_noop("is not for the client to say")))
    secret = said.get("client_secret", "")
    is_right = isinstance(secret, str) and True in {secret_is_right(digest, secret) for digest in found.secret_digests}
    if "client_secret" in said and not is_right:
        raise error_of(Problem("client_secret", gettext_noop("is not that of the client")))
