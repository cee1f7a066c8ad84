"""RFC 8417: the Security Event Token. Its subject is named by RFC 9493, its events by standards or by ourselves.

OpenID Continuous Access Evaluation Profile 1.0 sections 2, 3.1, 3.3 and 3.6: sessions and credentials. OpenID RISC
Profile 1.0 sections 2.2, 2.3 and 2.4: accounts. OpenID Shared Signals Framework 1.0 section 8.1.4: the test event.
"""

from datetime import datetime
from typing import Any, Final

from trust.events.notice import Notice
from trust.events.vocabulary import SET_TYP, EventType, uri_of
from trust.keys.models import Algorithm
from trust.keys.ring import ring

_OF_ONE_SESSION: Final = frozenset({EventType.SESSION_ESTABLISHED, EventType.SESSION_REVOKED})


def issue(notice: Notice, *, audience: str, issuer: str, now: datetime) -> str:
    """Return the signed token (section 2): RS256, which every receiver knows.

    It is no access, id or logout token: `typ` says what it is (section 2.3), nobody stands in `sub`, and it has no
    `exp`, without which none of those is taken (sections 4.5, 4.6).
    """
    return ring.sign(
        claims_of(notice, audience=audience, issuer=issuer), typ=SET_TYP, algorithm=Algorithm.RS256, now=now
    )


def claims_of(notice: Notice, *, audience: str, issuer: str) -> dict[str, Any]:
    """Return what the token says (section 2.2): `toe` is the time of the event, `iat` never changes either."""
    return {
        "iss": issuer,
        "iat": int(notice.issued_at.timestamp()),
        "jti": str(notice.jti),
        "aud": audience,
        "sub_id": _subject(notice, issuer),
        "toe": int(notice.at.timestamp()),
        "events": {uri_of(notice.kind, issuer=issuer): _event(notice)},
    }


def _subject(notice: Notice, issuer: str) -> dict[str, Any]:
    """Name the subject (RFC 9493 section 3.2.3); of one session both, else it would mean all of the person's.

    Of a test event it is the receiver itself, as the Shared Signals Framework 1.0 section 8.1.4 has it.
    """
    if notice.subject is None:
        return {"format": "opaque", "id": str(notice.receiver)}
    person = {"format": "iss_sub", "iss": issuer, "sub": str(notice.subject)}
    if notice.kind not in _OF_ONE_SESSION or "sid" not in notice.claims:
        return person
    return {"format": "complex", "user": person, "session": {"format": "opaque", "id": notice.claims["sid"]}}


def _event(notice: Notice) -> dict[str, Any]:
    """Return what is said of the event, in the words of CAEP 1.0 section 2."""
    if notice.subject is None:
        return {}
    said = {name: value for name, value in notice.claims.items() if name not in {"reason", "sid"}}
    if "reason" in notice.claims:
        said["reason_admin"] = {"en": notice.claims["reason"]}
    if "sid" in notice.claims and notice.kind not in _OF_ONE_SESSION:
        said["sid"] = notice.claims["sid"]
    return {**said, "event_timestamp": int(notice.at.timestamp())}
