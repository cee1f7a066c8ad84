"""The rotation of a refresh token, on the row that Session inherits: one live chain whatever races."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Session
from tests.at_once import at_once
from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.tokens.conf import ROTATION_GRACE

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def session(person):
    return Session.objects.create(
        user=person,
        kind=Session.Kind.API,
        auth_time=clock.now(),
        amr="pwd",
        acr="aal1",
        last_seen=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
    )


def rotate(session, presented):
    rotated = Session.objects.rotate(session.pk, presented=presented, columns=["generation"])
    return None if rotated is None else rotated[0]


def rotated_ago(session, ago):
    Session.objects.by_id(session.pk).update(rotated_at=DatabaseNow(-ago))


def change(session, **columns):
    Session.objects.by_id(session.pk).update(**columns)


def test_the_current_generation_moves_the_counter_on(session):
    assert [rotate(session, 1), rotate(session, 2), rotate(session, 3)] == [2, 3, 4]
    session.refresh_from_db()
    assert session.generation == 4
    assert abs(session.rotated_at - clock.now()) < 5 * SECOND


def test_it_is_one_statement_and_adds_no_row(session):
    with CaptureQueriesContext(connection) as queries:
        rotate(session, 1)
    assert len(queries) == 1
    assert Session.objects.count() == 1


def test_the_just_replaced_generation_gets_the_current_one_again(session):
    """A lost answer, two tabs (RFC 9700 section 4.14.2)."""
    assert rotate(session, 1) == 2
    assert [rotate(session, 1), rotate(session, 1)] == [2, 2]
    session.refresh_from_db()
    assert session.generation == 2


def test_repeating_does_not_prolong_the_grace(session):
    rotate(session, 1)
    rotated_ago(session, ROTATION_GRACE - SECOND)
    before = Session.objects.get(pk=session.pk).rotated_at
    assert rotate(session, 1) == 2
    assert Session.objects.get(pk=session.pk).rotated_at == before


def test_the_grace_ends(session):
    rotate(session, 1)
    rotated_ago(session, ROTATION_GRACE - SECOND)
    assert rotate(session, 1) == 2
    rotated_ago(session, ROTATION_GRACE + SECOND / 10)
    assert rotate(session, 1) is None


def test_the_clocks_of_the_grace_agree_whoever_wrote_the_time(session):
    rotate(session, 1)
    change(session, rotated_at=(clock.now() - ROTATION_GRACE + 3 * SECOND).replace(microsecond=0))
    assert rotate(session, 1) == 2
    change(session, rotated_at=(clock.now() - ROTATION_GRACE - 3 * SECOND).replace(microsecond=0))
    assert rotate(session, 1) is None


def test_an_older_generation_is_not_to_be_had(session):
    rotate(session, 1)
    rotate(session, 2)
    assert rotate(session, 1) is None
    assert rotate(session, 2) == 3


@pytest.mark.parametrize("presented", [-1, 0, 2, 3, 1000, 2**31 - 2])
def test_a_generation_that_never_was_is_not_to_be_had(session, presented):
    if presented == 0:
        rotated_ago(session, timedelta(hours=1))
    assert rotate(session, presented) is None
    session.refresh_from_db()
    assert session.generation == 1


def test_an_unknown_row_gives_nothing():
    assert Session.objects.rotate(uuid.uuid4(), presented=1, columns=["generation"]) is None


def test_the_absolute_end_stays_and_is_told(session):
    assert Session.objects.rotate(session.pk, presented=1, columns=["expires_at"]) == (session.expires_at,)
    change(session, expires_at=clock.now() - SECOND)
    assert rotate(session, 2) is None
    assert rotate(session, 1) is None


def test_an_ended_session_does_not_rotate_nor_repeat(session):
    rotate(session, 1)
    change(session, ended_at=DatabaseNow())
    assert [rotate(session, 2), rotate(session, 1)] == [None, None]


def test_an_inactive_persons_session_does_not_rotate_nor_repeat(session, person):
    rotate(session, 1)
    person.is_active = False
    person.save()
    assert [rotate(session, 2), rotate(session, 1)] == [None, None]


def test_other_columns_change_in_the_same_statement(session):
    seen = clock.now() + timedelta(minutes=5)
    Session.objects.rotate(session.pk, presented=1, columns=["last_seen"], also={"last_seen": seen})
    session.refresh_from_db()
    assert session.last_seen == seen


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_one_live_generation(session):
    assert at_once(8, lambda: rotate(session, 1)) == [2] * 8
    session.refresh_from_db()
    assert session.generation == 2


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_beyond_the_grace_get_nothing(session):
    rotate(session, 1)
    rotated_ago(session, ROTATION_GRACE + SECOND)
    assert at_once(8, lambda: rotate(session, 1)) == [None] * 8


@pytest.mark.django_db(transaction=True)
def test_chains_that_race_stay_one_chain(session):
    """Eight clients refresh again and again with what they got: no two live generations ever."""

    def chain():
        generations = [1]
        for _ in range(5):
            generations.append(rotate(session, generations[-1]) or Session.objects.get(pk=session.pk).generation)
        return generations

    highest = max(max(chain) for chain in at_once(8, chain))
    session.refresh_from_db()
    assert session.generation == highest <= 1 + 8 * 5


@pytest.mark.django_db(transaction=True)
def test_a_session_ended_while_eight_rotate_is_over(session):
    def end_or_rotate():
        rotate(session, 1)
        change(session, ended_at=DatabaseNow())
        return rotate(session, 2)

    assert at_once(8, end_or_rotate) == [None] * 8
