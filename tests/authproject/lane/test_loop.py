"""The site in an event loop: each request apart from the others, written once, nothing blocked."""

import asyncio
import threading
import time
from functools import partial

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection, connections, transaction
from django.utils.translation import gettext
from granian.rsgi import ProtocolClosed

from accounts.models import Session, User
from authproject import logs
from authproject.lane import loop
from authproject.lane.routes import ROUTES, Route
from oauth.models import AccessToken, AuthorizationCode, ClientSession, PairwiseSubject, RefreshToken
from oauth.services import clients
from tests.authproject.lane.cases import api, introspect, token
from tests.authproject.lane.world import PARTICULAR
from tests.broken_database import broken_database
from tests.clients import SECRET, basic
from tests.lane import Asked, Django, Protocol, Scope, get, in_loop, post_form, through_loop, through_loop_in_turn
from trust.audit.models import AuditEvent
from trust.keys.ring import ring
from trust.lib import clock, fetch, locks
from trust.lib.cache import FallbackRedisCache
from trust.lib.wire import Response
from trust.revocation.feed import FeedUnreadable, feed
from trust.revocation.models import Revocation
from trust.tokens import refresh_token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_in_production")]


async def yielding(request):
    """Say the language and the id of the request, when many others had their turn."""
    before = logs.request_id.get(), gettext("This field is required.")
    for _ in range(20):
        await asyncio.sleep(0)
    assert before == (logs.request_id.get(), gettext("This field is required."))
    return Response(body={"id": before[0], "said": before[1]})


def test_fifty_at_once_keep_their_own_language_and_id(world, monkeypatch):
    monkeypatch.setitem(ROUTES, "/oauth/jwks", Route("jwks", yielding, frozenset({"GET"})))
    languages = [("ko", "필수 항목입니다."), ("en", "This field is required."), ("xx", "This field is required.")]
    wanted = [(f"request-{number}", *languages[number % 3]) for number in range(50)]
    outside = logs.request_id.get()
    answers = through_loop(*(get("/oauth/jwks", x_request_id=one, accept_language=tag) for one, tag, _ in wanted))

    for told, (request_id, tag, said) in zip(answers, wanted, strict=True):
        assert told.json() == {"id": told["X-Request-ID"], "said": said}
        assert (told["X-Request-ID"], told["Content-Language"]) == (request_id, "ko" if tag == "ko" else "en")
    assert logs.request_id.get() == outside


def test_requests_in_a_thread_keep_their_own_language_and_id(world):
    """Whoever is not known is looked up there."""
    asked = [
        api("verify", {"token": ""}, x_request_id=f"request-{number}", accept_language="ko" if number % 2 else "en")
        for number in range(20)
    ]
    asked += [one.by(cookie="a=b") for one in asked]
    for told, one in zip(through_loop(*asked), asked, strict=True):
        headers = dict(one.headers)
        said = "필수 항목입니다." if headers["accept-language"] == "ko" else "This field is required."
        assert told.json()["errors"] == {"token": [said]}
        assert told["X-Request-ID"] == headers["x-request-id"]


def written():
    """Count what exchanges write."""
    actions = AuditEvent.objects.values_list("action", flat=True)
    return {
        "used": AuthorizationCode.objects.exclude(used_at=None).count(),
        "refreshing": RefreshToken.objects.filter(revoked=None).count(),
        "issued": [*actions].count("grant.issued"),
        "ended": [*actions].count("grant.ended"),
        "revocations": Revocation.objects.count(),
    }


