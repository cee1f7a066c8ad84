"""Heads: signed once a day, over what holds, with a key that rotates away."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from tests.trail import make_trail, verify
from trust.audit.models import AuditEvent, SignedHead
from trust.audit.record import record
from trust.audit.sealer import seal_waiting
from trust.keys import compact
from trust.keys.models import SigningKey
from trust.keys.ring import InvalidToken, ring
from trust.keys.rotation import ensure_keys, replace_all, rotate
from trust.lib import clock
from trust.notary import heads, statements
from trust.tokens import access_token

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def more(count: int) -> None:
    for _ in range(count):
        record("session.started")
    seal_waiting()


def places() -> list[int]:
    return list(SignedHead.objects.heads().reverse().values_list("sequence", flat=True))


def test_says_place_hash_count_and_time_in_a_jws_of_its_own_kind() -> None:
    make_trail(3)
    now = clock.now()
    head = heads.sign_next(now=now)
    assert head is not None
    parts = compact.take_apart(head.jws, longest=4096)
    assert parts.header["typ"] == "audit-head+jwt"
    assert compact.load_json(parts.payload) == {
        "iss": settings.ISSUER,
        "iat": int(now.timestamp()),
        "version": 1,
        "sequence": 3,
        "chain_hash": AuditEvent.objects.hash_at(3).hex(),  # type: ignore[union-attr]
        "count": 3,
    }
    assert head.jwk["kid"] == parts.header["kid"]
    assert "d" not in head.jwk


def test_one_a_day_is_enough() -> None:
    make_trail(3)
    now = clock.now()
    assert heads.sign_due(now=now) == 1
    more(2)
    assert heads.sign_due(now=now + timedelta(hours=2)) == 0
    assert heads.sign_due(now=now + DAY) == 1
    assert heads.sign_due(now=now + 2 * DAY) == 0  # nothing happened since
    assert places() == [3, 5]


def test_an_empty_chain_has_no_head() -> None:
    AuditEvent.objects.all().delete()
    assert heads.sign_due(now=clock.now()) == 0


def test_a_long_day_is_signed_stretch_by_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "HEAD_STRETCH", 4)
    make_trail(10)
    assert heads.sign_due(now=clock.now()) == 3
    assert places() == [4, 8, 10]
    assert verify()[0] == 0


def test_no_head_passes_for_a_token_nor_a_token_for_a_head() -> None:
    make_trail(1)
    head = heads.sign_next(now=clock.now())
    assert head is not None
    with pytest.raises(access_token.InvalidToken):
        access_token.verify(head.jws, now=clock.now(), audience=settings.ISSUER)
    claims = {"iss": settings.ISSUER, "iat": 1, "version": 1, "sequence": 1, "chain_hash": "00" * 32, "count": 1}
    other = ring.sign(claims, typ="at+jwt", algorithm="ES256", now=clock.now())  # type: ignore[arg-type]
    [jwk] = [jwk for jwk in ring.jwks()["keys"] if jwk["kid"] == head.jwk["kid"]]
    with pytest.raises(InvalidToken):
        statements.read(other, jwk, kind="head")


def test_it_is_read_with_its_key_after_the_key_rotated_away_and_a_new_one_is_signed() -> None:
    make_trail(2)
    now = clock.now()
    old = heads.sign_next(now=now)
    assert old is not None
    rotate(now=now, immediately=True)
    SigningKey.objects.filter(kid=old.jwk["kid"]).delete()
    ring.forget()
    assert statements.read(old.jws, old.jwk, kind="head").sequence == 2
    assert not statements.is_of_our_key(old.jws, kind="head")
    status, said = verify()
    assert status == 1
    assert "not signed by a key of this site" in said
    assert heads.sign_due(now=now + timedelta(minutes=1)) == 1  # although one was signed today, and nothing happened
    assert verify()[0] == 0


def test_all_keys_replaced_after_a_leak_leaves_a_way_on() -> None:
    make_trail(2)
    heads.sign_next(now=clock.now())
    replace_all(now=clock.now())
    ring.forget()
    ensure_keys(now=clock.now())
    assert verify()[0] == 1
    assert heads.sign_next(now=clock.now()) is not None
    assert verify()[0] == 0


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    jwk = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3okn"
        "jhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5"
        "hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert statements.thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize(
    "claims", [{}, {"version": 2}, {"sequence": 0}, {"sequence": "x"}, {"chain_hash": "00"}, {"iat": 1e300}]
)
def test_claims_that_say_nothing_are_refused(claims: dict[str, Any]) -> None:
    make_trail(1)
    whole = {"iss": "i", "iat": 1, "version": 1, "sequence": 1, "chain_hash": "00" * 32, "count": 1}
    said = whole | claims if claims else {}
    signed = ring.sign(said, typ="audit-head+jwt", algorithm="ES256", now=clock.now())  # type: ignore[arg-type]
    kid = json.loads(json.dumps(dict(compact.take_apart(signed, longest=4096).header)))["kid"]
    [jwk] = [jwk for jwk in ring.jwks()["keys"] if jwk["kid"] == kid]
    with pytest.raises(InvalidToken):
        statements.read(signed, jwk, kind="head")
