"""The access token of both issuers (RFC 9068)."""

import json
import uuid
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest

from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring
from trust.lib import clock
from trust.tokens.access_token import AccessToken, ExpiredToken, mint, verify
from trust.tokens.conf import ACCESS_TOKEN_LIFETIME, CLOCK_LEEWAY_SECONDS

pytestmark = pytest.mark.django_db

ISSUER = "http://testserver"
PERSON = "7b6b3f0e-1111-4222-8333-444455556666"
FULL = AccessToken(
    subject=PERSON,
    client_id="first-party",
    scope=("openid", "profile"),
    grant="grant-1",
    audience=ISSUER,
    session_id="session-1",
    auth_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    acr="aal2",
    amr=("pwd", "otp"),
    roles=("editors",),
    cnf={"jkt": "thumbprint"},
    act={"sub": "actor"},
)
BARE = AccessToken(subject="machine", client_id="machine", scope=(), grant="grant-2", audience=ISSUER)


@pytest.fixture
def now():
    return clock.now()


def parts(value: str) -> list[dict]:
    return [json.loads(urlsafe_b64decode(part + "==")) for part in value.split(".")[:2]]


def claims_of(now, **changed):
    """The claims of a good token, some changed or, by None, taken away."""
    [_, claims] = parts(mint(FULL, now=now).value)
    return {name: value for name, value in (claims | changed).items() if value is not None}


def signed(claims, *, typ="at+jwt", algorithm=Algorithm.ES256) -> str:
    return ring.sign(claims, typ=typ, algorithm=algorithm, now=clock.now())


@pytest.mark.spec("RFC 9068", "2.2")
def test_the_claims_are_those_of_the_standard(now):
    [header, claims] = parts(mint(FULL, now=now).value)
    assert (header["typ"], header["alg"], set(header)) == ("at+jwt", "ES256", {"typ", "alg", "kid"})
    assert claims | {"jti": "", "iat": 0, "exp": 0} == {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": PERSON,
        "client_id": "first-party",
        "scope": "openid profile",
        "jti": "",
        "iat": 0,
        "exp": 0,
        "grant": "grant-1",
        "sid": "session-1",
        "auth_time": 1767323045,
        "acr": "aal2",
        "amr": ["pwd", "otp"],
        "roles": ["editors"],
        "cnf": {"jkt": "thumbprint"},
        "act": {"sub": "actor"},
    }
    assert claims["iat"] == int(now.timestamp())
    assert claims["exp"] - claims["iat"] == ACCESS_TOKEN_LIFETIME.total_seconds() == 600


def test_what_was_minted_is_read_back(now):
    minted = mint(FULL, now=now)
    token = verify(minted.value, now=now, audience=ISSUER)
    assert token == FULL._replace(jti=minted.jti, issued_at=token.issued_at, expires_at=token.expires_at)
    assert minted.expires_in == 600
    assert token.is_person
    assert token.is_first_party


def test_a_token_of_a_client_alone_has_no_empty_claims_and_is_no_person(now):
    minted = mint(BARE, now=now)
    [_, claims] = parts(minted.value)
    assert {"sid", "auth_time", "acr", "amr", "roles", "cnf", "act"}.isdisjoint(claims)
    token = verify(minted.value, now=now, audience=ISSUER)
    assert not token.is_person
    assert not token.is_first_party
    assert (token.scope, token.amr, token.session_id, token.auth_time) == ((), (), None, None)


@pytest.mark.spec("RFC 9562", "5.7")
def test_the_jti_tells_the_time_of_issue_to_the_millisecond():
    moment = datetime(2026, 11, 20, 4, 5, 6, 789_123, tzinfo=UTC)
    minted = mint(FULL, now=moment)
    identifier = uuid.UUID(minted.jti)
    assert (identifier.version, identifier.variant) == (7, uuid.RFC_4122)
    assert verify(minted.value, now=moment, audience=ISSUER).issued_at == moment.replace(microsecond=789_000)


def test_no_two_tokens_have_the_same_jti(now):
    assert len({mint(BARE, now=now).jti for _ in range(200)}) == 200