@pytest.mark.parametrize("client_id", PARTICULAR)
@pytest.mark.parametrize("origin", [None, "https://app.example"])
def test_a_code_is_exchanged_once_whatever_its_client_asks_for(client_id, origin, world):
    warm = token(authorization=basic(client_id, SECRET))
    asked = world.exchange(client_id)
    before, others = written(), [AccessToken.objects.count(), ClientSession.objects.count()]

    _, told = through_loop_in_turn(warm, asked.by(origin=origin) if origin else asked)

    assert told.status == 200, told.body
    one_more = {name: before[name] + 1 for name in ("used", "refreshing", "issued")}
    assert written() == before | one_more
    opaque = AccessToken.objects.count() - others[0]
    assert opaque == (2 if client_id == "opaque" else 0)  # that of the client itself came first
    assert ClientSession.objects.filter(client__client_id="told").count() <= 1
    assert PairwiseSubject.objects.count() <= 1
    row = RefreshToken.objects.get(application__client_id=client_id, grant=grant_of(told))
    assert row.generation == 1

    again, userinfo = through_loop_in_turn(
        world.refresh(client_id, token=told.json()["refresh_token"]),
        get("/oauth/userinfo", authorization=f"Bearer {told.json()['access_token']}"),
    )
    row.refresh_from_db()
    assert (again.status, userinfo.status, row.generation) == (200, 200, 2), (again.body, userinfo.body)
    assert written() == before | one_more


def grant_of(told):
    """Return the grant of a token response, by its refresh token's row."""
    row_id = refresh_token.unseal(told.json()["refresh_token"], now=clock.now()).row_id
    return RefreshToken.objects.get(pk=row_id).grant


def test_twenty_codes_at_once_are_exchanged_once_each(world):
    asked = [world.exchange(client_id) for client_id in PARTICULAR for _ in range(4)]
    before = written()

    answers = through_loop(*asked)

    assert [told.status for told in answers] == [200] * 20
    assert len({told.json()["refresh_token"] for told in answers}) == 20
    assert written() == before | {name: before[name] + 20 for name in ("used", "refreshing", "issued")}


def test_a_code_sent_twice_at_once_is_exchanged_once(world):
    asked = world.exchange()
    before = written()

    answers = through_loop(token(), asked, asked)

    assert sorted(told.status for told in answers) == [200, 200, 400]
    after = written()
    assert (after["used"], after["issued"]) == (before["used"] + 1, before["issued"] + 1)


@pytest.mark.parametrize("times", [2, 10])
def test_a_session_refreshed_many_times_at_once_lives_on(times, world):
    """Lost answers and several tabs: each gets the pair of the present generation, and nobody is called a thief."""
    asked = api("refresh", {"refresh": world.session_token()})

    answers = through_loop(*[asked] * times)

    assert [told.status for told in answers] == [200] * times
    assert Session.objects.get(pk=world.session.pk).ended_at is None


BLOCKING = {
    "the ORM": User.objects.count,
    "a transaction": lambda: transaction.atomic().__enter__(),
    "a cursor": connection.cursor,
    "Redis": lambda: FallbackRedisCache("redis://127.0.0.1:1", {}).get("a"),
    "another site": lambda: fetch.fetch("https://app.example/"),
    "the keys": lambda: ring.forget() or ring.jwks(),
    "the feed": lambda: feed.forget() or feed.refresh(),
    "a client": lambda: clients.memory.forget() or clients.find_known("app"),
}


@pytest.mark.parametrize("name", BLOCKING)
def test_what_would_block_the_loop_cannot_be_done_there(name, world):
    async def work():
        BLOCKING[name]()

    with pytest.raises(SynchronousOnlyOperation):
        asyncio.run(work())


@pytest.mark.postgresql
def test_a_lock_between_processes_cannot_be_waited_for_in_the_loop(world):
    async def work():
        locks.hold_until_commit("anything")

    with pytest.raises(SynchronousOnlyOperation):
        asyncio.run(work())


@pytest.mark.postgresql
def test_hot_requests_need_no_thread(world):
    """Once keys, revocations, clients and scopes are known, which one request of each kind sees to."""
    tokens = world.token_response()
    hot = [
        token(),
        world.exchange(),
        world.refresh(token=tokens["refresh_token"]),
        introspect(tokens["access_token"]),
        get("/oauth/userinfo", authorization=f"Bearer {tokens['access_token']}"),
        get("/oauth/jwks"),
        get("/.well-known/openid-configuration", origin="https://anybody.example"),
        api("verify", {"token": world.session_access()}),
        api("refresh", {"refresh": world.session_token()}),
    ]

    async def work(site):
        await site.asked(token())
        await site.asked(introspect("a.b.c"))
        await site.asked(api("verify", {"token": world.session_access()}))
        await site.asked(get("/.well-known/openid-configuration"))
        site.threads.asked = 0
        answers = await asyncio.gather(*map(site.asked, hot))
        return [told.status for told in answers], site.threads.asked

    assert in_loop(work) == ([200] * len(hot), 0)


