"""The revocation feed: what is revoked is refused by every process, and never a pass when it cannot be known."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from tests.broken_database import broken_database
from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.revocation.conf import FULL_RELOAD_SECONDS, OVERLAP, REVOCATION_MAX_STALENESS
from trust.revocation.feed import Feed, FeedUnreadable
from trust.revocation.models import Kind, Revocation
from trust.revocation.revoke import revoke
from trust.tokens.access_token import AccessToken

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def token(issued_at=None, **named) -> AccessToken:
    defaults = {
        "subject": "person",
        "client_id": "client",
        "scope": (),
        "grant": "grant",
        "audience": "http://testserver",
        "session_id": "session",
        "jti": "jti",
        "issued_at": issued_at or clock.now() - SECOND,
    }
    return AccessToken(**(defaults | named))


NAMES = [
    (Kind.TOKEN, "jti"),
    (Kind.GRANT, "grant"),
    (Kind.SESSION, "session"),
    (Kind.CLIENT, "client"),
    (Kind.USER, "person"),
]


@pytest.fixture
def feed():
    """A process of its own that reads at every question."""
    return Feed(refresh_after=0)


@pytest.mark.parametrize(("kind", "key"), NAMES)
def test_a_revocation_kills_what_it_names(feed, kind, key):
    assert not feed.is_revoked(token())
    revoke(kind, key)
    assert feed.is_revoked(token())


@pytest.mark.parametrize(("kind", "key"), NAMES)
def test_a_revocation_leaves_all_else(feed, kind, key):
    revoke(kind, f"other-{key}")
    for other in set(Kind) - {kind}:
        revoke(other, f"not-{key}")
    assert not feed.is_revoked(token())


def test_one_kind_never_kills_by_the_name_of_another(feed):
    revoke(Kind.CLIENT, "person")
    revoke(Kind.USER, "client")
    assert not feed.is_revoked(token())


def test_a_token_issued_after_the_revocation_is_fine(feed):
    revoke(Kind.USER, "person")
    revoked_at = Revocation.objects.get().revoked_at
    assert feed.is_revoked(token(revoked_at))
    assert feed.is_revoked(token(revoked_at - SECOND / 1000))
    assert not feed.is_revoked(token(revoked_at + SECOND / 1000))


def test_the_newest_of_several_revocations_counts(feed):
    for ago in (5, 60, 30):
        Revocation.objects.create(
            kind=Kind.USER,
            key="person",
            revoked_at=DatabaseNow(-ago * SECOND),
            expires_at=DatabaseNow(timedelta(hours=1)),
        )
    assert feed.is_revoked(token(clock.now() - 10 * SECOND))
    assert not feed.is_revoked(token(clock.now() - SECOND))


def test_a_token_without_a_session_is_not_killed_by_anothers(feed):
    revoke(Kind.SESSION, "None")
    revoke(Kind.SESSION, "")
    assert not feed.is_revoked(token(session_id=None))


def test_a_token_whose_time_is_unknown_counts_as_old(feed):
    revoke(Kind.USER, "person")
    assert feed.is_revoked(AccessToken(subject="person", client_id="c", scope=(), grant="g", audience="a"))


@pytest.mark.django_db(transaction=True)
def test_the_own_process_knows_at_the_commit_and_not_before():
    from trust.revocation.feed import feed as own

    own.refresh_after = 3600
    assert not own.is_revoked(token())
    with transaction.atomic():
        revoke(Kind.USER, "person")
        assert not own.is_revoked(token())
    assert own.is_revoked(token())


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing():
    from trust.revocation.feed import feed as own

    own.is_revoked(token())
    with transaction.atomic():
        revoke(Kind.USER, "person")
        transaction.set_rollback(True)
    assert not own.is_revoked(token())
    assert not Feed(refresh_after=0).is_revoked(token())
    assert not Revocation.objects.exists()


def test_a_copy_that_is_fresh_enough_is_not_read_again(django_assert_num_queries):
    feed = Feed(refresh_after=60)
    feed.is_revoked(token())
    with django_assert_num_queries(0):
        for _ in range(10):
            feed.is_revoked(token())


def test_another_process_knows_after_its_next_reading():
    feed = Feed(refresh_after=60)
    assert not feed.is_revoked(token())
    revoke(Kind.USER, "person")
    assert not feed.is_revoked(token())
    feed._read_at -= 60
    assert feed.is_revoked(token())


def test_a_reading_asks_for_new_entries_alone():
    feed = Feed(refresh_after=0)
    for number in range(3):
        Revocation.objects.create(
            kind=Kind.TOKEN,
            key=str(number),
            revoked_at=DatabaseNow(-2 * OVERLAP),
            expires_at=DatabaseNow(timedelta(hours=1)),
        )
    revoke(Kind.TOKEN, "newest")
    feed.is_revoked(token())
    with CaptureQueriesContext(connections["default"]) as queries:
        feed.is_revoked(token())
    [query] = queries.captured_queries
    with connections["default"].cursor() as cursor:
        cursor.execute(query["sql"])
        assert [row[1] for row in cursor.fetchall()] == ["newest"]


def test_the_overlap_catches_an_entry_that_was_committed_late(feed):
    """Its stamp is older than what was read already: its transaction took long."""
    revoke(Kind.TOKEN, "newer")
    assert not feed.is_revoked(token(clock.now() - timedelta(minutes=1)))
    Revocation.objects.create(
        kind=Kind.USER,
        key="person",
        revoked_at=DatabaseNow(-OVERLAP + 2 * SECOND),
        expires_at=DatabaseNow(timedelta(hours=1)),
    )
    assert feed.is_revoked(token(clock.now() - timedelta(minutes=1)))


def test_a_full_reload_catches_what_even_the_overlap_missed(feed):
    revoke(Kind.TOKEN, "newer")
    old = token(clock.now() - timedelta(minutes=10))
    assert not feed.is_revoked(old)
    Revocation.objects.create(
        kind=Kind.USER,
        key="person",
        revoked_at=DatabaseNow(-2 * OVERLAP),
        expires_at=DatabaseNow(timedelta(hours=1)),
    )
    assert not feed.is_revoked(old)
    feed._full_read_at -= FULL_RELOAD_SECONDS
    assert feed.is_revoked(old)


def test_a_full_reload_drops_what_expired(feed):
    for number in range(5):
        revoke(Kind.TOKEN, str(number))
    feed.refresh()
    assert len(feed._entries) == 5
    Revocation.objects.update(expires_at=DatabaseNow(-SECOND))
    revoke(Kind.TOKEN, "kept")
    feed.refresh()
    assert len(feed._entries) == 6
    feed._full_read_at -= FULL_RELOAD_SECONDS
    feed.refresh()
    assert list(feed._entries) == [(Kind.TOKEN, "kept")]


def test_an_entry_outlives_every_token_that_it_could_meet():
    from trust.revocation.conf import ENTRY_LIFETIME
    from trust.tokens.conf import ACCESS_TOKEN_LIFETIME, CLOCK_LEEWAY_SECONDS

    revoke(Kind.USER, "person")
    entry = Revocation.objects.get()
    assert abs(entry.expires_at - entry.revoked_at - ENTRY_LIFETIME) < SECOND
    assert ENTRY_LIFETIME > ACCESS_TOKEN_LIFETIME + 2 * CLOCK_LEEWAY_SECONDS * SECOND


@pytest.mark.django_db(transaction=True)
def test_an_unreadable_database_is_forgiven_for_five_seconds_and_then_nothing_passes():
    feed = Feed(refresh_after=1)
    revoke(Kind.USER, "other")
    assert not feed.is_revoked(token())
    with broken_database():
        feed._read_at -= REVOCATION_MAX_STALENESS / 2
        assert not feed.is_revoked(token())
        assert feed.is_revoked(token(subject="other"))
        feed._read_at -= REVOCATION_MAX_STALENESS / 2
        with pytest.raises(FeedUnreadable):
            feed.is_revoked(token())
        with pytest.raises(FeedUnreadable):
            feed.is_revoked(token(subject="other"))
    feed._failed_at -= 1
    assert not feed.is_revoked(token())


@pytest.mark.django_db(transaction=True)
def test_a_process_that_never_read_passes_nothing():
    with broken_database(), pytest.raises(FeedUnreadable):
        Feed().is_revoked(token())


@pytest.mark.django_db(transaction=True)
def test_an_unreadable_database_is_not_asked_at_every_question(caplog):
    feed = Feed(refresh_after=0)
    feed.refresh()
    with broken_database():
        for _ in range(50):
            feed.refresh()
    assert len([entry for entry in caplog.records if "unreadable" in entry.message]) == 1


@pytest.mark.django_db(transaction=True)
def test_one_thread_reads_while_the_others_go_on():
    feed = Feed(refresh_after=0)
    feed.refresh()
    answered = []
    with feed._lock:  # as a thread that reads holds it
        asking = threading.Thread(target=lambda: answered.append(feed.is_revoked(token())))
        asking.start()
        asking.join(timeout=5)
        assert answered == [False]


@pytest.mark.django_db(transaction=True)
def test_a_copy_too_old_to_share_is_waited_for():
    feed = Feed(refresh_after=1)
    feed.refresh()
    revoke(Kind.USER, "person")
    feed._read_at -= 3
    answered = []

    def ask():
        answered.append(feed.is_revoked(token()))
        connections.close_all()

    feed._lock.acquire()
    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(timeout=0.2)
    assert answered == []
    feed._lock.release()
    asking.join(timeout=5)
    assert answered == [True]


def test_kinds_are_known_to_the_database():
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), transaction.atomic():
        Revocation.objects.create(
            kind="planet", key=str(uuid.uuid4()), revoked_at=DatabaseNow(), expires_at=DatabaseNow()
        )
