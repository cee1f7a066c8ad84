"""The redemption of a code: both ways answer alike and leave equal rows, whatever the code is bound to."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from accounts.models import Session, User
from oauth.grant import AskedClaims, resources_written
from oauth.models import AuthorizationCode, Client, RefreshToken
from oauth.services.code_redemption import REDEEM_CODE, CodeAsk, RedeemedCode
from tests.clients import CALLBACK, make_client
from tests.oauth.grants import change, code_for, groups, known, session_of
from tests.shared_statements import WRITERS, asked, in_loop, together
from trust.audit.models import AuditEvent
from trust.audit.record import personal_digest, salted
from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of
from trust.lib.origin import Origin
from trust.lib.shared_statements import GroupingWriter, OrmWriter
from trust.tokens.conf import REFRESH_TOKEN_LIFETIME

pytestmark = pytest.mark.django_db

both_ways = pytest.mark.parametrize("writer", WRITERS)
SECOND = timedelta(seconds=1)
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
HOME = Origin("203.0.113.5", 'Mozilla/5.0 ("한글", {curly})')
CLAIMS = AskedClaims(id_token=("email",), userinfo=("name",))


class World(NamedTuple):
    """A code, and what it hangs on."""

    person: User
    client: Client
    session: Session
    code: str

    @property
    def row(self) -> AuthorizationCode:
        return AuthorizationCode.objects.by_digest(digest_of(self.code)).get()

    def ask(self, **changed: Any) -> CodeAsk:
        """Return how the client asks for its redemption."""
        salt, digest = salted(HOME)
        asking = CodeAsk(
            digest=digest_of(self.code),
            client_pk=self.client.pk,
            client_version=self.client.updated,
            client_id=self.client.client_id,
            redirect_uri=CALLBACK,
            code_challenge=CHALLENGE,
            jkt="",
            refreshes=True,
            refresh_row=uuid.uuid4(),
            refresh_jkt="",
            salt=salt,
            personal_digest=digest,
            client_address=HOME.client_address,
            user_agent=HOME.user_agent,
        )
        return asking._replace(**changed)

    def redeemed(self, **changed: Any) -> dict[str, Any]:
        """Return the members of the answer, without the end of the refresh token."""
        row, session = self.row, self.session
        facts = {"user_id": row.user_id, "session_id": session.pk, "grant": row.grant, "scope": row.scope}
        facts |= {"nonce": row.nonce, "claims": row.claims, "acr": row.acr, "auth_time": session.auth_time}
        facts |= {"amr": session.amr, "session_acr": session.acr, "roles": []}
        facts |= {
            "resource": resources_written(row.resource),
            "authorization_details": row.authorization_details,
            "act": row.act,
        }
        return facts | changed


@pytest.fixture
def world(person: User) -> World:
    client, session = make_client(), session_of(person)
    return World(person, client, session, code_for(session, client, code_challenge=CHALLENGE, nonce="n", claims=CLAIMS))


def written() -> tuple[int, int]:
    """Count the refresh tokens, and the audit rows of grants."""
    return RefreshToken.objects.count(), AuditEvent.objects.of_action("grant.issued").count()


def may(what: Callable[[World], Any] = lambda world: None, *, ask: Any = None, **redeemed: Any) -> Any:
    """Return a case that is granted."""
    return what, ask or {}, redeemed


def may_not(what: Callable[[World], Any] = lambda world: None, **ask: Any) -> Any:
    """Return a case that is refused."""
    return what, ask, None


def changed(of: str, **columns: Any) -> Callable[[World], None]:
    return lambda world: change(getattr(world, of), **columns)


def open_to(*names: str, members: tuple[str, ...] = ()) -> Callable[[World], None]:
    def set_groups(world: World) -> None:
        world.client.groups.set(groups(*names))
        world.person.groups.set(groups(*members))

    return set_groups


def with_roles(world: World) -> None:
    change(world.row, scope="openid roles")
    open_to(members=("zoo", "an eagle"))(world)


NOT_GIVEN = changed("row", redirect_uri_given=False)
KEY = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
BOUND = changed("row", dpop_jkt=KEY)
UNCHALLENGED = changed("row", code_challenge="")
CASES = {
    "as it should be": may(),
    "another code": may_not(digest=digest_of("another")),
    "another redirect URI": may_not(redirect_uri="https://app.example/other"),
    "a redirect URI that begins alike": may_not(redirect_uri=CALLBACK + "/"),
    "no redirect URI": may_not(redirect_uri=""),
    "no redirect URI, as in the request": may(NOT_GIVEN, ask={"redirect_uri": ""}),
    "the redirect URI, not in the request": may(NOT_GIVEN),
    "another redirect URI, none in the request": may_not(NOT_GIVEN, redirect_uri="https://app.example/other"),
    "another challenge": may_not(code_challenge=CHALLENGE.swapcase()),
    "no challenge": may_not(code_challenge=""),
    "bound to a key": may(BOUND, ask={"jkt": KEY}),
    "bound to a key, and another": may_not(BOUND, jkt=KEY.swapcase()),
    "bound to a key, and none": may_not(BOUND),
    "bound to no key, and one": may(ask={"jkt": KEY}),
    "for resources": may(changed("row", resource=["https://a.example", "https://b.example"])),
    "in detail": may(changed("row", authorization_details='[{"type": "payment"}]')),
    "no challenge, as in the request": may(UNCHALLENGED, ask={"code_challenge": ""}),
    "a challenge, none in the request": may_not(UNCHALLENGED),
    "used": may_not(changed("row", used_at=DatabaseNow())),
    "too old": may_not(changed("row", expires=DatabaseNow(-SECOND))),
    "the session ended": may_not(changed("session", ended_at=DatabaseNow())),
    "the session expired": may_not(changed("session", expires_at=DatabaseNow(-SECOND))),
    "the person inactive": may_not(changed("person", is_active=False)),
    "the client disabled": may_not(changed("client", is_active=False)),
    "the client changed since it was known": may_not(changed("client", updated=DatabaseNow())),
    "the client known as it was later": may_not(client_version=clock.now() + timedelta(days=1)),
    "another client": may_not(lambda world: make_client("other", pk=99, updated=world.client.updated), client_pk=99),
    "no such client": may_not(client_pk=999_999),
    "open to a group of the person's": may(open_to("staff", "sales", members=("sales", "it"))),
    "open to groups of others": may_not(open_to("staff", members=("it",))),
    "open to groups, of which the person has none": may_not(open_to("staff")),
    "the person has roles, the scope has not": may(open_to(members=("b", "a"))),
    "roles": may(with_roles, scope="openid roles", roles=["an eagle", "zoo"]),
    "a level told that is not the session's": may(changed("row", acr="aal1"), acr="aal1"),
    "no nonce, no claims, no scope": may(changed("row", nonce="", claims="", scope=""), nonce="", claims="", scope=""),
    "no refresh token": may(ask={"refreshes": False}),
    "offline": may(changed("row", scope="openid offline_access"), scope="openid offline_access"),
}


@both_ways
@pytest.mark.parametrize("case", CASES)
def test_the_answer_and_what_is_written(world: World, writer: Any, case: str) -> None:
    """One whole case: used, refreshable and audited, or nothing of it."""
    change, ask, redeemed = CASES[case]
    asking = world.ask(**ask)
    change(world)
    used_before = world.row.used_at
    answer = asked(writer, REDEEM_CODE, asking)
    if redeemed is None:
        assert answer is None
        assert written() == (0, 0)
        assert world.row.used_at == used_before
    else:
        assert dict(answer._asdict(), refresh_ends=None) == world.redeemed(**redeemed) | {"refresh_ends": None}
        assert written() == (int(asking.refreshes), 1)
        assert abs(world.row.used_at - clock.now()) < 10 * SECOND
        assert abs(answer.refresh_ends - clock.now() - REFRESH_TOKEN_LIFETIME) < 10 * SECOND


@both_ways
def test_a_code_is_good_once(world: World, writer: Any) -> None:
    assert asked(writer, REDEEM_CODE, world.ask()) is not None
    assert asked(writer, REDEEM_CODE, world.ask()) is None
    assert written() == (1, 1)


@both_ways
def test_the_kinds_of_values_are_the_same(world: World, writer: Any) -> None:
    with_roles(world)
    answer = asked(writer, REDEEM_CODE, world.ask())
    kinds = [type(value).__name__ for value in answer]
    assert kinds == [*("UUID",) * 3, *("str",) * 4, "datetime", *("str",) * 5, "list", "datetime"]
    assert answer.auth_time.utcoffset() == answer.refresh_ends.utcoffset() == timedelta(0)


@both_ways
def test_the_refresh_token_has_the_id_that_was_asked_for_and_the_end_that_was_answered(
    world: World, writer: Any
) -> None:
    ask = world.ask()
    answer = asked(writer, REDEEM_CODE, ask)
    row = RefreshToken.objects.get()
    assert (row.pk, row.expires_at, row.generation, row.rotated_at) == (ask.refresh_row, answer.refresh_ends, 1, None)


@both_ways
@pytest.mark.parametrize(("told", "kept"), [("", "aal2"), ("aal1", "aal1")])
def test_the_refresh_token_keeps_the_level_that_was_told(world: World, writer: Any, told: str, kept: str) -> None:
    change(world.row, acr=told)
    asked(writer, REDEEM_CODE, world.ask())
    assert RefreshToken.objects.get().acr == kept


@both_ways
@pytest.mark.parametrize(
    ("scope", "offline"),
    [
        ("openid", False),
        ("offline_access", True),
        ("openid offline_access email", True),
        ("not_offline_access", False),
        ("offline_access_not", False),
        ("", False),
    ],
)
def test_only_the_scope_itself_makes_it_offline(world: World, writer: Any, scope: str, offline: bool) -> None:
    change(world.row, scope=scope)
    asked(writer, REDEEM_CODE, world.ask())
    assert RefreshToken.objects.get().offline is offline


@both_ways
def test_the_audit_row_covers_its_personal_fields(world: World, writer: Any) -> None:
    asked(writer, REDEEM_CODE, world.ask())
    event = AuditEvent.objects.of_action("grant.issued").get()
    expected = personal_digest(bytes(event.salt), HOME.client_address, HOME.user_agent, "")
    assert bytes(event.personal_digest) == expected
    assert len(bytes(event.salt)) == 16
    assert abs(event.at - clock.now()) < 10 * SECOND


@pytest.mark.postgresql
@pytest.mark.parametrize("scope", ["openid profile", "openid offline_access roles", 'odd "scope" \\ {}, 한글', ""])
@pytest.mark.parametrize("acr", ["", "aal1"])
def test_both_ways_leave_equal_rows(person: User, scope: str, acr: str) -> None:
    """Column by column, but for ids, times and salts, which are of each alone."""
    client, session = make_client(), session_of(person)
    left = []
    for writer in (OrmWriter(), GroupingWriter()):
        code = code_for(session, client, code_challenge=CHALLENGE, claims=CLAIMS, acr=acr, scope=tuple(scope.split()))
        world = World(person, client, session, code)
        answer = asked(writer, REDEEM_CODE, world.ask())
        left.append((answer, RefreshToken.objects.filter(grant=answer.grant).values().get(), audited(answer.grant)))
        assert left[-1][1]["created"] <= left[-1][1]["updated"]
        assert abs(left[-1][1]["updated"] - clock.now()) < 10 * SECOND
    (by_orm, *rows), (grouped, *others) = left
    of_each = {"grant": None, "refresh_ends": None}
    assert by_orm._replace(**of_each) == grouped._replace(**of_each)
    for row, other in zip(rows, others, strict=True):
        apart = {"id", "grant", "created", "updated", "expires_at", "at", "salt", "personal_digest"}
        assert {name: row[name] for name in row if name not in apart} == {
            name: other[name] for name in other if name not in apart
        }
    assert all(set(audit["details"]) == {"grant", "scope"} for _, _, audit in left)


def audited(grant: uuid.UUID) -> dict[str, Any]:
    event: dict[str, Any] = AuditEvent.objects.filter(details__grant=str(grant)).values().get()
    assert event["details"]["grant"] == str(grant)
    return event | {"details": event["details"] | {"grant": ""}}


@both_ways
def test_a_client_as_it_is_known_now(world: World, writer: Any) -> None:
    answer: RedeemedCode = asked(writer, REDEEM_CODE, world.ask(client_version=known(world.client).version))
    assert answer.user_id == world.person.pk


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_in_one_statement_are_answered_as_each_alone(person: User, make_person: Any) -> None:
    """Codes of two people, wrong ones and one that comes twice, in one statement: to each its own, one of the two."""
    client = make_client()
    sessions = [session_of(person), session_of(make_person("bob"))]
    worlds = [
        World(session.user, client, session, code_for(session, client, code_challenge=CHALLENGE, nonce=str(place)))
        for place, session in enumerate(sessions * 15)
    ]
    asks = [world.ask() for world in worlds]
    asks[::3] = [ask._replace(redirect_uri="https://app.example/other") for ask in asks[::3]]
    answers = in_loop(lambda: together(REDEEM_CODE, [*asks, asks[1]]))
    twice = [answer for answer in (answers[1], answers.pop()) if answer is not None]
    assert [answer.nonce for answer in twice] == ["1"]
    for place, (world, ask, answer) in enumerate(zip(worlds, asks, answers, strict=True)):
        if place % 3 == 0:
            assert answer is None
        elif place != 1:
            assert answer._replace(refresh_ends=None) == RedeemedCode(**world.redeemed(), refresh_ends=None)
            assert RefreshToken.objects.get(pk=ask.refresh_row).grant == world.row.grant
    assert written() == (20, 20)
