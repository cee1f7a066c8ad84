"""The rotation of a client's refresh token: both ways answer alike, whatever has become of what it hangs on."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from accounts.models import Session, User
from oauth.grant import resources_written
from oauth.models import Client, RefreshToken
from oauth.models.refresh_rotation import ROTATE_REFRESH_TOKEN, RefreshAsk, RefreshedGrant
from tests.clients import make_client
from tests.oauth.grants import change, groups, known, refresh_token_of, session_of
from tests.shared_statements import WRITERS, asked, in_loop, together
from trust.lib import clock
from trust.lib.clock import DatabaseNow

pytestmark = pytest.mark.django_db

both_ways = pytest.mark.parametrize("writer", WRITERS)

SECOND = timedelta(seconds=1)


class World(NamedTuple):
    """A refresh token of generation 3, replaced five seconds ago, and what it hangs on."""

    person: User
    client: Client
    session: Session
    row: RefreshToken

    def ask(self, **changed: Any) -> RefreshAsk:
        """Return how the client asks for its rotation, as it knew itself when the test began."""
        version = self.client.updated
        return RefreshAsk(self.row.pk, 3, self.client.pk, version, "", True)._replace(**changed)

    def granted(self, generation: int = 4, **changed: Any) -> RefreshedGrant:
        """Return the answer."""
        row = self.row
        facts = (row.user_id, row.session_id, True, row.grant, row.scope, row.auth_time, row.amr, row.acr, row.claims)
        beside = (resources_written(row.resource), row.authorization_details, row.act)
        return RefreshedGrant(generation, *facts, *beside, [])._replace(**changed)


@pytest.fixture
def world(person: User) -> World:
    client, session = make_client(), session_of(person)
    return World(person, client, session, refresh_token_of(session, client))


def may(what: Callable[[World], Any] = lambda world: None, *, ask: Any = None, **granted: Any) -> Any:
    """Return a case that is granted."""
    return what, ask or {}, granted


def may_not(what: Callable[[World], Any] = lambda world: None, **ask: Any) -> Any:
    """Return a case that is refused."""
    return what, ask, None


def offline(world: World) -> None:
    change(world.row, offline=True)


def ended(world: World) -> None:
    change(world.session, ended_at=DatabaseNow())


def expired(world: World) -> None:
    change(world.session, expires_at=DatabaseNow(-SECOND))


def open_to(*names: str, members: tuple[str, ...] = ()) -> Callable[[World], None]:
    def set_groups(world: World) -> None:
        world.client.groups.set(groups(*names))
        world.person.groups.set(groups(*members))

    return set_groups


KEY = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


def bound(world: World) -> None:
    change(world.row, dpop_jkt=KEY)


def both(*changes: Callable[[World], Any]) -> Callable[[World], None]:
    def make(world: World) -> None:
        for make_one in changes:
            make_one(world)

    return make


CASES = {
    "the current generation": may(),
    "the one just replaced": may(ask={"presented": 2}, generation=3),
    "the one just replaced, later": may_not(
        lambda world: change(world.row, rotated_at=DatabaseNow(-11 * SECOND)), presented=2
    ),
    "the current one, whenever it was made": may(
        lambda world: change(world.row, rotated_at=DatabaseNow(-timedelta(days=20)))
    ),
    "the current one, never rotated": may(lambda world: change(world.row, rotated_at=None)),
    "the current one, of a client that keeps it": may(ask={"moves": False}, generation=3),
    "an older one, of a client that keeps it": may_not(presented=1, moves=False),
    "bound to a key": may(bound, ask={"jkt": KEY}),
    "bound to a key, and another": may_not(bound, jkt=KEY.swapcase()),
    "bound to a key, and none": may_not(bound),
    "bound to no key, and one": may(ask={"jkt": KEY}),
    "for resources": may(lambda world: change(world.row, resource=["urn:a", "urn:b"]), resource='["urn:a", "urn:b"]'),
    "an older one": may_not(presented=1),
    "one that never was": may_not(presented=4),
    "one below the first": may_not(presented=-1),
    "another row": may_not(row_id=uuid.uuid4()),
    "revoked": may_not(lambda world: change(world.row, revoked=clock.now())),
    "past its end": may_not(lambda world: change(world.row, expires_at=DatabaseNow(-SECOND))),
    "the session ended": may_not(ended),
    "the session expired": may_not(expired),
    "the session ended, offline": may(both(offline, ended), session_alive=False),
    "the session expired, offline": may(both(offline, expired), session_alive=False),
    "offline": may(offline),
    "no session any more": may_not(lambda world: change(world.row, session=None)),
    "no session any more, offline": may(
        both(offline, lambda world: change(world.row, session=None)), session_id=None, session_alive=False
    ),
    "the person inactive": may_not(lambda world: change(world.person, is_active=False)),
    "the person inactive, offline": may_not(both(offline, lambda world: change(world.person, is_active=False))),
    "the client disabled": may_not(lambda world: change(world.client, is_active=False)),
    "the client changed since it was known": may_not(lambda world: change(world.client, updated=clock.now())),
    "the client known as it was later": may_not(client_version=clock.now() + SECOND),
    "another client": may_not(lambda world: make_client("other", pk=99, updated=world.client.updated), client_pk=99),
    "no such client": may_not(client_pk=999_999),
    "open to a group of the person's": may(open_to("staff", "sales", members=("sales", "it"))),
    "open to groups of others": may_not(open_to("staff", "sales", members=("it",))),
    "open to groups, of which the person has none": may_not(open_to("staff")),
    "the person has roles, the scope has not": may(open_to(members=("b", "a"))),
    "roles": may(
        both(open_to(members=("zoo", "an eagle")), lambda world: change(world.row, scope="openid roles")),
        scope="openid roles", roles=["an eagle", "zoo"],
    ),
    "roles of nobody": may(lambda world: change(world.row, scope="roles"), scope="roles"),
    "no methods, no claims": may(lambda world: change(world.row, amr="", claims=""), amr="", claims=""),
}  # fmt: skip


@both_ways
@pytest.mark.parametrize("case", CASES)
def test_the_answer_and_the_row(world: World, writer: Any, case: str) -> None:
    """One whole case: what is answered, what is written, and that nothing is written where nothing is answered."""
    change, ask, granted = CASES[case]
    asking = world.ask(**ask)
    change(world)
    before = RefreshToken.objects.values().get()
    answer = asked(writer, ROTATE_REFRESH_TOKEN, asking)
    after = RefreshToken.objects.values().get()
    assert answer == (None if granted is None else world.granted(**granted))
    written = {name for name in after if after[name] != before[name]}
    assert written == ({"generation", "rotated_at"} if answer and answer.generation == 4 else set())
    if written:
        assert abs(after["rotated_at"] - clock.now()) < 10 * SECOND
        assert after["generation"] == answer.generation


@both_ways
def test_the_kinds_of_values_are_the_same(world: World, writer: Any) -> None:
    change(world.row, scope="roles")
    world.person.groups.set(groups("staff"))
    answer = asked(writer, ROTATE_REFRESH_TOKEN, world.ask())
    kinds = [type(value).__name__ for value in answer]
    assert kinds == ["int", "UUID", "UUID", "bool", "UUID", "str", "datetime", *("str",) * 6, "list"]
    assert answer.auth_time.utcoffset() == timedelta(0)


@both_ways
def test_a_client_in_many_groups_of_the_persons_rotates_once(world: World, writer: Any) -> None:
    names = ("a", "b", "c")
    open_to(*names, members=names)(world)
    assert asked(writer, ROTATE_REFRESH_TOKEN, world.ask()) == world.granted()
    assert asked(writer, ROTATE_REFRESH_TOKEN, world.ask(presented=4)) == world.granted(5)


@both_ways
def test_a_client_as_it_is_known_now(world: World, writer: Any) -> None:
    """The version that the rules know is the row's, to the microsecond."""
    client = known(world.client)
    ask = world.ask(client_version=client.version)
    assert asked(writer, ROTATE_REFRESH_TOKEN, ask) == world.granted()
    almost = client.version + timedelta(microseconds=1)
    assert asked(writer, ROTATE_REFRESH_TOKEN, world.ask(presented=4, client_version=almost)) is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_in_one_statement_are_answered_as_each_alone(world: World) -> None:
    """Those who may, those who may not, and strangers, in one statement; rows of another person among them."""
    rows = [
        refresh_token_of(world.session, world.client, grant=uuid.uuid4(), generation=number, claims="")
        for number in range(1, 40)
    ]
    asks = [world.ask(row_id=row.pk, presented=row.generation) for row in rows]
    asks[::3] = [ask._replace(row_id=uuid.uuid4()) for ask in asks[::3]]
    asks[1::3] = [ask._replace(presented=ask.presented + 5) for ask in asks[1::3]]
    answers = in_loop(lambda: together(ROTATE_REFRESH_TOKEN, asks))
    for row, answer, place in zip(rows, answers, range(39), strict=True):
        expected = world.granted(row.generation + 1, grant=row.grant, claims="") if place % 3 == 2 else None
        assert answer == expected
