"""The headers of DPoP at the machine endpoints (RFC 9449 sections 4.1, 8.2)."""

from collections.abc import Mapping

from oauth.protocol.rfc9449_dpop import RequestProof
from trust.dpop.proof import Presented
from trust.guard.access import presented
from trust.lib.wire import Request


def presented_by(request: Request) -> Presented | None:
    """Return the proof that a request came with, if it did."""
    return presented(request.headers.get("dpop"), request.method, request.path)


def proof_of(request: Request) -> RequestProof:
    """Return the proof of a request to the authorization server, to be used once."""
    return RequestProof(presented_by(request))


def having_nonce(headers: Mapping[str, str], nonce: str) -> Mapping[str, str]:
    """Return the headers of an answer with the nonce of the client's next proof, if there is one."""
    return {**headers, "DPoP-Nonce": nonce} if nonce else headers
