"""Who may use the administration: staff, and with two factors, not long ago (NIST SP 800-63B-4 section 2.2.3)."""

from datetime import datetime
from enum import Enum, auto

from accounts.conf import ADMIN_SESSION_AGE, ADMIN_SESSION_IDLE
from accounts.models import Session, User
from accounts.vocabulary import Acr


class Access(Enum):
    """What the administration answers a person."""

    GRANTED = auto()
    SIGN_IN = auto()
    FORBIDDEN = auto()
    PROVE_AGAIN = auto()


def decide(
    person: User | None, session: Session | None, *, last_used: datetime | None, now: datetime, two_factors: bool
) -> Access:
    """Decide on a person's request; `last_used` is when this browser last used the administration, if it did.

    Only the administration's own use counts against the idle time: it would never pass for who keeps other pages open.
    """
    if person is None:
        return Access.SIGN_IN
    if not (person.is_active and person.is_staff):
        return Access.FORBIDDEN
    if not two_factors or (session is not None and _is_strong(session, last_used=last_used, now=now)):
        return Access.GRANTED
    return Access.PROVE_AGAIN


def _is_strong(session: Session, *, last_used: datetime | None, now: datetime) -> bool:
    proved = session.auth_time
    used = proved if last_used is None else max(proved, last_used)
    fresh = now - proved <= ADMIN_SESSION_AGE and now - used <= ADMIN_SESSION_IDLE
    return fresh and session.acr in {Acr.AAL2, Acr.PHR}
