"""RFC 7523 section 3, OpenID Connect Core section 9 (private_key_jwt): a client proves itself by what it signed.

Whatever is wrong is one and the same invalid_client (RFC 7521 section 4.2.1): why is never told.
"""

from datetime import datetime
from typing import Any, Final

from oauth.conf import LONGEST_ASSERTION_LIFETIME, LONGEST_PARAMETER
from oauth.errors import InvalidClient
from oauth.protocol import rfc7519_claims
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient, RegisteredClient
from oauth.services import client_keys
from oauth.vocabulary import CLIENT_ALGORITHMS, AuthMethod
from trust.keys import foreign
from trust.keys.foreign import ForeignJws, InvalidToken
from trust.lib import clock
from trust.tokens.conf import CLOCK_LEEWAY_SECONDS

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523 section 2.2
# A request object, an access token or a logout token that a client signed elsewhere proves nothing here.
_TYPES: Final = frozenset({"", "jwt", "client-authentication+jwt"})


def is_sent(parameters: Parameters) -> bool:
    """Tell whether a client authenticates by an assertion (RFC 7521 section 4.2)."""
    sent = parameters.values
    return bool(sent.get("client_assertion") or sent.get("client_assertion_type"))


def presented_subject(parameters: Parameters) -> str:
    """Return the client that an assertion says it is of, unproved; empty if it cannot be read."""
    try:
        assertion = foreign.parse(parameters.get("client_assertion"), longest=LONGEST_PARAMETER)
    except InvalidToken:
        return ""
    subject = assertion.unverified.get("sub")
    return subject if isinstance(subject, str) else ""


def token_endpoint(issuer: str) -> str:
    """Return the token endpoint's address, which assertions are for, as they may be for the issuer (section 3)."""
    return f"{issuer}/oauth/token"


def proved(parameters: Parameters, *, find_client: FindClient, issuer: str, now: datetime) -> RegisteredClient:
    """Return the client that an assertion proves. Raises InvalidClient."""
    try:
        assertion = foreign.parse(parameters.get("client_assertion"), longest=LONGEST_PARAMETER)
        client = _registered_for_a_key(assertion.unverified.get("sub"), find_client)
        claims = client_keys.verified(assertion, client)
    except InvalidToken as invalid:
        raise InvalidClient from invalid
    if client is None or not _is_meant_so(parameters, assertion, client):
        raise InvalidClient
    if not _is_right(claims, client, issuer=issuer, now=now) or not _is_new(claims, client, now=now):
        raise InvalidClient
    return client


def _registered_for_a_key(client_id: object, find_client: FindClient) -> RegisteredClient | None:
    client = find_client(client_id) if isinstance(client_id, str) else None
    return client if client and client.auth_method is AuthMethod.PRIVATE_KEY_JWT else None


def _is_meant_so(parameters: Parameters, assertion: ForeignJws, client: RegisteredClient) -> bool:
    """Tell whether the assertion is of the right kind, by the registered algorithm, and of who is said to send it."""
    algorithm = client.token_endpoint_auth_signing_alg
    return (
        parameters.get("client_assertion_type") == ASSERTION_TYPE
        and parameters.get("client_id") in {"", client.client_id}
        and assertion.typ in _TYPES
        and assertion.alg in ([algorithm] if algorithm else CLIENT_ALGORITHMS)
    )


def _is_right(claims: dict[str, Any], client: RegisteredClient, *, issuer: str, now: datetime) -> bool:
    """Tell whether the claims are those of an assertion (section 3, items 1 to 7), and live for a short while."""
    expires = foreign.seconds(claims, "exp")
    latest = (now + LONGEST_ASSERTION_LIFETIME).timestamp() + CLOCK_LEEWAY_SECONDS
    return (
        claims.get("iss") == claims.get("sub") == client.client_id
        and rfc7519_claims.is_for(claims, {issuer, token_endpoint(issuer)})
        and rfc7519_claims.is_good_at(claims, now)
        and expires is not None
        and expires <= latest
    )


def _is_new(claims: dict[str, Any], client: RegisteredClient, *, now: datetime) -> bool:
    """Take the assertion's `jti`, which is demanded (Core section 9), for its only use."""
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        return False
    return client_keys.take_once(client, jti, until=clock.from_epoch(claims["exp"]), now=now)
