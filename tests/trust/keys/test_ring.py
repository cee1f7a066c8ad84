"""The key ring of a process: it signs with today's key and verifies with every key that may still be met."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.broken_database import broken_database
from trust.keys import jws
from trust.keys.jwk import generate, seal_private
from trust.keys.models import PUBLISHED, Algorithm, SigningKey
from trust.keys.ring import InvalidToken, KeyRing, NoSigningKey
from trust.keys.rotation import ensure_keys, rotate
from trust.lib import clock

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ES256, HS256 = Algorithm.ES256, Algorithm.HS256


def kid_of(token: str) -> str:
    return jws.parse(token).kid


def sign(ring: KeyRing, algorithm=ES256, now=None) -> str:
    return ring.sign({"n": 1}, typ="at+jwt", algorithm=algorithm, now=now or clock.now())


def verify(ring: KeyRing, token: str, algorithms=(ES256,)):
    return ring.verify(token, typ="at+jwt", algorithms=list(algorithms))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_verifies_what_it_signed_and_so_does_another_process(algorithm):
    token = sign(KeyRing(), algorithm)
    assert verify(KeyRing(), token, [algorithm]) == {"n": 1}


@pytest.mark.spec("RFC 8725", "3.1")
def test_the_caller_says_which_algorithms_it_takes():
    token = sign(KeyRing(), HS256)
    with pytest.raises(InvalidToken):
        verify(KeyRing(), token, [ES256])
    with pytest.raises(InvalidToken):
        verify(KeyRing(), token, [])


def test_a_kid_of_one_key_with_the_signature_of_another_is_refused():
    ring = KeyRing()
    by_algorithm = {algorithm: kid_of(sign(ring, algorithm)) for algorithm in Algorithm}
    stranger = generate(ES256)
    forged = jws.sign({"n": 1}, key=stranger, algorithm="ES256", kid=by_algorithm[ES256], typ="at+jwt")
    with pytest.raises(InvalidToken):
        verify(ring, forged)
    confused = jws.sign({"n": 1}, key=stranger, algorithm="ES256", kid=by_algorithm[HS256], typ="at+jwt")
    with pytest.raises(InvalidToken):
        verify(ring, confused, Algorithm)


@pytest.mark.parametrize("kid", ["", "unknown", "../../etc/passwd", "' OR 1=1 --", "a\x00b", "x" * 4000])
def test_an_unknown_kid_is_refused(kid):
    token = jws.sign({"n": 1}, key=generate(ES256), algorithm="ES256", kid=kid, typ="at+jwt")
    with pytest.raises(InvalidToken):
        verify(KeyRing(), token)


def test_reads_the_database_once_and_then_keeps_the_keys():
    ring = KeyRing()
    sign(ring)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(5):
            verify(ring, sign(ring))
    assert len(queries) == 0


def test_a_key_made_by_another_process_is_known_within_a_second():
    mine, other = KeyRing(), KeyRing()
    sign(mine)
    rotate(now=clock.now(), immediately=True)
    token = sign(other)
    mine._read_at = other._read_at  # making keys may take a second
    with pytest.raises(InvalidToken):
        verify(mine, token)
    mine._read_at -= 1
    assert verify(mine, token) == {"n": 1}


def test_unknown_kids_do_not_make_the_database_work_for_each():
    ring = KeyRing()
    sign(ring)
    token = jws.sign({}, key=generate(ES256), algorithm="ES256", kid="unknown", typ="at+jwt")
    ring._read_at -= 1
    with CaptureQueriesContext(connection) as queries:
        for _ in range(20):
            with pytest.raises(InvalidToken):
                verify(ring, token)
    assert len(queries) == 1


def test_the_ring_is_read_anew_each_minute():
    ring = KeyRing()
    sign(ring)
    rotate(now=clock.now(), immediately=True)
    ring._read_at -= 60
    assert SigningKey.objects.get(kid=kid_of(sign(ring))).signs_from > clock.now() - HOUR / 60


def test_a_key_signs_from_its_date_to_its_date():
    now = clock.now()
    [key] = [key for key in SigningKey.objects.of(ES256) if key.signs_from <= now < key.signs_until]
    ring = KeyRing()
    assert kid_of(sign(ring, now=key.signs_from)) == key.kid
    assert kid_of(sign(ring, now=key.signs_until - timedelta(seconds=1))) == key.kid
    for moment in (key.signs_from - timedelta(seconds=1), key.signs_until):
        with pytest.raises(NoSigningKey):
            sign(ring, now=moment)


def test_tells_whether_every_algorithm_can_sign():
    now = clock.now()
    assert KeyRing().can_sign(now)
    SigningKey.objects.of(HS256).delete()
    assert not KeyRing().can_sign(now)
    ensure_keys(now=now)
    assert KeyRing().can_sign(now)


def test_the_published_set_has_no_private_part_and_unique_kids():
    rotate(now=clock.now())
    keys = KeyRing().jwks()["keys"]
    assert {key["alg"] for key in keys} == set(PUBLISHED)
    assert len({key["kid"] for key in keys}) == len(keys) == 2 * len(PUBLISHED)
    for key in keys:
        assert {"d", "p", "q", "dp", "dq", "qi", "k"}.isdisjoint(key)
        assert key["kty"] != "oct"
    assert all(len(key["n"]) >= 342 for key in keys if key["kty"] == "RSA")


def test_a_key_past_its_last_day_is_neither_published_nor_believed():
    ring = KeyRing()
    token = sign(ring)
    SigningKey.objects.of(ES256).update(
        published_from=clock.now() - 4 * HOUR,
        signs_from=clock.now() - 4 * HOUR,
        signs_until=clock.now() - 3 * HOUR,
        published_until=clock.now() - HOUR,
    )
    ring.forget()
    assert kid_of(token) not in {key["kid"] for key in ring.jwks()["keys"]}
    with pytest.raises(InvalidToken):
        verify(ring, token)


def test_private_keys_are_sealed_at_rest():
    for key in SigningKey.objects.all():
        assert key.sealed_private.startswith("gAAAA")
        assert "PRIVATE" not in key.sealed_private
        assert key.sealed_private not in repr(key)


def test_a_sealing_key_can_be_replaced(settings):
    token = sign(KeyRing())
    settings.SEALING_KEYS = ["a new sealing key in front of the old one", *settings.SEALING_KEYS]
    assert verify(KeyRing(), token) == {"n": 1}


def test_a_row_whose_seal_is_of_another_key_is_not_believed():
    mine, yours = generate(ES256), generate(ES256)
    SigningKey.objects.of(ES256).update(sealed_private=seal_private(mine))
    ring = KeyRing()
    kid = kid_of(sign(ring))
    with pytest.raises(InvalidToken):
        verify(ring, jws.sign({}, key=yours, algorithm="ES256", kid=kid, typ="at+jwt"))


@pytest.mark.django_db(transaction=True)
def test_known_keys_outlast_an_unreadable_database(caplog):
    ring = KeyRing()
    token = sign(ring)
    ring._read_at -= 60
    with broken_database():
        assert verify(ring, token) == {"n": 1}
        assert ring.jwks()["keys"]
    assert "unreadable" in caplog.text
