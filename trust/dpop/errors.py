"""Why a proof is refused. Nothing about a proof is secret from whoever made it: they are told what is wrong."""

from typing import Final

from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

_SAID: Final = {
    Found.DPOP_MISSING: "A DPoP proof is required.",
    Found.DPOP_UNREADABLE: "The DPoP header is not one proof that can be read.",
    Found.DPOP_KEY_UNFIT: "The jwk of the DPoP proof is not a public key of its alg.",
    Found.DPOP_NOT_VERIFIED: "The signature of the DPoP proof does not hold.",
    Found.DPOP_NOT_MEANT_SO: "The DPoP proof is not for this request",
    Found.DPOP_USED: "The DPoP proof was used before.",
    Found.DPOP_NONCE: "The DPoP proof needs the nonce of the DPoP-Nonce header.",
    Found.CLOCK_AHEAD: "The DPoP proof is from the future",
    Found.CLOCK_BEHIND: "The DPoP proof is too old",
    Found.TIME_MISSING: "The DPoP proof has no time",
}


class ProofRefused(Exception):
    """RFC 9449 section 4.3: a proof is not good. `finding` is what was found."""

    def __init__(self, found: Found, *, about: str = "", expected: str = "", number: int | None = None) -> None:
        """Keep what was found."""
        self.finding = Finding(found=found, about=about, expected=expected, number=number)
        super().__init__(f"{found} {about}")

    @property
    def description(self) -> str:
        """What the client's developer is told, in ASCII."""
        said = _SAID[self.finding.found or Found.DPOP_UNREADABLE]
        return said if said.endswith(".") else f"{said}: {self.finding.about}."


class NonceNeeded(ProofRefused):
    """RFC 9449 section 8: the proof lacks a nonce of ours that is good now; this one is."""

    def __init__(self, nonce: str) -> None:
        """Keep the nonce."""
        super().__init__(Found.DPOP_NONCE)
        self.nonce = nonce
