"""The access token of both issuers: a JWT of RFC 9068, signed ES256, minted without any write.

`jti` is a UUIDv7 (RFC 9562 section 5.7): its milliseconds are the exact time of issue, which revocation compares;
`iat` is the same instant in whole seconds, as other libraries expect it.
"""

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings

from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring
from trust.lib import clock
from trust.lib.recent import Recent
from trust.lib.sealing import SealBroken, seal, unseal
from trust.tokens.conf import ACCESS_TOKEN_LIFETIME, CLOCK_LEEWAY_SECONDS
from trust.tokens.vocabulary import ACCESS_TOKEN_TYP, FIRST_PARTY_CLIENT_ID, PERSONAL_ACCESS_TOKEN_CLIENT_ID

_REQUIRED: Final = ("iss", "aud", "sub", "client_id", "scope", "jti", "iat", "exp", "grant")
_UUID_VERSION: Final = 7
_CHANCE_BYTES: Final = 10  # 74 bits of them count
_OWN: Final = "access-token"


class ExpiredToken(InvalidToken):
    """The token was ours and is past its `exp`."""


class Exchanged(NamedTuple):
    """A token that another one was had for (RFC 8693), by its `jti` and the client that it was issued to."""

    jti: str
    client_id: str


class AccessToken(NamedTuple):
    """What an access token says. Times are aware; `cnf` is the key it is bound to (RFC 7800), if any.

    `subject` is who the client is told of. Where that is a pairwise name, `user_id` is the person and
    `told_session_id` what the client calls the session; nobody but us can read the one from the other.
    """

    subject: str
    client_id: str
    scope: tuple[str, ...]
    grant: str
    audience: str
    session_id: str | None = None
    user_id: str | None = None
    told_session_id: str | None = None
    auth_time: datetime | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    userinfo_claims: tuple[str, ...] = ()  # asked for by name, beyond the scopes
    cnf: Mapping[str, Any] | None = None
    act: Mapping[str, Any] | None = None
    authorization_details: tuple[Mapping[str, Any], ...] = ()  # RFC 9396
    may_act: Mapping[str, Any] | None = None  # RFC 8693 section 4.4
    exchanged_from: tuple["Exchanged", ...] = ()  # the nearest first: it is good as long as all of them
    jti: str = ""
    issued_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def is_first_party(self) -> bool:
        """Whether it came from our own JSON API, /api/token/."""
        return self.client_id == FIRST_PARTY_CLIENT_ID

    @property
    def is_personal(self) -> bool:
        """Whether a person made it for programs of their own: it is no sign-in, and of no client."""
        return self.client_id == PERSONAL_ACCESS_TOKEN_CLIENT_ID

    @property
    def is_person(self) -> bool:
        """Whether it speaks for a person; a client that acts as itself has `sub` = `client_id`."""
        return self.subject != self.client_id

    @property
    def person_id(self) -> str | None:
        """The id of the person that it speaks for, if it speaks for one."""
        return (self.user_id or self.subject) if self.is_person else None

    @property
    def sid(self) -> str | None:
        """The session as the client is told of it."""
        return self.told_session_id or self.session_id


@dataclass(frozen=True, slots=True)
class Minted:
    """A signed access token and what a token response says of it; `expires_in` in seconds."""

    value: str
    jti: str
    expires_in: int

    def __repr__(self) -> str:
        """Hide the token."""
        return f"Minted(jti={self.jti!r})"


def mint(token: AccessToken, *, now: datetime, lifetime: timedelta = ACCESS_TOKEN_LIFETIME) -> Minted:
    """Sign `token` as issued at `now`; its jti, issued_at and expires_at are set here."""
    jti = new_jti(now)
    claims = claims_of(token, jti=jti, now=now, lifetime=lifetime)
    value = ring.sign(claims, typ=ACCESS_TOKEN_TYP, algorithm=Algorithm.ES256, now=now)
    return Minted(value=value, jti=jti, expires_in=int(lifetime.total_seconds()))


