"""That a proof is used once, wherever it is remembered."""

import asyncio

import pytest
from django.core.cache import cache, caches

from tests.at_once import at_once as in_threads
from tests.dpop import TOKEN_URL, ProofKey
from tests.redis_server import BINARY, RedisServer
from tests.shared_statements import in_loop
from trust.dpop import check, nonces
from trust.dpop.conf import REMEMBERED_SECONDS
from trust.dpop.errors import NonceNeeded, ProofRefused
from trust.dpop.models import UsedProof
from trust.dpop.nonces import Place
from trust.dpop.proof import Presented
from trust.explain.vocabulary import Found
from trust.lib import clock
from trust.lib.waiting import at_once

KEY = ProofKey()
needs_redis = pytest.mark.skipif(BINARY is None, reason="needs Redis: apt install redis-server")
IN_PROCESS = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def database(db, settings) -> None:
    """A deployment without Redis."""
    settings.CACHES = IN_PROCESS


@pytest.fixture
def redis(db, tmp_path, settings):
    with RedisServer(tmp_path) as server:
        settings.CACHES = {
            "default": {
                "BACKEND": "trust.lib.cache.FallbackRedisCache",
                "LOCATION": server.url,
                "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
            }
        }
        yield server
        caches.close_all()


async def take(proof: str) -> check.Usable:
    now = clock.now()
    usable = check.checked(Presented(proof, "POST", TOKEN_URL), now=now)
    await check.use(usable, now=now)
    return usable


def outcome(proof: str) -> str:
    """Return what came of a proof: taken, the place whose nonce is asked for, or why it was refused."""
    try:
        at_once(take(proof))
    except NonceNeeded as needed:
        place = nonces.place_of(needed.nonce, now=clock.now())
        assert place
        return f"nonce of the {place.value}"
    except ProofRefused as refused:
        return str(refused.finding.found)
    return "taken"


def with_nonce(place: Place, **claims) -> str:
    return KEY.proof(nonce=nonces.fresh(place, now=clock.now()), **claims)


@pytest.mark.spec("RFC 9449", "11.1")
def test_a_proof_is_used_once_in_the_database(database) -> None:
    proof = KEY.proof(jti="one")
    assert [outcome(proof), outcome(proof)] == ["taken", Found.DPOP_USED]
    row = UsedProof.objects.get()
    left = (row.forget_at - clock.now()).total_seconds()
    assert REMEMBERED_SECONDS - 10 < left < REMEMBERED_SECONDS + 10


@needs_redis
@pytest.mark.spec("RFC 9449", "11.1")
def test_a_proof_is_used_once_in_redis_and_the_database_is_not_asked(redis, django_assert_num_queries) -> None:
    proof = KEY.proof(jti="one")
    with django_assert_num_queries(0):
        assert [outcome(proof), outcome(proof)] == ["taken", Found.DPOP_USED]


def test_a_jti_is_good_once_for_each_key(database) -> None:
    assert outcome(KEY.proof(jti="one")) == "taken"
    assert outcome(KEY.proof(jti="one", iat=int(clock.now().timestamp()) - 5)) == Found.DPOP_USED
    assert outcome(ProofKey(kid="another").proof(jti="one")) == "taken"


def test_nothing_of_the_proof_stands_in_the_database(database) -> None:
    outcome(KEY.proof(jti="a jti that names a person"))
    assert "person" not in str(UsedProof.objects.values().get())


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_taken_in_the_database(settings) -> None:
    settings.CACHES = IN_PROCESS
    proof = KEY.proof()
    assert sorted(in_threads(8, lambda: outcome(proof))) == [Found.DPOP_USED] * 7 + ["taken"]


@needs_redis
def test_of_many_at_once_one_is_taken_in_redis(redis) -> None:
    proof = KEY.proof()
    assert sorted(in_threads(20, lambda: outcome(proof))) == [Found.DPOP_USED] * 19 + ["taken"]


