"""Two nodes behind nginx, while people use them: a node dies, Redis goes, PostgreSQL fails over. Nothing is lost.

The goals are of "Failures to survive". The cluster is the one that `make two-nodes` starts, and it is broken once, for
all tests here: each looks at another part of the ledger of what was acknowledged meanwhile.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import log2
from pathlib import Path
from statistics import median
from typing import Any, Final, TypeVar

import pytest

from deploy.cluster.machine import wait_until
from tests.postgresql_server import is_installed
from tests.redis_server import BINARY
from tests.reliability.callers import PROMISE, exchange, introspect, me, pair_of, refresh, sign_in, sign_out
from tests.reliability.cluster_of_tests import ClusterOfTests
from tests.reliability.conftest import NoteFigure
from tests.reliability.ledger import (
    Chain,
    Held,
    Reply,
    failures,
    generation_of,
    seconds_until_99_percent,
    seconds_until_success,
    statuses,
)
from tests.reliability.storm import Storm
from trust.limits.conf import SIGN_IN, SIGN_IN_BY_ADDRESS

# The database is marked so that it is there to be copied; nothing else of it is used.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.nginx,
    pytest.mark.skipif(not is_installed(), reason="needs PostgreSQL's own programs: apt install postgresql"),
    pytest.mark.skipif(BINARY is None, reason="needs Redis: apt install redis-server"),
]

Thing = TypeVar("Thing")

NODE_BACK: Final = 5.0  # seconds from its death
DATABASE_BACK: Final = 10.0  # seconds from its death
AFTER_DATABASE: Final = 2.0  # seconds from its being there again
RIGHT_SIGN_IN: Final = 1.0  # seconds, while Redis is away
KINDS: Final = {
    *("sign-in", "refresh", "sign-out", "me"),
    *("authorization", "exchange", "introspection", "userinfo", "revocation"),
}
PROCESSES: Final = 2  # of the site, which count apart while there is no Redis
AT_ONCE: Final = 6


@pytest.fixture(scope="module")
def cluster(django_db_setup: Any) -> Iterator[ClusterOfTests]:
    folder = Path(tempfile.mkdtemp(prefix="authproject-two-nodes-", dir="/var/tmp"))
    try:
        with ClusterOfTests(folder) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def storm(cluster: ClusterOfTests) -> Storm:
    storm = Storm(cluster)
    storm.rage()
    return storm


def each(storm: Storm, things: Sequence[Thing], check: Callable[..., str]) -> list[str]:
    """Check all things, several at a time, each with its own connections to the nodes; return what is wrong."""
    parts = [(storm.to_each_node(), things[own::AT_ONCE]) for own in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = pool.map(lambda part: [check(*part[0], thing) for thing in part[1]], parts)
    return [words for part in wrong for words in part if words]


def test_nobody_was_told_anything_wrong(storm: Storm) -> None:
    ledger = storm.ledger
    assert ledger.wrong == []
    assert {reply.kind for reply in ledger.replies} >= KINDS
    assert {reply.status for reply in ledger.replies} <= {200, 204, 303, 400, 401, 429, 0, 502, 503, 504}
    assert min(len(ledger.signed_in), len(ledger.signed_out), len(ledger.exchanged), len(ledger.revoked)) >= 10
    assert min(chain.rotations for chain in ledger.chains if not chain.is_over) >= 30


def test_the_death_of_a_node_costs_what_it_had_begun(storm: Storm, note_figure: NoteFigure) -> None:
    killed, dead, end = storm.at["node killed"], storm.at["node dead"], storm.at["redis killed"]
    replies = storm.ledger.between(killed - 1, end)
    lost = failures(replies)
    note(note_figure, "a node killed", replies, killed)
    assert len(lost) <= len(storm.ledger.chains) + 6, statuses(replies)  # each caller has one under way
    assert [reply for reply in lost if reply.sent > dead + 0.5] == []
    assert seconds_until_99_percent(replies, killed) <= NODE_BACK


def test_nobody_notices_that_redis_is_away(storm: Storm, note_figure: NoteFigure) -> None:
    killed, end = storm.at["redis killed"], storm.at["primary killed"]
    replies = [reply for reply in storm.ledger.between(killed, end) if reply.received < end]
    assert failures(replies) == []
    seconds = [reply.received - reply.sent for reply in storm.right_meanwhile]
    note_figure("Redis away: the slowest of three right sign-ins", f"{max(seconds) * 1000:.0f} ms")
    assert median(seconds) <= RIGHT_SIGN_IN
    assert statuses(storm.right_meanwhile) == {200: len(storm.right_meanwhile)}


def test_a_failover_of_the_database_heals_by_itself(storm: Storm, note_figure: NoteFigure) -> None:
    killed, promoted = storm.at["primary killed"], storm.at["promoted"]
    replies = storm.ledger.between(killed - 1, storm.at["over"])
    note(note_figure, "PostgreSQL failed over", replies, killed)
    since_promotion = seconds_until_success(written(replies), promoted)
    note_figure("PostgreSQL failed over: from the promotion until a write was acknowledged", f"{since_promotion:.2f} s")
    assert {reply.status for reply in failures(replies)} == {503}
    assert since_promotion <= AFTER_DATABASE
    assert seconds_until_99_percent(replies, killed) <= DATABASE_BACK
    for kind in KINDS:
        of_kind = [reply for reply in replies if reply.kind == kind]
        assert seconds_until_success(of_kind, killed) <= DATABASE_BACK, kind
    assert failures(reply for reply in replies if reply.sent > promoted + AFTER_DATABASE) == []


def written(replies: Sequence[Reply]) -> list[Reply]:
    return [reply for reply in replies if reply.kind in {"sign-in", "refresh", "exchange"}]


def note(note_figure: NoteFigure, event: str, replies: Sequence[Reply], since: float) -> None:
    after = [reply for reply in replies if reply.sent >= since]
    note_figure(f"{event}: requests after it, of them without an answer", f"{len(after)}, {len(failures(after))}")
    note_figure(f"{event}: until a write was acknowledged", f"{seconds_until_success(written(after), since):.2f} s")
    until = seconds_until_99_percent(replies, since)
    note_figure(f"{event}: until 99 of 100 were answered, in each quarter of a second from then on", f"{until:.2f} s")


def test_each_acknowledged_sign_in_is_there(storm: Storm) -> None:
    def check(first: Any, second: Any, held: Held) -> str:
        answers = [me(first, held).status, me(second, held).status, refresh(first, held, is_oauth=False).status]
        return "" if answers == [200, 200, 200] else f"{answers}"

    assert each(storm, storm.ledger.signed_in, check) == []


def test_each_acknowledged_refresh_token_has_one_successor_and_none_before_it_lives(storm: Storm) -> None:
    def check(first: Any, second: Any, chain: Chain) -> str:
        one, other = (refresh(line, chain.held, is_oauth=chain.is_oauth) for line in (first, second))
        if one.status != 200 or one.body.keys() != other.body.keys():
            return f"{one} {other}"
        successors = {pair_of(one).refresh, pair_of(other).refresh}
        if len(successors) != 1 or generation_of(successors.pop()) != generation_of(chain.held.refresh) + 1:
            return "two successors"
        stolen = refresh(second, chain.first, is_oauth=chain.is_oauth)
        after = refresh(first, pair_of(one), is_oauth=chain.is_oauth)
        return "" if stolen.status == after.status == (400 if chain.is_oauth else 401) else f"{stolen} {after}"

    alive = [chain for chain in storm.ledger.chains if not chain.is_over]
    assert alive
    assert each(storm, alive, check) == []


def test_each_acknowledged_sign_out_and_revocation_holds_at_both_nodes(storm: Storm) -> None:
    def signed_out(first: Any, second: Any, held: Held) -> str:
        answers = [
            ask.status for line in (first, second) for ask in (me(line, held), refresh(line, held, is_oauth=False))
        ]
        return "" if set(answers) == {401} else f"{answers}"

    def revoked(first: Any, second: Any, held: Held) -> str:
        at_both = [introspect(line, token).body for line in (first, second) for token in (held.access, held.refresh)]
        again = refresh(first, held, is_oauth=True)
        return "" if at_both == [{"active": False}] * 4 and again.status == 400 else f"{at_both} {again}"

    assert each(storm, storm.ledger.signed_out, signed_out) == []
    assert each(storm, storm.ledger.revoked, revoked) == []


def test_each_acknowledged_code_is_redeemed_once_and_its_tokens_live_until_it_is_tried_again(storm: Storm) -> None:
    def check(first: Any, second: Any, held: Held) -> str:
        alive = refresh(first, held, is_oauth=True)
        again = exchange(second, held.code, held.verifier)
        dead = refresh(second, held, is_oauth=True)
        answers = [alive.status, again.status, dead.status]
        return "" if answers == [200, 400, 400] else f"{answers}"

    assert each(storm, storm.ledger.exchanged, check) == []


def test_guesses_at_one_password_stay_within_their_limit(storm: Storm) -> None:
    judged = storm.ledger.judged
    seconds = storm.at["over"] - storm.at["begun"]
    assert SIGN_IN.free <= len(judged) <= SIGN_IN.free + 1 + log2(seconds + 1)


def test_guesses_from_one_address_stay_within_their_limit_without_redis(storm: Storm) -> None:
    minutes = 1 + (storm.at["sprayed"] - storm.at["redis away"]) // 60 + 1  # a window may end meanwhile
    seen = statuses(storm.sprayed)
    assert seen.keys() <= {401, 429}
    assert 0 < seen[401] <= SIGN_IN_BY_ADDRESS.attempts * PROCESSES * minutes, seen


def test_what_ends_at_one_node_is_refused_by_the_other(storm: Storm) -> None:
    first, second = storm.to_each_node()
    for _ in range(3):
        held = pair_of(sign_in(first, "person2"))
        assert me(second, held).status == 200
        assert sign_out(first, held).status == 204
        ended = asked = time.monotonic()
        while me(second, held).status == 200:
            assert asked - ended <= PROMISE
            time.sleep(0.02)
            asked = time.monotonic()
        assert {me(storm.line(), held).status for _ in range(4)} == {401}  # whichever the proxy asks


def test_the_job_workers_go_on_after_the_failover(storm: Storm) -> None:
    before = storm.cluster.delivered_mails()
    asked = storm.line().send(
        "mail", "POST", "/api/account/app/v1/auth/password/request", body={"email": "victor@example.com"}
    )
    assert asked.status == 200
    wait_until("no mail was delivered", lambda: storm.cluster.delivered_mails() > before, patience=20)
