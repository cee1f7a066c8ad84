"""Requests that meet in the event loop and share statements on PostgreSQL: to each its own answer, one winner, no theft.

And those that meet a row that somebody else holds: in the loop nobody waits for it, in a thread whoever wants it does.
"""

import asyncio
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Session, User
from accounts.models.session_rotation import ROTATE_SESSION
from oauth.models import AuthorizationCode, Client, RefreshToken
from oauth.models.refresh_rotation import ROTATE_REFRESH_TOKEN
from oauth.services import clients
from oauth.services.code_redemption import REDEEM_CODE
from tests.at_once import at_once
from tests.clients import SECRET, Application, basic, make_client
from tests.lane import JSON, Asked, Told, WatchedSite, in_loop, post, post_form, through_lane, through_loop
from tests.oauth.grants import code_for, refresh_token_of, session_of
from tests.people import PASSWORD
from tests.relying_party import userinfo, verified
from tests.shared_statements import gatherer
from trust.lib import clock
from trust.revocation.feed import feed
from trust.tokens import access_token, refresh_token

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CALLBACK = "https://app.example/callback"


@pytest.fixture
def client_row() -> Client:
    return make_client(pkce="optional")


@pytest.fixture
def application(person: User) -> Application:
    made = Application(make_client())
    made.sign_in()
    return made


@pytest.fixture(autouse=True)
def warm_process() -> None:
    """Remember clients and revocations for an hour: what is looked up is looked up in a thread, alone."""
    clients.memory.fresh_for = feed.refresh_after = 3600.0


def warm_up() -> None:
    """Look everything up that is remembered."""
    feed.refresh(older_than=0)
    assert clients.find_known("app") is not None
    assert through_lane(refreshing("nothing")).status == 400


def token_request(**form: str) -> Asked:
    return post_form("/oauth/token", form, authorization=basic("app", SECRET))


def refreshing(value: str) -> Asked:
    return token_request(grant_type="refresh_token", refresh_token=value)


def exchanging(code: str, **form: str) -> Asked:
    return token_request(grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **form)


def sealed(row: RefreshToken) -> str:
    counter = refresh_token.RefreshToken(row.pk, row.generation, int(row.expires_at.timestamp()))
    return refresh_token.seal(counter, now=clock.now())


def members(answer: Told) -> Any:
    return json.loads(answer.body)


def outcomes(answers: list[Told]) -> Counter[tuple[int, str | None]]:
    return Counter((answer.status, members(answer).get("error")) for answer in answers)


def test_one_refresh_token_thirty_times_at_once_is_rotated_once(application: Application) -> None:
    """One of the statement gets the successor; the others ask again, and the grace gives them the same."""
    value = application.tokens()["refresh_token"]
    warm_up()
    answers = through_loop(*[refreshing(value)] * 30)
    assert outcomes(answers) == {(200, None): 30}
    successors = {members(answer)["refresh_token"] for answer in answers}
    assert len(successors) == 1
    row = RefreshToken.objects.get()
    assert (row.generation, row.revoked) == (2, None)
    assert application.refresh(successors.pop()).status_code == 200


def test_one_pair_thirty_times_at_once_is_refreshed_once(person: User) -> None:
    pair = members(
        through_lane(post("/api/token/", json.dumps({"username": "alice", "password": PASSWORD}).encode(), JSON))
    )
    asked = post("/api/token/refresh/", json.dumps({"refresh": pair["refresh"]}).encode(), JSON)
    answers = through_loop(*[asked] * 30)
    assert Counter(answer.status for answer in answers) == {200: 30}
    assert len({members(answer)["refresh"] for answer in answers}) == 1
    session = Session.objects.get()
    assert (session.generation, session.ended_at) == (2, None)


def test_one_code_twenty_times_at_once_has_one_winner_and_the_grant_ends(application: Application) -> None:
    asked = exchanging(application.code(), code_verifier=application.verifier)
    warm_up()
    answers = through_loop(*[asked] * 20)
    assert outcomes(answers) == {(200, None): 1, (400, "invalid_grant"): 19}
    winner = next(members(answer) for answer in answers if answer.status == 200)
    assert userinfo(winner["access_token"]).status_code == 401
    assert RefreshToken.objects.get().revoked is not None
    assert application.refresh(winner["refresh_token"]).status_code == 400