async def _together(proofs: list[str]) -> list[bool]:
    outcomes = await asyncio.gather(*map(take, proofs), return_exceptions=True)
    assert all(isinstance(one, check.Usable | ProofRefused) for one in outcomes), outcomes
    return [isinstance(one, check.Usable) for one in outcomes]


@needs_redis
def test_of_many_in_an_event_loop_each_is_taken_once_in_redis(redis) -> None:
    proofs = [KEY.proof() for _ in range(30)]
    taken = in_loop(lambda: _together(proofs + proofs))
    assert (sum(taken), sum(taken[:30])) == (30, 30)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_in_an_event_loop_each_is_taken_once_in_the_database(settings) -> None:
    settings.CACHES = IN_PROCESS
    proofs = [KEY.proof() for _ in range(30)]
    taken = in_loop(lambda: _together(proofs + proofs))
    assert sum(taken) == 30
    assert outcome(proofs[0]) == Found.DPOP_USED


@needs_redis
def test_without_redis_a_proof_needs_a_nonce_of_the_database(redis) -> None:
    used = KEY.proof()
    assert outcome(used) == "taken"
    redis.kill()
    assert outcome(used) == "nonce of the database"
    assert outcome(KEY.proof()) == "nonce of the database"
    assert outcome(with_nonce(Place.CACHE)) == "nonce of the database"
    proof = with_nonce(Place.DATABASE)
    assert [outcome(proof), outcome(proof)] == ["taken", Found.DPOP_USED]


@needs_redis
def test_a_proof_that_the_database_remembers_is_not_taken_by_redis_when_it_is_back(redis) -> None:
    """Nor by a process that reaches Redis, while another does not."""
    redis.kill()
    proof = with_nonce(Place.DATABASE)
    assert outcome(proof) == "taken"
    redis.start()
    assert outcome(proof) == Found.DPOP_USED


@needs_redis
def test_the_next_nonce_is_of_where_proofs_are_remembered_now(redis) -> None:
    def next_place(proof: str) -> Place | None:
        return nonces.place_of(at_once(take(proof)).next_nonce, now=clock.now())

    assert next_place(with_nonce(Place.CACHE)) is Place.CACHE
    assert next_place(with_nonce(Place.DATABASE)) is Place.CACHE
    redis.kill()
    outcome(KEY.proof())
    assert next_place(with_nonce(Place.DATABASE)) is Place.DATABASE


def test_who_sends_no_nonce_is_given_none(database) -> None:
    assert at_once(take(KEY.proof())).next_nonce == ""


@pytest.mark.spec("RFC 9449", "8")
def test_a_nonce_that_is_not_good_now_is_refused_though_none_is_demanded(database) -> None:
    assert outcome(KEY.proof(nonce="nonsense")) == "nonce of the database"
    assert outcome(KEY.proof(nonce="")) == "taken"


@pytest.mark.spec("RFC 9449", "8")
def test_where_nonces_are_demanded_a_proof_has_one(database, settings) -> None:
    settings.DPOP_NONCE = "required"
    assert outcome(KEY.proof()) == "nonce of the database"
    assert outcome(with_nonce(Place.DATABASE)) == "taken"


def test_a_proof_that_waits_for_a_nonce_is_not_used(database, settings) -> None:
    settings.DPOP_NONCE = "required"
    outcome(KEY.proof(jti="one"))
    assert UsedProof.objects.count() == 0
    assert outcome(with_nonce(Place.DATABASE, jti="one")) == "taken"


def test_a_nonce_of_redis_is_no_way_around_a_deployment_without_it(database) -> None:
    assert outcome(with_nonce(Place.CACHE)) == "nonce of the database"


def test_the_cache_of_a_process_remembers_no_proof(database) -> None:
    outcome(KEY.proof())
    assert cache.get("dpop") is None
    assert UsedProof.objects.count() == 1


def test_old_rows_are_cleared(database) -> None:
    outcome(KEY.proof())
    assert UsedProof.objects.forgotten(clock.now()).count() == 0
    later = clock.from_epoch(clock.now().timestamp() + REMEMBERED_SECONDS + 1)
    assert UsedProof.objects.forgotten(later).count() == 1
