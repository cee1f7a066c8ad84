"""What is found of a DPoP proof (RFC 9449)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

WORDS: Final[Mapping[str, Words]] = {
    Found.DPOP_MISSING: Words(
        _("The request has no DPoP proof, and all tokens of this client are bound to a key."),
        _("Send a proof in the DPoP header of each request, as docs/dpop.md shows."),
        is_for_all=True,
    ),
    Found.DPOP_UNREADABLE: Words(
        _("The DPoP header is not one compact JWS, or is too long; two headers count as none that can be read."),
        _("Send one proof: a compact JWS with typ, alg and jwk in its header, and a JSON object as payload."),
        is_for_all=True,
    ),
    Found.DPOP_KEY_UNFIT: Words(
        _("The jwk of the DPoP proof is no public key of its alg: of another type, too small, or with private parts."),
        _("Put the public key alone into jwk: P-256 for ES256, RSA of 2048 bits or more for PS256, Ed25519 for EdDSA."),
        is_for_all=True,
    ),
    Found.DPOP_NOT_VERIFIED: Words(
        _("The signature of the DPoP proof was not made by the key in its jwk."),
        _("Sign with the private key whose public key stands in jwk."),
        is_for_all=True,
    ),
    Found.DPOP_NOT_MEANT_SO: Words(
        _("The %(about)s of the DPoP proof is not right: %(expected)s was expected."),
        _(
            "A proof has typ dpop+jwt, htm = the method, htu = the address of the request without query and fragment, "
            "a new jti and iat each time, and at resources ath, the SHA-256 of the access token in base64url."
        ),
        is_for_all=True,
    ),
    Found.DPOP_USED: Words(
        _("The DPoP proof was used before."),
        _("Make a new proof for each request, with a new jti: also when a request is sent again."),
        is_for_all=True,
    ),
    Found.DPOP_NONCE: Words(
        _("The DPoP proof has no nonce of this server that is good now."),
        _("Expected from time to time: send the request again with the nonce of the DPoP-Nonce header of the answer."),
        is_for_all=True,
    ),
}
