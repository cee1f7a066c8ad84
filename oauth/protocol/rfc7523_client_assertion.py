"""RFC 7523 section 3, OpenID Connect Core section 9 (private_key_jwt): a client proves itself by what it signed.

Whatever is wrong is one and the same invalid_client (RFC 7521 section 4.2.1): why is never told.
"""

from datetime import datetime
from typing import Any, Final

from oauth.conf import LONGEST_ASSERTION_LIFETIME, LONGEST_PARAMETER
from oauth.errors import InvalidClient
from oauth.protocol import fapi2, rfc7519_claims
from oauth.protocol.findings import auth_method_differs
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient, RegisteredClient
from oauth.services import client_keys
from oauth.vocabulary import AuthMethod
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys import foreign
from trust.keys.foreign import ForeignJws, InvalidToken
from trust.lib import clock

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


def pushed_request_endpoint(issuer: str) -> str:
    """Return the address that assertions may be for too (RFC 9126 section 2)."""
    return f"{issuer}/oauth/par"


def proved(parameters: Parameters, *, find_client: FindClient, issuer: str, now: datetime) -> RegisteredClient:
    """Return the client that an assertion proves. Raises InvalidClient."""
    try:
        assertion = foreign.parse(parameters.get("client_assertion"), longest=LONGEST_PARAMETER)
    except InvalidToken as invalid:
        raise InvalidClient(finding=Finding(found=Found.ASSERTION_UNREADABLE)) from invalid
    named = _named(assertion, find_client)
    client = named if named and named.auth_method is AuthMethod.PRIVATE_KEY_JWT else None
    try:
        claims = client_keys.verified(assertion, client)
    except InvalidToken as invalid:
        raise InvalidClient(finding=_why_not_verified(named)) from invalid
    if client is None:  # no key verifies for nobody
        raise InvalidClient
    wrong = _wrong_use(parameters, assertion, client) or _wrong_claim(claims, client, issuer=issuer, now=now)
    if wrong is not None or not _is_new(claims, client, now=now):
        raise InvalidClient(finding=wrong or Finding(found=Found.ASSERTION_USED))
    return client


def _named(assertion: ForeignJws, find_client: FindClient) -> RegisteredClient | None:
    client_id = assertion.unverified.get("sub")
    return find_client(client_id) if isinstance(client_id, str) else None


def _why_not_verified(named: RegisteredClient | None) -> Finding:
    if named is None:
        return Finding(found=Found.CLIENT_UNKNOWN)
    if named.auth_method is AuthMethod.PRIVATE_KEY_JWT:
        return Finding(found=Found.ASSERTION_NOT_VERIFIED)
    return auth_method_differs(named, AuthMethod.PRIVATE_KEY_JWT)


def _wrong_use(parameters: Parameters, assertion: ForeignJws, client: RegisteredClient) -> Finding | None:
    """Tell what an assertion of another kind, by another algorithm, or not of who is said to send it, is wrong in."""
    algorithms = fapi2.algorithms(client, client.token_endpoint_auth_signing_alg)
    if parameters.get("client_assertion_type") != ASSERTION_TYPE:
        return _not_meant_so("client_assertion_type", ASSERTION_TYPE)
    if parameters.get("client_id") not in {"", client.client_id}:
        return Finding(found=Found.CLIENT_DIFFERS)
    if assertion.typ not in _TYPES:
        return _not_meant_so("typ", "JWT")
    return None if assertion.alg in algorithms else _not_meant_so("alg", " ".join(algorithms))


def _wrong_claim(claims: dict[str, Any], client: RegisteredClient, *, issuer: str, now: datetime) -> Finding | None:
    """Tell which claim is not that of an assertion (section 3, items 1 to 7), or makes it live for long."""
    if not claims.get("iss") == claims.get("sub") == client.client_id:
        return _not_meant_so("iss", client.client_id)
    if not _is_for_us(claims, client, issuer):
        return _not_meant_so("aud", issuer)
    return rfc7519_claims.wrong_time(claims, now) or rfc7519_claims.too_long_lived(
        claims, now, LONGEST_ASSERTION_LIFETIME
    )


def _is_for_us(claims: dict[str, Any], client: RegisteredClient, issuer: str) -> bool:
    """Tell whether `aud` names us, as the issuer or as an endpoint.

    In the profile fapi2 it is the issuer, one text (FAPI 2.0 section 5.3.2.1): what another server had its client
    sign for an endpoint that is ours does not pass here.
    """
    if client.is_fapi2:
        return bool(claims.get("aud") == issuer)
    return rfc7519_claims.is_for(claims, {issuer, token_endpoint(issuer), pushed_request_endpoint(issuer)})


def _not_meant_so(about: str, expected: str) -> Finding:
    return Finding(found=Found.ASSERTION_NOT_MEANT_SO, about=about, expected=expected)


def _is_new(claims: dict[str, Any], client: RegisteredClient, *, now: datetime) -> bool:
    """Take the assertion's `jti`, which is demanded (Core section 9), for its only use."""
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        return False
    return client_keys.take_once(client, jti, until=clock.from_epoch(claims["exp"]), now=now)