def claims_of(token: AccessToken, *, jti: str, now: datetime, lifetime: timedelta) -> dict[str, Any]:
    """Return what a token says that is issued at `now` (RFC 9068 section 2.2)."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": settings.ISSUER,
        "aud": token.audience,
        "sub": token.subject,
        "client_id": token.client_id,
        "scope": " ".join(token.scope),
        "jti": jti,
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "grant": token.grant,
    }
    optional = (
        ("sid", token.sid),
        ("own", _sealed(token)),
        ("userinfo_claims", token.userinfo_claims),
        ("auth_time", token.auth_time and int(token.auth_time.timestamp())),
        ("acr", token.acr),
        ("amr", token.amr),
        ("roles", token.roles),
        ("cnf", token.cnf),
        ("act", token.act),
        ("authorization_details", token.authorization_details),
        ("may_act", token.may_act),
        ("exchanged_from", [list(one) for one in token.exchanged_from]),
    )
    claims |= [(name, said) for name, said in optional if said]
    return claims


def verify(value: str, *, now: datetime, audience: str | None) -> AccessToken:
    """Return what a token says, its signature, kind, issuer, audience and times checked (RFC 9068 section 4).

    Without an `audience`, it may be for any: for those who issue tokens, not for those who take them. Revocation is
    the caller's to ask: trust.revocation.feed. Raises ExpiredToken or InvalidToken.
    """
    keys = ring.keys()
    seen = _seen.get(value)
    if seen is None or seen.keys is not keys or seen.issuer != settings.ISSUER:
        seen = _verified(value, keys)
        _seen.keep(value, seen)
    if audience is not None and seen.token.audience != audience:
        raise InvalidToken("audience")
    seconds = now.timestamp()
    if seen.iat > seconds + CLOCK_LEEWAY_SECONDS:
        raise InvalidToken("issued in the future")
    if seen.exp <= seconds:
        raise ExpiredToken("exp")
    return seen.token


def forget() -> None:
    """Forget which tokens were verified before."""
    _seen.forget()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A token whose signature and claims hold, as long as the keys are these."""

    token: AccessToken
    iat: int
    exp: int
    issuer: str
    keys: object


# A resource asks for the same token many times; a signature costs more than all else that is checked.
_seen: Final = Recent[str, _Seen](most=4096)


def _verified(value: str, keys: object) -> _Seen:
    claims = ring.verify(value, typ=ACCESS_TOKEN_TYP, algorithms=[Algorithm.ES256])
    _check_claims(claims)
    return _Seen(_token(claims), claims["iat"], claims["exp"], settings.ISSUER, keys)


def _check_claims(claims: Mapping[str, Any]) -> None:
    if any(name not in claims for name in _REQUIRED) or not isinstance(claims["scope"], str):
        raise InvalidToken("claims")
    if claims["iss"] != settings.ISSUER or not isinstance(claims["aud"], str):
        raise InvalidToken("issuer or audience")
    if not isinstance(claims["iat"], int) or not isinstance(claims["exp"], int):
        raise InvalidToken("times")


def _token(claims: Mapping[str, Any]) -> AccessToken:
    auth_time = claims.get("auth_time")
    user_id, session_id = _unsealed(claims["own"]) if "own" in claims else (None, claims.get("sid"))
    return AccessToken(
        subject=claims["sub"],
        client_id=claims["client_id"],
        scope=tuple(claims["scope"].split()),
        grant=claims["grant"],
        audience=claims["aud"],
        session_id=session_id,
        user_id=user_id,
        told_session_id=claims.get("sid") if user_id else None,
        auth_time=None if auth_time is None else clock.from_epoch(auth_time),
        acr=claims.get("acr"),
        amr=tuple(claims.get("amr", ())),
        roles=tuple(claims.get("roles", ())),
        userinfo_claims=tuple(claims.get("userinfo_claims", ())),
        cnf=claims.get("cnf"),
        act=claims.get("act"),
        authorization_details=tuple(claims.get("authorization_details", ())),
        may_act=claims.get("may_act"),
        exchanged_from=exchanges(claims.get("exchanged_from")),
        jti=claims["jti"],
        issued_at=issued_at(claims["jti"]),
        expires_at=clock.from_epoch(claims["exp"]),
    )


def exchanges(said: Sequence[Sequence[str]] | None) -> tuple[Exchanged, ...]:
    """Return the tokens that a token was exchanged from, as it says."""
    return tuple(Exchanged(*one) for one in said) if said else ()


def _sealed(token: AccessToken) -> str | None:
    """Return who a pairwise token is about, for ourselves: sealed anew each time, so that no two can be compared."""
    if token.user_id is None:
        return None
    return seal(json.dumps([token.user_id, token.session_id]).encode(), purpose=_OWN)


def _unsealed(own: str) -> tuple[str, str | None]:
    try:
        user_id, session_id = json.loads(unseal(own, purpose=_OWN))
    except SealBroken as broken:
        raise InvalidToken("own") from broken
    return user_id, session_id


def new_jti(now: datetime) -> str:
    """Return a new UUIDv7 of this time."""
    chance = int.from_bytes(os.urandom(_CHANCE_BYTES), "big")
    value = int(now.timestamp() * 1000) << 80 | _UUID_VERSION << 76 | (chance >> 68) << 64 | 0b10 << 62
    digits = f"{value | chance & (1 << 62) - 1:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def issued_at(jti: str) -> datetime:
    """Return the time of issue that a `jti` holds. Raises InvalidToken."""
    try:
        identifier = uuid.UUID(jti)
    except (ValueError, AttributeError, TypeError) as malformed:
        raise InvalidToken("jti") from malformed
    if identifier.version != _UUID_VERSION:
        raise InvalidToken("jti")
    return clock.from_epoch((identifier.int >> 80) / 1000)
