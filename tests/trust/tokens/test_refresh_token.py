"""The sealed counter: genuine by its seal, under a key that is never published."""

import json
import uuid
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest

from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring
from trust.keys.rotation import rotate
from trust.lib import clock
from trust.tokens.access_token import AccessToken, mint
from trust.tokens.refresh_token import RefreshToken, seal, unseal

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def token(now):
    return RefreshToken(uuid.uuid4(), 3, int((now + timedelta(days=30)).timestamp()))


def signed(now, *, typ="rt+jwt", algorithm=Algorithm.HS256, **claims) -> str:
    good = {"jti": str(uuid.uuid4()), "gen": 1, "exp": int(now.timestamp()) + 60}
    present = {name: value for name, value in (good | claims).items() if value is not ...}
    return ring.sign(present, typ=typ, algorithm=algorithm, now=now)


def test_what_was_sealed_is_read_back(token, now):
    assert unseal(seal(token, now=now), now=now) == token


def test_it_holds_the_row_the_generation_and_the_end_alone(token, now):
    head, payload, _ = seal(token, now=now).split(".")
    header = json.loads(urlsafe_b64decode(head + "=="))
    assert (header["typ"], header["alg"]) == ("rt+jwt", "HS256")
    assert set(json.loads(urlsafe_b64decode(payload + "=="))) == {"jti", "gen", "exp"}


def test_it_ends_at_its_absolute_end(token, now):
    value = seal(token, now=now)
    end = clock.from_epoch(token.expires_at)
    assert unseal(value, now=end - timedelta(milliseconds=1)) == token
    with pytest.raises(InvalidToken):
        unseal(value, now=end)


def test_its_seal_outlives_a_rotation_of_the_keys(token, now):
    value = seal(token, now=now)
    rotate(now=now, immediately=True)
    ring.forget()
    assert unseal(value, now=now) == token
    assert seal(token, now=clock.now()).split(".")[0] != value.split(".")[0]


def test_its_key_is_not_in_the_published_set(token, now):
    kid = json.loads(urlsafe_b64decode(seal(token, now=now).split(".")[0] + "=="))["kid"]
    assert kid not in {key["kid"] for key in ring.jwks()["keys"]}


@pytest.mark.parametrize(
    ("typ", "algorithm"), [("JWT", "HS256"), ("at+jwt", "HS256"), ("rt+jwt", "ES256"), ("rt+jwt", "RS256")]
)
def test_another_kind_or_key_is_refused(now, typ, algorithm):
    with pytest.raises(InvalidToken):
        unseal(signed(now, typ=typ, algorithm=Algorithm(algorithm)), now=now)


def test_an_access_token_is_no_refresh_token(now):
    access = AccessToken(subject="a", client_id="first-party", scope=(), grant="g", audience="http://testserver")
    with pytest.raises(InvalidToken):
        unseal(mint(access, now=now).value, now=now)


@pytest.mark.parametrize(
    "claims",
    [
        {"jti": ...},
        {"gen": ...},
        {"exp": ...},
        {"jti": "x"},
        {"jti": 1},
        {"gen": "x"},
        {"gen": None},
        {"exp": "x"},
        {"exp": []},
    ],
)
def test_claims_that_make_no_sense_are_refused(now, claims):
    with pytest.raises(InvalidToken):
        unseal(signed(now, **claims), now=now)


def test_a_changed_generation_breaks_the_seal(token, now):
    head, payload, signature = seal(token, now=now).split(".")
    other = seal(RefreshToken(token.row_id, 4, token.expires_at), now=now).split(".")[1]
    assert other != payload
    with pytest.raises(InvalidToken):
        unseal(f"{head}.{other}.{signature}", now=now)
