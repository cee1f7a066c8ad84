from datetime import UTC, datetime, timedelta

import pytest

from accounts.admin_access import Access, decide
from accounts.models import Session, User
from accounts.vocabulary import Acr

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STAFF = User(username="alice", is_staff=True)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def _session(acr: Acr = Acr.AAL2, age: timedelta = timedelta(0)) -> Session:
    return Session(user=STAFF, acr=acr, auth_time=NOW - age)


def _decided(person: User | None, session: Session | None, *, idle: timedelta | None = None) -> Access:
    last_used = None if idle is None else NOW - idle
    return decide(person, session, last_used=last_used, now=NOW, two_factors=True)


@pytest.mark.parametrize("acr", [Acr.AAL2, Acr.PHR])
def test_lets_staff_in_who_just_gave_two_factors(acr: Acr) -> None:
    assert _decided(STAFF, _session(acr)) is Access.GRANTED


def test_sends_strangers_to_sign_in() -> None:
    assert _decided(None, None) is Access.SIGN_IN


@pytest.mark.parametrize("person", [User(), User(is_superuser=True), User(is_staff=True, is_active=False)])
def test_forbids_whoever_is_not_active_staff(person: User) -> None:
    assert _decided(person, _session()) is Access.FORBIDDEN


def test_wants_more_than_a_password() -> None:
    assert _decided(STAFF, _session(Acr.AAL1)) is Access.PROVE_AGAIN
    assert _decided(STAFF, None) is Access.PROVE_AGAIN


def test_wants_a_proof_each_day_however_busy_the_person_is() -> None:
    assert _decided(STAFF, _session(age=24 * HOUR), idle=SECOND) is Access.GRANTED
    assert _decided(STAFF, _session(age=24 * HOUR + SECOND), idle=SECOND) is Access.PROVE_AGAIN


def test_wants_a_proof_after_an_idle_hour() -> None:
    assert _decided(STAFF, _session(age=5 * HOUR), idle=HOUR) is Access.GRANTED
    assert _decided(STAFF, _session(age=5 * HOUR), idle=HOUR + SECOND) is Access.PROVE_AGAIN
    assert _decided(STAFF, _session(age=HOUR + SECOND)) is Access.PROVE_AGAIN


def test_counts_a_proof_as_use() -> None:
    assert _decided(STAFF, _session(age=SECOND), idle=5 * HOUR) is Access.GRANTED


def test_wants_one_factor_alone_while_debugging() -> None:
    session = _session(Acr.AAL1, age=48 * HOUR)
    assert decide(STAFF, session, last_used=None, now=NOW, two_factors=False) is Access.GRANTED
    assert decide(User(), session, last_used=None, now=NOW, two_factors=False) is Access.FORBIDDEN
