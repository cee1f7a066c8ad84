"""A sign-in that is whole, whatever its door: the session begins, and the device is met."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from accounts.authentication import PASSWORD_ALONE, Authentication
from accounts.conf import SESSION_LIFETIME
from accounts.errors import SignInOvertaken
from accounts.models import Session, User
from accounts.models.session_rotation import RefreshedSession
from accounts.models.session_start import START_SESSION, StartAsk
from accounts.services import devices, sessions
from accounts.services.devices import Budget
from trust.audit.record import salted
from trust.lib import clock
from trust.lib.digests import digest_of
from trust.lib.hooks import tell
from trust.lib.origin import Origin
from trust.lib.shared_statements import answer_of


def begin_for_api(
    *, user: User, authentication: Authentication, marks: Sequence[str], origin: Origin, budget: Budget | None = None
) -> RefreshedSession:
    """Begin a session of the JSON API and return what its tokens say. Raises SignInOvertaken.

    The guesses of `budget` are forgotten. A sign-in by a program that is known takes one statement.
    """
    started = _started_plainly(user, authentication, origin, budget) if not marks else None
    if started is not None:
        tell(settings.SIGN_IN_JUDGED, method=authentication.first_method, outcome="success")
        return started
    if " ".join(authentication.amr) == PASSWORD_ALONE and User.objects.factors(user.pk).exists():
        raise SignInOvertaken  # added while the password was hashed
    if budget is not None:
        budget.reset()
    session, _ = begin(user=user, kind=Session.Kind.API, authentication=authentication, marks=marks, origin=origin)
    return RefreshedSession.begun(session)


def _started_plainly(
    user: User, authentication: Authentication, origin: Origin, budget: Budget | None
) -> RefreshedSession | None:
    auth_time, methods, acr = authentication.auth_time, " ".join(authentication.amr), authentication.acr
    device = devices.mark_of_program(user=user, origin=origin)
    ask = StartAsk(
        user.pk,
        user.password,
        digest_of(device),
        "" if budget is None else budget.key,
        uuid.uuid4(),
        auth_time,
        auth_time + SESSION_LIFETIME,
        methods,
        acr,
        origin.client_address,
        origin.user_agent,
        *salted(origin),
    )
    started = answer_of(START_SESSION, ask)
    if started is None:
        return None
    return RefreshedSession(ask.session_id, 1, ask.expires_at, user.pk, auth_time, methods, acr, started.roles)


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