def test_minting_writes_nothing(now, django_assert_num_queries):
    mint(FULL, now=now)
    with django_assert_num_queries(0):
        verify(mint(FULL, now=now).value, now=now, audience=ISSUER)


def test_the_repr_hides_the_token(now):
    minted = mint(FULL, now=now)
    assert minted.value not in repr(minted)


@pytest.mark.spec("RFC 9068", "4")
@pytest.mark.parametrize("audience", ["https://other.example", "", f"{ISSUER}/", "HTTP://TESTSERVER"])
def test_refuses_a_token_for_somebody_else(now, audience):
    with pytest.raises(InvalidToken):
        verify(mint(FULL, now=now).value, now=now, audience=audience)


def test_a_token_for_a_resource_is_good_there_alone(now):
    value = signed(claims_of(now, aud="https://api.example"))
    assert verify(value, now=now, audience="https://api.example").audience == "https://api.example"
    with pytest.raises(InvalidToken):
        verify(value, now=now, audience=ISSUER)


@pytest.mark.parametrize("iss", ["https://evil.example", f"{ISSUER}/", "", [ISSUER]])
def test_refuses_a_token_of_another_issuer(now, iss):
    with pytest.raises(InvalidToken):
        verify(signed(claims_of(now, iss=iss)), now=now, audience=ISSUER)


@pytest.mark.parametrize("aud", [[ISSUER], [ISSUER, "https://api.example"], {"a": 1}, 1])
def test_refuses_an_audience_that_is_not_one_text(now, aud):
    with pytest.raises(InvalidToken):
        verify(signed(claims_of(now, aud=aud)), now=now, audience=ISSUER)


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "client_id", "scope", "jti", "iat", "exp", "grant"])
def test_refuses_a_token_that_lacks_a_claim(now, name):
    with pytest.raises(InvalidToken):
        verify(signed(claims_of(now, **{name: None})), now=now, audience=ISSUER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scope", ["openid"]),
        ("scope", 1),
        ("iat", "1"),
        ("exp", "9999999999"),
        ("exp", 1e10),
        ("jti", "not a uuid"),
        pytest.param("jti", str(uuid.uuid4()), id="jti-another-uuid"),
        ("jti", 7),
        ("jti", []),
    ],
)
def test_refuses_claims_of_another_type(now, name, value):
    with pytest.raises(InvalidToken):
        verify(signed(claims_of(now, **{name: value})), now=now, audience=ISSUER)


def test_a_token_lives_until_its_exp_and_no_longer():
    now = clock.now().replace(microsecond=0)
    value = mint(FULL, now=now).value
    last = now + ACCESS_TOKEN_LIFETIME - timedelta(milliseconds=1)
    assert verify(value, now=last, audience=ISSUER).subject == PERSON
    for late in (now + ACCESS_TOKEN_LIFETIME, now + timedelta(days=365)):
        with pytest.raises(ExpiredToken):
            verify(value, now=late, audience=ISSUER)


def test_clocks_of_nodes_may_differ_by_a_minute():
    now = clock.now().replace(microsecond=0)
    value = mint(FULL, now=now).value
    leeway = timedelta(seconds=CLOCK_LEEWAY_SECONDS)
    assert verify(value, now=now - leeway, audience=ISSUER).subject == PERSON
    with pytest.raises(InvalidToken, match="future"):
        verify(value, now=now - leeway - timedelta(seconds=1), audience=ISSUER)


@pytest.mark.spec("RFC 8725", "3.11")
@pytest.mark.parametrize("typ", ["JWT", "rt+jwt", "logout+jwt", ""])
def test_no_other_kind_passes_for_an_access_token(now, typ):
    with pytest.raises(InvalidToken):
        verify(signed(claims_of(now), typ=typ), now=now, audience=ISSUER)


@pytest.mark.parametrize("algorithm", [Algorithm.RS256, Algorithm.EDDSA, Algorithm.HS256])
def test_no_other_key_of_ours_signs_access_tokens(now, algorithm):
    with pytest.raises(InvalidToken):
        verify(signed(claims_of(now), algorithm=algorithm), now=now, audience=ISSUER)
