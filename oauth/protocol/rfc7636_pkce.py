"""RFC 7636: proof key for code exchange. S256 only; demanded of every client whose policy does not excuse it."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from typing import Final

from oauth.conf import CODE_VERIFIER_LENGTHS
from oauth.errors import InvalidGrant, InvalidRequest
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.vocabulary import Pkce
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

METHOD: Final = "S256"
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{%d,%d}" % CODE_VERIFIER_LENGTHS)  # noqa: UP031


def challenge_of(client: RegisteredClient, parameters: Parameters) -> str:
    """Return the code challenge of an authorization request, empty if the client may go without and does.

    Raises InvalidRequest. A missing method would mean `plain` (section 4.3), which is not spoken here.
    """
    challenge, method = parameters.get("code_challenge"), parameters.get("code_challenge_method")
    if not challenge:
        excused = client.pkce is Pkce.OPTIONAL and not (client.is_public or client.is_fapi2)
        if excused and not method and "code_challenge" not in parameters:
            return ""
        raise InvalidRequest("A code_challenge is required.", finding=Finding(found=Found.CHALLENGE_MISSING))
    if method != METHOD:
        finding = Finding(found=Found.CHALLENGE_METHOD, came=method, expected=METHOD)
        raise InvalidRequest("The only code_challenge_method is S256.", finding=finding)
    if not _CHALLENGE.fullmatch(challenge):
        finding = Finding(found=Found.CHALLENGE_MALFORMED, number=len(challenge))
        raise InvalidRequest("The code_challenge is malformed.", finding=finding)
    return challenge


def challenge_for(verifier: str) -> str:
    """Return the challenge that a verifier answers (section 4.6). Raises InvalidGrant for what cannot be one."""
    if not _VERIFIER.fullmatch(verifier):
        raise InvalidGrant(finding=Finding(found=Found.VERIFIER_MALFORMED, number=len(verifier)))
    return _s256(verifier)


def check_verifier(challenge: str, verifier: str) -> None:
    """Check a verifier against the challenge of its code (section 4.6). Raises InvalidGrant.

    A verifier for a code that had no challenge is refused too: a downgrade (RFC 9700 section 4.8.2).
    """
    if not challenge and not verifier:
        return
    if not verifier:
        raise InvalidGrant(finding=Finding(found=Found.VERIFIER_MISSING))
    if not hmac.compare_digest(challenge_for(verifier), challenge):
        found = Found.VERIFIER_WRONG if challenge else Found.VERIFIER_UNEXPECTED
        raise InvalidGrant(finding=Finding(found=found))


def _s256(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")
