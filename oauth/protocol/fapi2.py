"""FAPI 2.0 Security Profile, FAPI 2.0 Message Signing: what a client of the profile `fapi2` is held to beyond others.

What the profile turns on that any client may choose for itself (pushed requests, bound tokens) stands in the rooms of
those; here is what is the profile's own.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from oauth.client_metadata import ClientDescription
from oauth.conf import LONGEST_SIGNED_REQUEST
from oauth.errors import InvalidRequest
from oauth.protocol.findings import missing
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc7519_claims import seconds_between
from oauth.vocabulary import CLIENT_ALGORITHMS, FAPI_ALGORITHMS, IdTokenAlg
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys import foreign

ALGORITHM: Final = IdTokenAlg.ES256.value  # ours, where the client registered none


def algorithms(client: ClientDescription, registered: str) -> Collection[str]:
    """Return what a client may sign with: the algorithm that it registered, or any.

    The profile leaves RS256 out (FAPI 2.0 Security Profile section 5.4.1).
    """
    allowed = FAPI_ALGORITHMS if client.is_fapi2 else CLIENT_ALGORITHMS
    return [name for name in allowed if registered in {"", name}]


def check_redirect_uri_named(request: AuthorizationRequest) -> AuthorizationRequest:
    """Demand the redirect_uri, whatever is registered (Security Profile section 5.3.2.2)."""
    if request.known_client.is_fapi2 and not request.parameters.get("redirect_uri"):
        raise InvalidRequest("The parameter redirect_uri is missing.", finding=missing("redirect_uri"))
    return request


def wrong_times_of_object(claims: Mapping[str, Any], now: float) -> Finding | None:
    """Tell what a request object says wrongly, or leaves out, of when it is good (Message Signing section 5.3.1)."""
    starts, ends = (foreign.seconds(claims, name) for name in ("nbf", "exp"))
    if starts is None or ends is None:
        return Finding(found=Found.TIME_MISSING, about="nbf" if starts is None else "exp")
    longest = LONGEST_SIGNED_REQUEST.total_seconds()
    if not ends - starts <= longest:
        return Finding(found=Found.TOO_LONG_LIVED, about="exp", number=seconds_between(ends - starts, longest))
    if not now - starts <= longest:
        return Finding(found=Found.CLOCK_BEHIND, about="nbf", number=seconds_between(now, starts))
    return None
