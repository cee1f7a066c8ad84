"""A proof, verified but for its single use (RFC 9449 sections 4.2, 4.3)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from trust.dpop import proof_key, target
from trust.dpop.conf import AHEAD_SECONDS, LONGEST_JTI, LONGEST_PROOF, OLDEST_SECONDS
from trust.dpop.errors import ProofRefused
from trust.explain.vocabulary import Found
from trust.keys import compact, foreign
from trust.keys.compact import InvalidToken
from trust.keys.foreign import seconds

_wrong: Final = partial(ProofRefused, Found.DPOP_NOT_MEANT_SO)
_PARTS: Final = 3
_FAR: Final = 10**12  # seconds


class Presented(NamedTuple):
    """What a request came with: its DPoP header, its method, and the address that it went to, by ISSUER."""

    header: str
    method: str
    url: str


class Proof(NamedTuple):
    """A proof that holds. `thumbprint` is its key's (`jkt`); `nonce` is empty where it has none."""

    thumbprint: str
    jti: str
    nonce: str


def verified(shown: Presented, *, now: datetime, access_token: str = "") -> Proof:
    """Return the proof of a request, for an access token where one is shown with it. Raises ProofRefused.

    Whether it was used before, and its nonce, are looked at by trust.dpop.check.
    """
    parts = _parts(shown.header)
    known = proof_key.known(parts[0])
    key = known or proof_key.read(parts[0])
    claims, signature = _decoded(parts)
    _check_target(claims, shown)
    _check_time(claims, now)
    if access_token and claims.get("ath") != proof_key.hash_of(access_token):
        raise _wrong(about="ath", expected="SHA-256 of the access token")
    jti, nonce = _jti(claims), claims.get("nonce", "")
    if not isinstance(nonce, str):
        raise _wrong(about="nonce", expected="a text")
    signed = shown.header.rpartition(".")[0].encode("ascii")
    if not foreign.holds(signature, signed, key.public, alg=key.alg):
        raise ProofRefused(Found.DPOP_NOT_VERIFIED)
    if known is None:
        proof_key.keep(parts[0], key)
    return Proof(key.thumbprint, jti, nonce)


def _parts(header: str) -> list[str]:
    """Take the header apart: one compact JWS, of bounded size; two headers are joined by a comma, and none."""
    parts = header.split(".", _PARTS) if len(header) <= LONGEST_PROOF and header.isascii() else []
    if len(parts) != _PARTS:
        raise ProofRefused(Found.DPOP_UNREADABLE)
    return parts


def _decoded(parts: list[str]) -> tuple[dict[str, Any], bytes]:
    try:
        return compact.load_json(compact.decode(parts[1])), compact.decode(parts[2])
    except InvalidToken as invalid:
        raise ProofRefused(Found.DPOP_UNREADABLE) from invalid


def _check_target(claims: Mapping[str, Any], shown: Presented) -> None:
    """Demand the method and the address of the request (section 4.3, items 8 and 9)."""
    if claims.get("htm") != shown.method:
        raise _wrong(about="htm", expected=shown.method)
    htu = claims.get("htu")
    if not isinstance(htu, str) or not target.is_same(htu, shown.url):
        raise _wrong(about="htu", expected=shown.url)


def _check_time(claims: Mapping[str, Any], now: datetime) -> None:
    """Demand that it was made just now (section 4.3, item 11)."""
    made, moment = seconds(claims, "iat"), now.timestamp()
    if made is None:
        raise ProofRefused(Found.TIME_MISSING, about="iat")
    if not made <= moment + AHEAD_SECONDS:
        raise ProofRefused(Found.CLOCK_AHEAD, about="iat", number=_bounded(made) - int(moment))
    if not made >= moment - OLDEST_SECONDS:
        raise ProofRefused(Found.CLOCK_BEHIND, about="iat", number=int(moment) - _bounded(made))


def _jti(claims: Mapping[str, Any]) -> str:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise _wrong(about="jti", expected=f"1 to {LONGEST_JTI} characters")
    return jti


def _bounded(number: float) -> int:
    """Return a number of seconds that can be kept, whatever a stranger says."""
    return int(max(-_FAR, min(_FAR, number)))
