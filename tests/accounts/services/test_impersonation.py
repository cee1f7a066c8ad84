"""The service of impersonation: who is looked at as they are now, and what happens at the same moment."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from accounts.errors import ImpersonationRefused
from accounts.models import Session, User
from accounts.services import impersonation, people, sessions
from tests.at_once import at_once
from tests.impersonation import impersonation_on, root
from tests.oauth.grants import session_of
from trust.lib import clock
from trust.lib.origin import Origin

__all__ = ["impersonation_on", "root"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impersonation_on")]


def _begin(root: User, person: User, own: Session) -> Session:
    now = clock.now()
    return impersonation.begin(user=person, actor=root, own=own, reason="x", now=now, origin=Origin())


def _both_at_once(*acts: Callable[[], object]) -> None:
    waiting = deque(acts)

    def one() -> None:
        act = waiting.popleft()
        act()

    at_once(len(acts), one)


def test_whoever_begins_is_judged_as_they_are_now(root: User, person: User) -> None:
    own = session_of(root)
    User.objects.filter(pk=root.pk).update(is_superuser=False)
    with pytest.raises(ImpersonationRefused):
        _begin(root, person, own)


def test_whom_it_is_about_is_judged_as_they_are_now(root: User, person: User) -> None:
    own = session_of(root)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    with pytest.raises(ImpersonationRefused):
        _begin(root, person, own)


def test_it_begins_from_a_live_session_of_ones_own(root: User, person: User, make_person: Any) -> None:
    over, of_another = session_of(root), session_of(make_person("other", staff=True, superuser=True))
    sessions.end(session_id=over.pk, reason="signed_out")
    borrowed = _begin(root, person, session_of(root))
    for own in (over, of_another, borrowed):
        with pytest.raises(ImpersonationRefused):
            _begin(root, person, own)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["root", "person"])
def test_who_is_shut_out_at_that_moment_leaves_none_behind(root: User, person: User, who: str) -> None:
    own, shut_out = session_of(root), {"root": root, "person": person}[who]

    def begin() -> None:
        with suppress(ImpersonationRefused):
            _begin(User.objects.get(pk=root.pk), User.objects.get(pk=person.pk), own)

    def shut() -> None:
        people.deactivate(user=User.objects.get(pk=shut_out.pk), actor=None)

    _both_at_once(begin, shut)
    assert not Session.objects.filter(impersonator=root, ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_the_end_of_ones_own_session_at_that_moment_leaves_none_behind(root: User, person: User) -> None:
    own = session_of(root)

    def begin() -> None:
        with suppress(ImpersonationRefused):
            _begin(User.objects.get(pk=root.pk), User.objects.get(pk=person.pk), own)

    _both_at_once(begin, partial(sessions.end, session_id=own.pk, reason="signed_out"))
    assert not Session.objects.filter(impersonator=root, ended_at=None).exists()
