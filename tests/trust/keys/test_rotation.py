"""Rotation by dates: published an hour before it signs, kept as long as it is needed, made once whatever races."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.at_once import at_once
from trust.audit.models import AuditEvent
from trust.keys import jws
from trust.keys.conf import (
    PUBLISH_AFTER_SIGNING,
    PUBLISH_BEFORE_SIGNING,
    ROTATE_BEFORE_END,
    SIGNING_PERIOD,
    VERIFY_REFRESH_AFTER_SIGNING,
)
from trust.keys.models import Algorithm, SigningKey
from trust.keys.ring import KeyRing
from trust.keys.rotation import ensure_keys, replace_all, rotate, rotate_due
from trust.lib import clock
from trust.tokens.conf import ACCESS_TOKEN_LIFETIME, REFRESH_TOKEN_LIFETIME

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def signing(now, algorithm=Algorithm.ES256) -> list[str]:
    return [key.kid for key in SigningKey.objects.of(algorithm) if key.signs_from <= now < key.signs_until]


def begin(now=None, *, old=timedelta(0)):
    """Start with one set of keys, made `old` ago."""
    now = now or clock.now()
    SigningKey.objects.all().delete()
    ensure_keys(now=now - old)
    return now


def test_start_up_makes_one_key_of_each_algorithm_that_signs_at_once():
    now = clock.now()
    SigningKey.objects.all().delete()
    made = ensure_keys(now=now)
    assert sorted(key.algorithm for key in made) == sorted(Algorithm.values)
    assert KeyRing().can_sign(now)


def test_start_up_again_makes_none():
    now = begin()
    assert ensure_keys(now=now) == []
    assert ensure_keys(now=now + timedelta(days=1)) == []
    assert SigningKey.objects.count() == len(Algorithm)


def test_start_up_makes_what_is_missing_alone():
    now = begin()
    SigningKey.objects.of(Algorithm.EDDSA).delete()
    assert [key.algorithm for key in ensure_keys(now=now)] == [Algorithm.EDDSA]


@pytest.mark.django_db(transaction=True)
def test_start_up_of_many_at_once_makes_one_set():
    SigningKey.objects.all().delete()
    now = clock.now()
    at_once(4, lambda: ensure_keys(now=now))
    assert sorted(key.algorithm for key in SigningKey.objects.all()) == sorted(Algorithm.values)


@pytest.mark.spec("OpenID Connect Core", "10.1.1")
def test_the_next_key_is_published_before_it_signs():
    now = begin()
    [old] = signing(now)
    new = next(key for key in rotate(now=now) if key.algorithm == Algorithm.ES256)
    ring = KeyRing()
    assert new.kid in {key["kid"] for key in ring.jwks()["keys"]}
    handover = now + PUBLISH_BEFORE_SIGNING
    assert signing(now) == signing(handover - SECOND) == [old]
    assert signing(handover) == [new.kid]
    assert signing(now + SIGNING_PERIOD) == [new.kid]


def test_tokens_of_the_last_key_verify_after_the_rotation():
    now = begin()
    ring = KeyRing()
    tokens = {a: ring.sign({"n": 1}, typ="at+jwt", algorithm=a, now=now) for a in Algorithm}
    rotate(now=now, immediately=True)
    after = KeyRing()
    for algorithm, token in tokens.items():
        assert after.verify(token, typ="at+jwt", algorithms=[algorithm]) == {"n": 1}
        assert after.sign({}, typ="at+jwt", algorithm=algorithm, now=clock.now()).split(".")[0] != token.split(".")[0]


def test_a_key_is_kept_as_long_as_anything_that_it_signed():
    now = begin()
    rotate(now=now)
    for key in SigningKey.objects.all():
        kept = key.published_until - key.signs_until
        expected = VERIFY_REFRESH_AFTER_SIGNING if key.algorithm == Algorithm.HS256 else PUBLISH_AFTER_SIGNING
        assert kept == expected
    assert VERIFY_REFRESH_AFTER_SIGNING > REFRESH_TOKEN_LIFETIME
    assert PUBLISH_AFTER_SIGNING > ACCESS_TOKEN_LIFETIME


def test_two_rotations_in_a_row_make_one_key():
    now = begin()
    assert len(rotate(now=now)) == len(Algorithm)
    assert rotate(now=now + SECOND) == []


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_make_one_key():
    now = begin()
    made = at_once(2, lambda: len(rotate(now=now)))
    assert sorted(made) == [0, len(Algorithm)]
    assert SigningKey.objects.of(Algorithm.ES256).count() == 2
    assert len(signing(now)) == len(signing(now + PUBLISH_BEFORE_SIGNING)) == 1


def test_after_a_leak_the_next_key_signs_at_once():
    now = begin()
    [old] = signing(now)
    rotate(now=now, immediately=True)
    [new] = signing(now)
    assert new != old


def test_after_a_leak_a_key_that_waits_never_signs():
    now = begin()
    waiting = next(key.kid for key in rotate(now=now) if key.algorithm == Algorithm.ES256)
    rotate(now=now + SECOND, immediately=True)
    for moment in (now + SECOND, now + PUBLISH_BEFORE_SIGNING, now + SIGNING_PERIOD - SECOND):
        assert len(signing(moment)) == 1
        assert waiting not in signing(moment)


def test_after_a_leak_nothing_that_the_old_keys_signed_is_believed():
    now = begin(old=timedelta(days=1))
    rotate(now=now)
    ring = KeyRing()
    stolen = ring.sign({"sub": "x"}, typ="at+jwt", algorithm=Algorithm.ES256, now=now)
    made = replace_all(now=now)
    assert set(SigningKey.objects.all()) == set(made)
    ring.forget()
    with pytest.raises(jws.InvalidToken):
        ring.verify(stolen, typ="at+jwt", algorithms=[Algorithm.ES256])
    assert ring.can_sign(now)
    assert AuditEvent.objects.of_action("signing_key.deleted").count() == 2 * len(Algorithm)


def test_a_rotation_close_to_the_end_leaves_no_time_without_a_key():
    end = timedelta(minutes=10)
    now = begin(old=SIGNING_PERIOD - end)
    rotate(now=now)
    for moment in (now, now + end - SECOND, now + end, now + PUBLISH_BEFORE_SIGNING, now + timedelta(days=90)):
        assert len(signing(moment)) == 1


def test_a_rotation_after_the_end_makes_keys_that_sign_at_once():
    now = begin(old=SIGNING_PERIOD + timedelta(days=10))
    assert signing(now) == []
    rotate_due(now=now)
    assert all(len(signing(now, algorithm)) == 1 for algorithm in Algorithm)


def test_housekeeping_rotates_when_the_end_comes_near_and_once():
    now = begin()
    assert rotate_due(now=now) == []
    near = now + SIGNING_PERIOD - ROTATE_BEFORE_END
    assert rotate_due(now=near - SECOND) == []
    assert len(rotate_due(now=near)) == len(Algorithm)
    assert rotate_due(now=near + SECOND) == []
    assert rotate_due(now=near + timedelta(days=1)) == []


def test_year_after_year_each_moment_has_one_signing_key():
    now = begin()
    for day in range(0, 800, 5):
        moment = now + timedelta(days=day)
        rotate_due(now=moment)
        assert len(signing(moment)) == 1
    assert SigningKey.objects.of(Algorithm.ES256).count() < 12


def test_kids_are_unique_by_the_database():
    begin()
    key = SigningKey.objects.first()
    key.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        key.save(force_insert=True)


def test_dates_out_of_order_are_refused_by_the_database():
    begin()
    key = SigningKey.objects.first()
    key.signs_until = key.signs_from - SECOND
    with pytest.raises(IntegrityError), transaction.atomic():
        key.save()


def test_each_new_key_is_audited_without_its_secret():
    begin()
    events = AuditEvent.objects.of_action("signing_key.created")
    assert {event.details["kid"] for event in events} >= set(SigningKey.objects.values_list("kid", flat=True))
    assert all(set(event.details) == {"kid", "alg"} for event in events)


@pytest.mark.django_db(transaction=True)
def test_this_process_knows_its_own_new_key_at_once():
    from trust.keys.ring import ring

    now = begin()
    before = ring.sign({}, typ="at+jwt", algorithm=Algorithm.ES256, now=now)
    rotate(now=now, immediately=True)
    after = ring.sign({}, typ="at+jwt", algorithm=Algorithm.ES256, now=now)
    assert jws.parse(before).kid != jws.parse(after).kid
