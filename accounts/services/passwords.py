"""Guesses at passwords, whatever the door: counted before they are hashed, and noted where they are wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from accounts.models import User
from accounts.models.login import FIND_NAMED, LoginAsk, Named
from accounts.services import devices, explained, people
from accounts.services.devices import Budget
from trust.explain.vocabulary import Found
from trust.lib.hooks import tell
from trust.lib.origin import Origin
from trust.lib.shared_statements import answer_of
from trust.limits import rates
from trust.limits.conf import SIGN_IN_BY_ADDRESS
from trust.limits.errors import LimitExceeded

_STEP: Final = "passwords.judged"


@dataclass(frozen=True, slots=True)
class Proved:
    """Who gave the right password, and what the guess was counted against: `budget.reset()` is still to be done."""

    user: User
    named: Named
    budget: Budget


def judged(
    judge: Callable[[Named | None], User | None], *, login: str, marks: Sequence[str], origin: Origin
) -> Proved | None:
    """Count a guess, let `judge` say whose password it is, and return who they are if the login names them too.

    None is a wrong guess, of which the trail knows. Raises LimitExceeded.
    """
    try:
        named, budget = _counted(login, marks, origin)
    except LimitExceeded as limited:
        tell(settings.SIGN_IN_JUDGED, method="password", outcome="limited")
        explained.limited(step=_STEP, retry_after=limited.retry_after)
        raise
    user = judge(named)
    if user is None or named is None or user != named.user:  # a judge may know addresses only asked to change to
        _refuse(named, login, origin)
        return None
    return Proved(user, named, budget)


def of_named(named: Named | None, login: str, password: str) -> User | None:
    """Return the person whom a login names if this is their password; it takes as long if there is no such person."""
    if named is None:
        User().set_password(password)
        return None
    user = named.user
    # What is looked up is folded further than what the pages take for a name.
    is_theirs = user.check_password(password) and login.lower() in {user.username.lower(), user.email}
    return user if is_theirs else None


def _counted(login: str, marks: Sequence[str], origin: Origin) -> tuple[Named | None, Budget]:
    rates.take(SIGN_IN_BY_ADDRESS, origin.client_address)
    named = answer_of(FIND_NAMED, LoginAsk.of(login))
    user = None if named is None else named.user
    return named, devices.take_guess(user=user, target=str(user.pk) if user else login, marks=marks)


def _refuse(named: Named | None, login: str, origin: Origin) -> None:
    # What names nobody may be a password in the wrong field: it is not kept.
    identifier = login if named or "@" in login else ""
    user = None if named is None else named.user
    people.note(action="sign_in.refused", user=user, origin=origin, identifier=identifier)
    tell(settings.SIGN_IN_JUDGED, method="password", outcome="failure")
    found = Found.PASSWORD_WRONG if user else Found.ACCOUNT_UNKNOWN
    explained.refused(found, error="invalid_credentials", step=_STEP, person=user.pk if user else None)
