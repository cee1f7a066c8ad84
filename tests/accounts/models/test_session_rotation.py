"""The refresh of an API session: both ways answer alike and write the same, whatever has become of the session."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Group

from accounts.models import Session, User
from accounts.models.session_rotation import ROTATE_SESSION, RefreshedSession, SessionAsk
from tests.shared_statements import WRITERS, asked, in_loop, together
from trust.lib import clock
from trust.lib.clock import DatabaseNow

pytestmark = pytest.mark.django_db

both_ways = pytest.mark.parametrize("writer", WRITERS)
SECOND = timedelta(seconds=1)
HOME, AWAY = ("203.0.113.5", "Firefox"), ("2001:db8::7", "curl/8.5.0 (한글)")
SEEN = {"last_seen", "client_address", "user_agent"}


class World(NamedTuple):
    """A session of generation 3, replaced five seconds ago, of a person with two roles."""

    person: User
    session: Session

    def ask(self, **changed: Any) -> SessionAsk:
        """Return how the client asks, from another place than before."""
        return SessionAsk(self.session.pk, 3, *AWAY)._replace(**changed)

    def refreshed(self, generation: int = 4, **changed: Any) -> RefreshedSession:
        """Return the answer."""
        row = self.session
        facts = (row.pk, generation, row.expires_at, row.user_id, row.auth_time, row.amr, row.acr)
        return RefreshedSession(*facts, ["an eagle", "zoo"])._replace(**changed)

    def change(self, of: str, **columns: Any) -> None:
        """Change a row, by a statement of its own, as another process would."""
        row = getattr(self, of)
        type(row)._base_manager.filter(pk=row.pk).update(**columns)


def api_session(person: User, **named: Any) -> Session:
    now = clock.now()
    defaults: dict[str, Any] = {"kind": Session.Kind.API, "amr": "pwd otp", "acr": "aal2", "generation": 3}
    defaults |= {"auth_time": now - timedelta(days=2), "last_seen": now - timedelta(hours=1)}
    defaults |= {"expires_at": now + timedelta(days=28), "rotated_at": now - 5 * SECOND}
    return Session.objects.create(user=person, client_address=HOME[0], user_agent=HOME[1], **(defaults | named))


@pytest.fixture
def world(person: User) -> World:
    for name in ("zoo", "an eagle"):
        person.groups.add(Group.objects.create(name=name))
    return World(person, api_session(person))


def changed(of: str, **columns: Any) -> Callable[[World], None]:
    return lambda world: world.change(of, **columns)


def nothing(world: World) -> None:
    """Leave all as it is."""


LONG_AGO = changed("session", rotated_at=DatabaseNow(-timedelta(days=20)))
# What changed meanwhile, how it is asked, and the generation that is answered, if any.
CASES: dict[str, tuple[Callable[[World], None], dict[str, Any], int | None]] = {
    "the current generation": (nothing, {}, 4),
    "the current one, whenever it was made": (LONG_AGO, {}, 4),
    "the current one, never refreshed": (changed("session", rotated_at=None), {}, 4),
    "the one just replaced": (nothing, {"presented": 2}, 3),
    "the one just replaced, later": (
        changed("session", rotated_at=DatabaseNow(-11 * SECOND)), {"presented": 2}, None,
    ),
    "an older one": (nothing, {"presented": 1}, None),
    "one that never was": (nothing, {"presented": 4}, None),
    "another session": (nothing, {"session_id": uuid.uuid4()}, None),
    "ended": (changed("session", ended_at=DatabaseNow()), {}, None),
    "ended, the one just replaced": (changed("session", ended_at=DatabaseNow()), {"presented": 2}, None),
    "past its end": (changed("session", expires_at=DatabaseNow(-SECOND)), {}, None),
    "the person inactive": (changed("person", is_active=False), {}, None),
    "from nowhere": (nothing, {"client_address": "", "user_agent": ""}, 4),
}  # fmt: skip


@both_ways
@pytest.mark.parametrize("case", CASES)
def test_the_answer_and_the_row(world: World, writer: Any, case: str) -> None:
    """One whole case: what is answered, what is written, and that nothing is written where nothing is answered."""
    change, ask, generation = CASES[case]
    change(world)
    asking = world.ask(**ask)
    before = Session.objects.values().get()
    answer = asked(writer, ROTATE_SESSION, asking)
    after = Session.objects.values().get()
    assert answer == (None if generation is None else world.refreshed(generation))
    written = {name for name in after if after[name] != before[name]}
    if generation is None:
        assert written == set()
        return
    assert written == SEEN | ({"generation", "rotated_at"} if generation == 4 else set())
    assert (after["client_address"], after["user_agent"]) == (asking.client_address, asking.user_agent)
    assert abs(after["last_seen"] - clock.now()) < 10 * SECOND
    assert after["generation"] == generation


@both_ways
def test_a_person_without_roles(make_person: Any, writer: Any) -> None:
    world = World(bob := make_person("bob"), api_session(bob))
    assert asked(writer, ROTATE_SESSION, world.ask()) == world.refreshed(roles=[])


@both_ways
def test_the_kinds_of_values_are_the_same(world: World, writer: Any) -> None:
    answer = asked(writer, ROTATE_SESSION, world.ask())
    kinds = [type(value).__name__ for value in answer]
    assert kinds == ["UUID", "int", "datetime", "UUID", "datetime", "str", "str", "list"]
    assert answer.expires_at.utcoffset() == answer.auth_time.utcoffset() == timedelta(0)


@both_ways
def test_it_says_what_the_first_tokens_said(world: World, writer: Any) -> None:
    world.session.refresh_from_db()
    begun = RefreshedSession.begun(world.session)
    assert begun._replace(generation=4) == asked(writer, ROTATE_SESSION, world.ask())


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_in_one_statement_are_answered_as_each_alone(world: World) -> None:
    worlds = [World(world.person, api_session(world.person, generation=number)) for number in range(1, 31)]
    asks = [each.ask(presented=each.session.generation, user_agent=f"agent {n}") for n, each in enumerate(worlds)]
    asks[::3] = [ask._replace(presented=ask.presented + 5) for ask in asks[::3]]
    answers = in_loop(lambda: together(ROTATE_SESSION, asks))
    for place, (each, answer) in enumerate(zip(worlds, answers, strict=True)):
        seen = Session.objects.get(pk=each.session.pk).user_agent
        if place % 3 == 0:
            assert (answer, seen) == (None, HOME[1])
        else:
            assert (answer, seen) == (each.refreshed(each.session.generation + 1), f"agent {place}")