HELD = {
    "a session": (Session, lambda world: api("refresh", {"refresh": world.session_token()})),
    "a refresh token": (RefreshToken, lambda world: world.refresh()),
    "a code": (AuthorizationCode, lambda world: world.exchange()),
}


def hold(rows, begun):
    """Lock rows for a while, in another thread's transaction."""
    try:
        with transaction.atomic():
            list(rows.select_for_update(no_key=True))
            begun.set()
            time.sleep(0.2)
    finally:
        connections.close_all()


@pytest.mark.postgresql
@pytest.mark.parametrize("name", HELD)
def test_what_somebody_else_holds_is_waited_for_in_a_thread(name, world):
    model, make = HELD[name]
    asked, begun = make(world), threading.Event()
    known = [token(), api("verify", {"token": world.session_access()})]
    holding = threading.Thread(target=hold, args=(model.objects.all(), begun))

    async def work(site):
        for one in known:
            await site.asked(one)
        site.threads.asked = 0
        holding.start()
        begun.wait(10)
        return (await site.asked(asked)).status, site.threads.asked

    assert in_loop(work) == (200, 1)
    holding.join()


async def ask_and_watch(asked, site, **protocol):
    watched = Protocol(asked.body, **protocol)
    await site.__rsgi__(Scope(asked), watched)
    return watched


@pytest.mark.parametrize("path", ["/oauth/token", "/accounts/login/", "/nowhere"])
@pytest.mark.parametrize("length", ["65537", "9" * 11, "9" * 40, "-1", "abc", "²"])
def test_a_body_that_is_too_long_or_says_no_length_is_never_read(path, length, world):
    asked = post_form(path, {"a": "b"}).by(content_length=length)
    watched = in_loop(partial(ask_and_watch, asked))

    assert watched.reads == 0
    assert [told.status for told in watched.answers] == [400 if length in {"-1", "abc", "²"} else 413]


def test_a_request_without_a_body_waits_for_none(world):
    watched = in_loop(partial(ask_and_watch, get("/oauth/jwks")))
    assert (watched.reads, len(watched.answers)) == (0, 1)


def test_whoever_goes_before_the_body_came_is_not_answered_and_writes_nothing(world):
    asked, before = world.exchange(), written()
    watched = in_loop(partial(ask_and_watch, asked, broken_by=ProtocolClosed()))

    assert (watched.reads, watched.answers) == (1, [])
    assert written() == before


def test_a_request_that_django_answers_is_given_to_it_as_it_came(world):
    asked = Asked("/accounts/login/", query="next=/").by(accept_language="ko", cookie="a=b")
    (told,) = through_loop(asked)

    assert (told.status, told.by_django, told["Content-Language"]) == (200, True, "ko")


def test_the_revocations_are_read_while_somebody_asks(world, monkeypatch):
    monkeypatch.setattr(loop, "_LOOK_EVERY", 0.02)

    async def work(site):
        feed.refresh_after = 60
        site.__rsgi_init__(asyncio.get_running_loop())
        await asyncio.sleep(0.1)
        idle = feed.age()
        await site.asked(get("/oauth/jwks"))
        await asyncio.sleep(0.3)
        asked = feed.age()
        (task,) = site._tasks
        is_alive = not task.done()
        task.cancel()
        return idle, asked, is_alive

    feed.forget()
    idle, asked, is_alive = in_loop(work)
    assert idle == float("inf")
    assert asked < 0.5
    assert is_alive


def test_revocations_that_cannot_be_read_do_not_end_the_looking(world, monkeypatch):
    monkeypatch.setattr(loop, "_LOOK_EVERY", 0.02)

    async def work(site):
        site.__rsgi_init__(asyncio.get_running_loop())
        site._asked = True
        await asyncio.sleep(0.3)
        (task,) = site._tasks
        is_alive = not task.done()
        task.cancel()
        return is_alive

    feed.forget()
    with broken_database():
        assert in_loop(work, Django())
        with pytest.raises(FeedUnreadable):
            feed.refresh()