def test_forty_chains_at_once_are_forty_chains(person: User, client_row: Client) -> None:
    """Each gets the tokens of its own grant, three times in a row, in far fewer statements."""
    session = session_of(person)
    rows = [refresh_token_of(session, client_row, grant=uuid.uuid4(), generation=1, claims="") for _ in range(40)]
    values = {row.grant: sealed(row) for row in rows}

    async def follow(site: WatchedSite, value: str) -> list[Told]:
        answers = [await site.asked(refreshing(value))]
        for _ in range(2):
            answers.append(await site.asked(refreshing(members(answers[-1])["refresh_token"])))
        return answers

    async def all_chains(site: WatchedSite) -> tuple[list[list[Told]], int, int]:
        chains = await asyncio.gather(*(follow(site, value) for value in values.values()))
        return chains, gatherer(ROTATE_REFRESH_TOKEN).statements, site.threads.asked

    warm_up()
    chains, statements, in_threads = in_loop(all_chains)
    for row, answers in zip(rows, chains, strict=True):
        assert outcomes(answers) == {(200, None): 3}
        told = [
            access_token.verify(members(one)["access_token"], now=clock.now(), audience="http://testserver")
            for one in answers
        ]
        assert {token.grant for token in told} == {str(row.grant)}
    assert set(RefreshToken.objects.values_list("generation", flat=True)) == {4}
    assert (statements <= 30, in_threads) == (True, 0), statements


def test_thirty_codes_at_once_are_exchanged_each_for_its_own(
    person: User, make_person: Any, client_row: Client
) -> None:
    sessions = [session_of(person), session_of(make_person("bob"))]
    codes = [code_for(sessions[n % 2], client_row, scope=("openid",), nonce=str(n)) for n in range(30)]
    warm_up()
    answers = through_loop(*map(exchanging, codes))
    assert outcomes(answers) == {(200, None): 30}
    for n, answer in enumerate(answers):
        claims = verified(members(answer)["id_token"], audience="app")
        assert (claims["nonce"], claims["sub"]) == (str(n), str(sessions[n % 2].user_id))
    assert RefreshToken.objects.count() == AuthorizationCode.objects.filter(used_at__isnull=False).count() == 30


@contextmanager
def meanwhile(work: Callable[[], object], *, commit: bool = True) -> Iterator[threading.Event]:
    """Let another connection do something in a transaction that stays open until the event is set, or the end."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                work()
                begun.set()
                end.wait(timeout=30)
                transaction.set_rollback(not commit)
        finally:
            begun.set()
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert begun.wait(timeout=30)
    try:
        yield end
    finally:
        end.set()
        holder.join(timeout=30)


def wait_for_a_waiter() -> None:
    """Wait until somebody waits for a row."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_row_that_somebody_holds_keeps_nobody_else_waiting(person: User, client_row: Client) -> None:
    """Whose row it is waits in a thread; the others are answered meanwhile, in the loop."""
    session = session_of(person)
    held, *others = [refresh_token_of(session, client_row, grant=uuid.uuid4(), claims="") for _ in range(6)]
    asked = [refreshing(sealed(row)) for row in (held, *others)]

    async def all_rows(site: WatchedSite, release: threading.Event) -> list[Told]:
        waiting, *asking = [asyncio.create_task(site.asked(one)) for one in asked]
        answers = await asyncio.gather(*asking)
        assert not waiting.done()
        release.set()
        return [await waiting, *answers]

    warm_up()
    hold = RefreshToken.objects.by_id(held.pk).select_for_update(no_key=True)
    with meanwhile(lambda: list(hold)) as release:
        answers = in_loop(lambda site: all_rows(site, release))
    assert outcomes(answers) == {(200, None): 6}


ROTATIONS = {
    "in a thread": lambda asked: at_once(1, lambda: through_lane(asked))[0],
    "in an event loop": lambda asked: at_once(1, lambda: through_loop(asked)[0])[0],
}


@pytest.mark.parametrize("where", ROTATIONS)
@pytest.mark.parametrize("commit", [True, False])
def test_who_meets_a_rotation_of_the_same_token_is_no_thief(
    person: User, client_row: Client, where: str, commit: bool
) -> None:
    """The other one's rotation is waited for: if it holds, the grace answers; if not, it is this one's."""
    row = refresh_token_of(session_of(person), client_row, claims="")
    asked, answers = refreshing(sealed(row)), []
    rotate = lambda: RefreshToken.objects.rotate(row.pk, presented=3, columns=["generation"])  # noqa: E731
    with meanwhile(rotate, commit=commit) as release:
        asking = threading.Thread(target=lambda: answers.append(ROTATIONS[where](asked)))
        asking.start()
        wait_for_a_waiter()
        release.set()
        asking.join(timeout=30)
    assert outcomes(answers) == {(200, None): 1}
    row.refresh_from_db()
    assert (row.generation, row.revoked) == (4, None)


