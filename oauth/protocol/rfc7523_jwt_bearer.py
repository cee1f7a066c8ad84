"""RFC 7523 section 2.1: a workload shows what an issuer signed about it, and is the one client of ours that it maps to.

The client acts as itself: no assertion of a stranger ever speaks for a person. It needs no credentials of its own
(section 3.1); those that are sent, and a `client_id`, must be that client's. Whatever is wrong with an assertion is one
and the same invalid_grant: why is never told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from oauth.conf import LONGEST_ASSERTION_LIFETIME, LONGEST_PARAMETER
from oauth.errors import InvalidAssertion, UnauthorizedClient
from oauth.protocol import (
    rfc6749_client_authentication,
    rfc6749_client_credentials,
    rfc7519_claims,
    rfc7523_client_assertion,
    rfc7523_trusted_issuer,
)
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import FindClient, RegisteredClient
from oauth.services import trusted_issuers
from oauth.services.trusted_issuers import KnownWorkload, Trusted
from oauth.vocabulary import CLIENT_ALGORITHMS, GrantType
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys import foreign
from trust.keys.foreign import ForeignJws, InvalidToken
from trust.lib.waiting import aside

_TYPES: Final = frozenset({"", "jwt"})  # what says that it is something else is no assertion (RFC 8725 section 3.11)


def is_asked(parameters: Parameters) -> bool:
    """Tell whether a request is of this grant type: the assertion says who asks."""
    return parameters.get("grant_type") == GrantType.JWT_BEARER


def presented(parameters: Parameters) -> str:
    """Return what an assertion says that it is about, and by whom, unproved; empty if it cannot be read."""
    if not is_asked(parameters):
        return ""
    try:
        claims = foreign.parse(parameters.get("assertion"), longest=LONGEST_PARAMETER).unverified
    except InvalidToken:
        return ""
    return f"{claims.get('iss')} {claims.get('sub')}"


@dataclass(frozen=True, slots=True)
class Shown:
    """An assertion that is good: who signed it and what it says, and the client of ours that it is about."""

    trusted: Trusted
    claims: Mapping[str, Any]
    workload: KnownWorkload
    client: RegisteredClient


def shown(
    parameters: Parameters, authorization: str, *, find_client: FindClient, issuer: str, now: datetime
) -> Shown:  # fmt: skip
    """Return what an assertion shows; nothing of it is used yet.

    Raises InvalidRequest, InvalidClient, InvalidAssertion.
    """
    value = parameters.required("assertion")
    named = _named(parameters, authorization, find_client=find_client, issuer=issuer, now=now)
    trusted, claims = _verified(value)
    if wrong := _wrong_claim(claims, trusted, issuer=issuer, now=now):
        raise InvalidAssertion(finding=wrong)
    workload, client = _known_as(trusted, claims, named=named, find_client=find_client)
    return Shown(trusted, claims, workload, client)


async def grant(proof: Shown, request: TokenRequest) -> TokenResponse:
    """Return the token of the client that an assertion is about: what it gets by its own credentials, too.

    Raises UnauthorizedClient, InvalidAssertion, InvalidScope, InvalidTarget.
    """
    if proof.client.is_public:
        raise UnauthorizedClient(finding=Finding(found=Found.PUBLIC_CLIENT, about=GrantType.JWT_BEARER.value))
    admit = partial(
        trusted_issuers.admit,
        proof.trusted,
        proof.workload,
        claims=proof.claims,
        now=request.now,
        origin=request.origin,
    )
    if not await aside(admit):
        raise InvalidAssertion(finding=Finding(found=Found.ASSERTION_USED))
    response = await rfc6749_client_credentials.grant(proof.client, request)
    return response._replace(client_id=proof.client.client_id)


def _named(
    parameters: Parameters, authorization: str, *, find_client: FindClient, issuer: str, now: datetime
) -> str:  # fmt: skip
    """Return the client that a request says it is of: proved where it sent credentials, empty where it is silent."""
    has_credentials = authorization or parameters.get("client_secret") or rfc7523_client_assertion.is_sent(parameters)
    if not has_credentials:
        return parameters.get("client_id")
    client = rfc6749_client_authentication.authenticated(
        parameters, authorization, find_client=find_client, issuer=issuer, now=now
    )
    return client.client_id


def _verified(value: str) -> tuple[Trusted, dict[str, Any]]:
    """Return who signed an assertion, and what it says. Raises InvalidAssertion."""
    try:
        assertion = foreign.parse(value, longest=LONGEST_PARAMETER)
    except InvalidToken as invalid:
        raise InvalidAssertion(finding=Finding(found=Found.ASSERTION_UNREADABLE)) from invalid
    named = assertion.unverified.get("iss")
    trusted = trusted_issuers.find(named) if isinstance(named, str) else None
    try:
        claims = trusted_issuers.verified(assertion, trusted)
    except InvalidToken as invalid:
        found = Found.WORKLOAD_NOT_VERIFIED if trusted else Found.ISSUER_UNKNOWN
        raise InvalidAssertion(finding=Finding(found=found, came=named if isinstance(named, str) else "")) from invalid
    if trusted is None:  # no key verifies for nobody
        raise InvalidAssertion
    if wrong := _wrong_header(assertion, trusted):
        raise InvalidAssertion(finding=wrong)
    return trusted, claims


def _wrong_header(assertion: ForeignJws, trusted: Trusted) -> Finding | None:
    if assertion.typ not in _TYPES:
        return _not_meant_so("typ", "JWT")
    algorithms = trusted.algorithms or CLIENT_ALGORITHMS
    return None if assertion.alg in algorithms else _not_meant_so("alg", " ".join(algorithms))


def _wrong_claim(claims: Mapping[str, Any], trusted: Trusted, *, issuer: str, now: datetime) -> Finding | None:
    """Tell which claim is not that of an assertion (section 3, items 1 to 7), or makes it live for long.

    It is for us alone: who else it were for could show it here.
    """
    audiences = {trusted.audience} if trusted.audience else {issuer, rfc7523_client_assertion.token_endpoint(issuer)}
    said = claims.get("aud")
    is_for_us_alone = isinstance(said, str) or (isinstance(said, list) and len(said) == 1)
    if not is_for_us_alone or not rfc7519_claims.is_for(claims, audiences):
        return _not_meant_so("aud", " ".join(sorted(audiences)))
    if not isinstance(claims.get("sub"), str):
        return _not_meant_so("sub", "a text")
    return rfc7519_claims.wrong_time(claims, now) or rfc7519_claims.too_long_lived(
        claims, now, LONGEST_ASSERTION_LIFETIME
    )


def _known_as(
    trusted: Trusted, claims: Mapping[str, Any], *, named: str, find_client: FindClient
) -> tuple[KnownWorkload, RegisteredClient]:
    """Return the workload that an assertion is about, and its client. Raises InvalidAssertion.

    Several may fit, such as a repository and its main branch: they are told apart by the client that the request names.
    """
    ways = list(rfc7523_trusted_issuer.ways_to_write(claims["sub"]))
    fitting = [one for one in trusted_issuers.workloads(trusted, subjects=ways) if _says(claims, one)]
    clients = {one.client_id for one in fitting if named in {"", one.client_id}}
    if len(clients) != 1:
        found = Found.WORKLOAD_AMBIGUOUS if clients else Found.WORKLOAD_UNKNOWN
        raise InvalidAssertion(finding=Finding(found=found, came=claims["sub"]))
    client = find_client(clients.pop())
    if client is None:
        raise InvalidAssertion(finding=Finding(found=Found.CLIENT_DISABLED))
    return next(one for one in fitting if one.client_id == client.client_id), client


def _says(claims: Mapping[str, Any], workload: KnownWorkload) -> bool:
    return all(claims.get(name) == said for name, said in workload.claims.items())


def _not_meant_so(about: str, expected: str) -> Finding:
    return Finding(found=Found.WORKLOAD_NOT_MEANT_SO, about=about, expected=expected)
