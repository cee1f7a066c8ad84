"""RFC 9449 at the authorization server: the key that a request proves, and what is bound to it."""

import re
from datetime import datetime
from typing import Final

from django.core.exceptions import SynchronousOnlyOperation

from oauth.client_metadata import ClientDescription
from oauth.errors import InvalidDpopProof, InvalidRequest, OAuthError, UseDpopNonce
from oauth.protocol.findings import malformed
from oauth.protocol.pending import AuthorizationRequest
from trust.dpop import check
from trust.dpop.errors import NonceNeeded, ProofRefused
from trust.dpop.proof import Presented
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.waiting import is_in_loop

_THUMBPRINT: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class RequestProof:
    """The proof that a request came with, if it did: used once, however often the request is judged anew.

    `nonce` is for the client's next proof, empty unless it sends nonces or must.
    """

    __slots__ = ("_key", "_refused", "_shown", "nonce")

    def __init__(self, shown: Presented | None) -> None:
        """Look at nothing yet."""
        self._shown = shown
        self._key = ""
        self._refused: OAuthError | None = None
        self.nonce = ""

    async def key(self, *, now: datetime) -> str:
        """Return the thumbprint of the key that was proved, empty without a proof. Raises InvalidDpopProof.

        Asked once the client has authenticated, so that strangers leave nothing behind. What follows may need the ORM,
        and the whole request begun anew in a thread: so it is done there from the beginning.
        """
        if self._shown is None:
            return ""
        if is_in_loop():
            raise SynchronousOnlyOperation
        if not self._key and self._refused is None:
            await self._use(self._shown, now)
        if self._refused is not None:
            raise self._refused
        return self._key

    async def _use(self, shown: Presented, now: datetime) -> None:
        try:
            usable = check.checked(shown, now=now)
            await check.use(usable, now=now)
        except NonceNeeded as needed:
            self._refused = UseDpopNonce(needed.nonce)
        except ProofRefused as refused:
            self._refused = InvalidDpopProof(refused.description, finding=refused.finding)
        else:
            self._key, self.nonce = usable.proof.thumbprint, usable.next_nonce


def check_bound(client: ClientDescription, jkt: str) -> None:
    """Refuse a token request without a proof of a client whose tokens are all bound (section 5.2)."""
    if client.binds_tokens and not jkt:
        finding = Finding(found=Found.DPOP_MISSING)
        raise InvalidDpopProof("This client must send a DPoP proof.", finding=finding)


def read_key(request: AuthorizationRequest) -> AuthorizationRequest:
    """Bind the code to the key that dpop_jkt names: that which a push proved, if it proved one (section 10.1)."""
    named = request.parameters.get("dpop_jkt")
    if not named:
        return request
    if not _THUMBPRINT.fullmatch(named):
        raise InvalidRequest("The dpop_jkt is malformed.", finding=malformed("dpop_jkt"))
    if request.dpop_jkt not in {"", named}:
        finding = Finding(found=Found.KEY_DIFFERS)
        raise InvalidRequest("The dpop_jkt names another key than the DPoP proof.", finding=finding)
    return request.having(dpop_jkt=named)
