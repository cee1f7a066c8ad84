"""The key of a proof: the `jwk` of its header, public and of its algorithm, and its thumbprint (RFC 7638).

Nothing else of the header says which key it is: `kid`, `jku`, `x5c` and `x5u` are not looked at.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from trust.dpop.conf import ALGORITHMS, KEYS_KEPT
from trust.dpop.errors import ProofRefused
from trust.explain.vocabulary import Found
from trust.keys import compact, foreign_jwk
from trust.keys.compact import InvalidToken
from trust.keys.foreign_jwk import PublicKey
from trust.lib.plain_json import dump_json
from trust.lib.recent import Recent

TYP: Final = "dpop+jwt"
# Members of a thumbprint in the order of their names (RFC 7638 section 3.2, RFC 8037 section 2).
_MEMBERS: Final = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}


@dataclass(frozen=True, slots=True)
class ProofKey:
    """A key, what it signs by, and its thumbprint."""

    alg: str
    public: PublicKey
    thumbprint: str


# A client's proofs all have one header: what it says is worked out once, if a signature of its key was seen.
_known: Final = Recent[str, ProofKey](most=KEYS_KEPT)


def known(header: str) -> ProofKey | None:
    """Return the key of a header, as it stands in base64url, by which something was signed before."""
    return _known.get(header)


def keep(header: str, key: ProofKey) -> None:
    """Keep the key of a header for the next proof."""
    _known.keep(header, key)


def forget() -> None:
    """Forget all keys."""
    _known.forget()


def read(header: str) -> ProofKey:
    """Return the key of a header (RFC 9449 section 4.2), as it stands in base64url. Raises ProofRefused."""
    try:
        said = compact.load_json(compact.decode(header))
    except InvalidToken as invalid:
        raise ProofRefused(Found.DPOP_UNREADABLE) from invalid
    if "crit" in said:  # we understand no extension (RFC 7515 section 4.1.11)
        raise ProofRefused(Found.DPOP_NOT_MEANT_SO, about="crit")
    if str(said.get("typ")).lower() != TYP:
        raise ProofRefused(Found.DPOP_NOT_MEANT_SO, about="typ", expected=TYP)
    alg = foreign_jwk.algorithm(str(said.get("alg")))
    if alg not in ALGORITHMS:
        raise ProofRefused(Found.DPOP_NOT_MEANT_SO, about="alg", expected=" ".join(ALGORITHMS))
    jwk = said.get("jwk")
    public = foreign_jwk.of_jwk(jwk, alg=alg)
    if public is None or not isinstance(jwk, Mapping):
        raise ProofRefused(Found.DPOP_KEY_UNFIT)
    return ProofKey(alg, public, thumbprint(jwk))


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the thumbprint of a public key, SHA-256 in base64url (RFC 7638 section 3). Raises ProofRefused."""
    required = {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
    # A number has one text, without zeros before it (RFC 7518 section 6.3.1), lest a key have several names.
    if jwk["kty"] == "RSA" and not all(compact.decode(jwk[name])[0] for name in ("n", "e")):
        raise ProofRefused(Found.DPOP_KEY_UNFIT)
    return digest(dump_json(required))


def digest(raw: bytes) -> str:
    """Return SHA-256 in base64url."""
    return compact.encode(hashlib.sha256(raw).digest())


@lru_cache(1024)
def hash_of(access_token: str) -> str:
    """Return the `ath` of an access token (RFC 9449 section 4.2), which is shown many times."""
    return digest(access_token.encode())
