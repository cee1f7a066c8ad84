"""Bound tokens in the event loop: nothing is used twice because a request was begun anew in a thread."""

import pytest
from django.core.cache import caches

from tests.clients import make_client
from tests.dpop import USERINFO_URL, BoundApplication
from tests.lane import Asked, get, post_form, through_loop, through_loop_in_turn
from tests.redis_server import BINARY, RedisServer

pytestmark = pytest.mark.django_db(transaction=True)
needs_redis = pytest.mark.skipif(BINARY is None, reason="needs Redis: apt install redis-server")
IN_PROCESS = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(params=["database", pytest.param("redis", marks=needs_redis)])
def place(request, settings, tmp_path):
    """Where used proofs are remembered."""
    settings.CACHES = IN_PROCESS
    if request.param == "database":
        yield request.param
        return
    with RedisServer(tmp_path) as server:
        there = {"BACKEND": "trust.lib.cache.FallbackRedisCache", "OPTIONS": {"socket_timeout": 0.25}}
        settings.CACHES = {"default": there | {"LOCATION": server.url}}
        yield request.param
        caches.close_all()


@pytest.fixture
def bound(person) -> BoundApplication:
    program = BoundApplication(make_client())
    program.sign_in()
    return program


def asking(bound: BoundApplication, token: str) -> Asked:
    proof = bound.key.proof("GET", USERINFO_URL, token=token)
    return get("/oauth/userinfo", authorization=f"DPoP {token}", dpop=proof)


def test_userinfo_takes_each_of_many_proofs_once(place, bound):
    token = bound.tokens()["access_token"]
    asked = [asking(bound, token) for _ in range(12)]
    answers = through_loop(*asked, *asked)
    assert sorted(told.status for told in answers) == [200] * 12 + [401] * 12


def test_userinfo_of_an_opaque_token_is_begun_in_a_thread_before_the_proof_is_used(place, person):
    program = BoundApplication(make_client(access_token_format="opaque"))
    program.sign_in()
    asked = asking(program, program.tokens()["access_token"])
    assert [told.status for told in through_loop_in_turn(asked, asked)] == [200, 401]


def test_a_token_request_with_a_proof_is_answered_once(place, bound):
    """It is answered in a thread, whatever follows; of the same proof twice, the second is refused."""
    form = {"grant_type": "client_credentials", "scope": "read", "client_id": "app", "client_secret": bound.secret}
    asked = post_form("/oauth/token", form, dpop=bound.key.proof())
    first, second = through_loop_in_turn(asked, asked)
    assert (first.status, first.json()["token_type"]) == (200, "DPoP")
    assert (second.status, second.json()["error"]) == (400, "invalid_dpop_proof")


def test_a_code_is_exchanged_with_a_proof(place, bound):
    form = {"grant_type": "authorization_code", "code": bound.code(), "redirect_uri": bound.redirect_uri}
    form |= {"code_verifier": bound.verifier, "client_id": "app", "client_secret": bound.secret}
    (told,) = through_loop(post_form("/oauth/token", form, dpop=bound.key.proof()))
    assert (told.status, told.json()["token_type"]) == (200, "DPoP")


def test_a_program_that_sends_two_proofs_is_refused_by_django_behind_the_loop(place, bound):
    token = bound.tokens()["access_token"]
    asked = asking(bound, token)
    twice = asked.but(headers=(*asked.headers, ("dpop", bound.key.proof("GET", USERINFO_URL, token=token))))
    (told,) = through_loop(twice)
    assert (told.status, told.json()["error"]) == (401, "invalid_dpop_proof")