@pytest.mark.parametrize("where", ROTATIONS)
@pytest.mark.parametrize(("commit", "expected"), [(True, (400, "invalid_grant")), (False, (200, None))])
def test_who_meets_an_exchange_of_the_same_code_waits_for_what_becomes_of_it(
    person: User, client_row: Client, where: str, commit: bool, expected: tuple[int, str | None]
) -> None:
    """If the code was used, this is a replay, and the grant ends; if not, it is still good."""
    code = code_for(session_of(person), client_row)
    row, answers = AuthorizationCode.objects.get(), []
    with meanwhile(lambda: AuthorizationCode.objects.by_pk(row.pk).spend(), commit=commit) as release:
        asking = threading.Thread(target=lambda: answers.append(ROTATIONS[where](exchanging(code))))
        asking.start()
        wait_for_a_waiter()
        release.set()
        asking.join(timeout=30)
    assert outcomes(answers) == {expected: 1}
    ended = connection.cursor()
    ended.execute("SELECT count(*) FROM audit_auditevent WHERE action = 'grant.ended'")
    assert ended.fetchone()[0] == int(commit)


@pytest.mark.parametrize("where", ROTATIONS)
def test_who_meets_a_refresh_of_the_same_session_is_no_thief(person: User, where: str) -> None:
    pair = members(
        through_lane(post("/api/token/", json.dumps({"username": "alice", "password": PASSWORD}).encode(), JSON))
    )
    asked = post("/api/token/refresh/", json.dumps({"refresh": pair["refresh"]}).encode(), JSON)
    session, answers = Session.objects.get(), []
    with meanwhile(lambda: Session.objects.rotate(session.pk, presented=1, columns=["generation"])) as release:
        asking = threading.Thread(target=lambda: answers.append(ROTATIONS[where](asked)))
        asking.start()
        wait_for_a_waiter()
        release.set()
        asking.join(timeout=30)
    assert [answer.status for answer in answers] == [200]
    session.refresh_from_db()
    assert (session.generation, session.ended_at) == (2, None)


def test_what_is_answered_is_committed(person: User, client_row: Client) -> None:
    """Another connection, right after the answer, sees it each time."""
    row = refresh_token_of(session_of(person), client_row, claims="", generation=1)
    first = sealed(row)

    async def follow(site: WatchedSite) -> list[int]:
        value, seen = first, []
        for _ in range(10):
            value = members(await site.asked(refreshing(value)))["refresh_token"]
            read = lambda: RefreshToken.objects.get(pk=row.pk).generation  # noqa: E731
            seen += await asyncio.to_thread(at_once, 1, read)
        return seen

    warm_up()
    assert in_loop(follow) == list(range(2, 12))


def test_a_client_that_was_changed_elsewhere_is_asked_for_as_it_is(person: User, client_row: Client) -> None:
    """The loop knew another one; the counter moves on once."""
    row = refresh_token_of(session_of(person), client_row, claims="")
    asked = refreshing(sealed(row))
    warm_up()
    client_row.access_token_lifetime = 60
    client_row.save()
    (answer,) = through_loop(asked)
    assert (answer.status, members(answer)["expires_in"]) == (200, 60)
    row.refresh_from_db()
    assert row.generation == 4


def test_connections_that_end_under_way_lose_no_chain(person: User, client_row: Client) -> None:
    """Who is told to come again comes with the token that it has, and goes on."""
    session = session_of(person)
    rows = [refresh_token_of(session, client_row, grant=uuid.uuid4(), generation=1, claims="") for _ in range(10)]
    values, told = [sealed(row) for row in rows], Counter[int]()

    async def follow(site: WatchedSite, value: str, stop: asyncio.Event) -> str:
        while not stop.is_set():
            answer = await site.asked(refreshing(value))
            told[answer.status] += 1
            if answer.status == 200:
                value = members(answer)["refresh_token"]
        return value

    async def terminated(site: WatchedSite) -> list[Told]:
        stop = asyncio.Event()
        chains = [asyncio.create_task(follow(site, value, stop)) for value in values]
        for _ in range(3):
            await asyncio.sleep(0.2)
            await asyncio.to_thread(at_once, 1, terminate_all_that_share)
        await asyncio.sleep(0.2)
        stop.set()
        last = await asyncio.gather(*chains)
        return [await site.asked(refreshing(value)) for value in last]

    warm_up()
    last = in_loop(terminated)
    assert set(told) <= {200, 503}
    assert told[503] <= 3 * len(rows)
    assert told[200] > 0
    assert outcomes(last) == {(200, None): 10}
    assert not RefreshToken.objects.filter(revoked__isnull=False).exists()


def terminate_all_that_share() -> None:
    """End the connections by which statements are shared, known by the statement that they had last."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE %s""",
            ["%SKIP LOCKED%"],
        )


def test_each_of_the_statements_says_that_it_waits_for_nobody() -> None:
    for statement in (ROTATE_REFRESH_TOKEN, ROTATE_SESSION, REDEEM_CODE):
        assert statement.many.count("SKIP LOCKED") == 1
        assert "SKIP LOCKED" not in statement.alone
