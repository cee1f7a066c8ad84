"""A sign-in that is whole, whatever its door: the session begins, and the device is met."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from accounts.authentication import Authentication
from accounts.models import Session, User
from accounts.services import devices, sessions
from trust.lib import clock
from trust.lib.hooks import tell
from trust.lib.origin import Origin


@transaction.atomic
def begin(
    *, user: User, kind: Session.Kind, authentication: Authentication, marks: Sequence[str], origin: Origin
) -> tuple[Session, str]:
    """Begin a session, tell of a new device, and return the session and the device's mark. Raises SignInOvertaken.

    `marks` are those that the browser presented.
    """
    session = sessions.start(user=user, kind=kind, authentication=authentication, origin=origin)
    program = (devices.mark_of_program(user=user, origin=origin),) if kind == Session.Kind.API else ()
    mark = devices.met(session=session, marks=(*program, *marks), now=clock.now(), origin=origin)
    tell(settings.SIGN_IN_JUDGED, method=authentication.first_method, outcome="success")
    return session, mark
