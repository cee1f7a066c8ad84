"""Every claim of an id token wrong, one at a time: refused by a page, nothing written, nobody signed in."""

import base64
import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.models import Session, User
from tests.accounts.external.issuer import EC_KEY, RSA_KEY, Issuer, Visitor, jwk

pytestmark = pytest.mark.spec("OpenID Connect Core", "3.1.3.7")
HOUR = timedelta(hours=1)

WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "no issuer": {"iss": None},
    "the issuer of another provider": {"iss": "https://other.example"},
    "an issuer with a slash too many": {"iss": "http://127.0.0.1/"},
    "no audience": {"aud": None},
    "another client's audience": {"aud": "another client"},
    "ourselves and another audience": {"aud": ["us", "another client"]},
    "an empty list of audiences": {"aud": []},
    "an audience that only begins like us": {"aud": "us2"},
    "another authorized party": {"azp": "another client"},
    "an authorized party that is no text": {"azp": ["us"]},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "a subject that is too long": {"sub": "s" * 256},
    "no expiry": {"exp": None},
    "expired": {"exp": -HOUR},
    "an expiry that is text": {"exp": "4102444800"},
    "an expiry that is true": {"exp": True},
    "no time of issue": {"iat": None},
    "issued long ago": {"iat": -HOUR},
    "issued in the future": {"iat": HOUR},
    "no nonce": {"nonce": None},
    "another nonce": {"nonce": "another"},
    "an empty nonce": {"nonce": ""},
    "a nonce that is a list": {"nonce": ["n"]},
    "a nonce that is not ASCII": {"nonce": "é"},
}


@pytest.fixture(autouse=True)
def nothing_is_written(issuer: Issuer, db: None) -> Any:
    yield
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not Session.objects.exists()


def refused(visitor: Visitor) -> bool:
    page = visitor.sign_in()
    return page.status_code == 400 and b"That did not work" in page.content and not visitor.is_signed_in


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_refuses_an_id_token_that_has(visitor: Visitor, issuer: Issuer, claims: dict[str, Any]) -> None:
    if claims.get("sub") == 7:
        issuer.tokens = {"id_token": unchecked(issuer, visitor, sub=7)}
        assert visitor.come_back().status_code == 400
        return
    issuer.claims = claims
    assert refused(visitor)


def unchecked(issuer: Issuer, visitor: Visitor, **claims: Any) -> str:
    """Sign what PyJWT would not: it checks some claims when it signs."""
    nonce, now = visitor.leave()["nonce"], int(time.time())
    good = {"iss": issuer.url, "sub": issuer.sub, "aud": "us", "nonce": nonce, "iat": now, "exp": now + 300} | claims
    return jwt.PyJWS().encode(json.dumps(good).encode(), RSA_KEY, "RS256", headers={"kid": "rsa"})


@pytest.mark.parametrize(
    "tokens", [{"id_token": None}, {"id_token": ""}, {"id_token": 7}, {"id_token": "a.b.c"}, {"id_token": "x" * 20_000}]
)
def test_refuses_an_answer_without_an_id_token(visitor: Visitor, issuer: Issuer, tokens: dict[str, Any]) -> None:
    issuer.tokens = tokens
    assert refused(visitor)


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"{", b'{"iss": NaN}', b'{"sub": "a", "sub": "b"}'])
def test_refuses_claims_that_are_no_plain_object(visitor: Visitor, issuer: Issuer, raw: bytes) -> None:
    issuer.tokens = {"id_token": jwt.PyJWS().encode(raw, RSA_KEY, "RS256", headers={"kid": "rsa"})}
    assert refused(visitor)


@pytest.mark.spec("RFC 8725", "3.1")
def test_refuses_an_unsigned_token(visitor: Visitor, issuer: Issuer) -> None:
    issuer.alg, issuer.signing_key = "none", None
    assert refused(visitor)


@pytest.mark.spec("RFC 8725", "2.1")
def test_refuses_a_signature_by_the_public_key_as_a_shared_secret(visitor: Visitor, issuer: Issuer) -> None:
    nonce, now = visitor.leave()["nonce"], int(time.time())
    claims = {"iss": issuer.url, "sub": issuer.sub, "aud": "us", "nonce": nonce, "iat": now, "exp": now + 300}
    header = {"alg": "HS256", "typ": "JWT", "kid": "rsa"}
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
    public = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(signed, public)
    forged = signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
    issuer.tokens = {"id_token": forged.decode()}
    assert visitor.come_back().status_code == 400


def test_refuses_a_signature_by_our_client_secret(visitor: Visitor, issuer: Issuer) -> None:
    issuer.alg, issuer.signing_key = "HS256", "our secret, + & so on, and some more to be long"
    assert refused(visitor)


def test_refuses_a_shared_secret_among_the_published_keys(visitor: Visitor, issuer: Issuer) -> None:
    secret = b"a secret of thirty-two octets...."
    issuer.keys = [{"kty": "oct", "kid": "rsa", "k": base64.urlsafe_b64encode(secret).rstrip(b"=").decode()}]
    issuer.alg, issuer.signing_key = "HS256", secret
    assert refused(visitor)


def test_refuses_another_key_under_a_known_kid(visitor: Visitor, issuer: Issuer) -> None:
    issuer.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refused(visitor)


def test_refuses_an_unknown_kid(visitor: Visitor, issuer: Issuer) -> None:
    issuer.header = {"kid": "another"}
    assert refused(visitor)


def test_refuses_a_token_without_kid_where_keys_could_be_confused(visitor: Visitor, issuer: Issuer) -> None:
    issuer.keys = [jwk(RSA_KEY, kid="a"), jwk(RSA_KEY, kid="b")]
    issuer.header = {"kid": None}
    assert refused(visitor)


def test_refuses_a_key_for_encryption(visitor: Visitor, issuer: Issuer) -> None:
    issuer.keys = [jwk(RSA_KEY, kid="rsa", use="enc")]
    assert refused(visitor)


def test_refuses_an_algorithm_that_the_key_is_not_for(visitor: Visitor, issuer: Issuer) -> None:
    issuer.keys = [jwk(RSA_KEY, kid="rsa", alg="PS256")]
    assert refused(visitor)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_refuses_a_key_that_is_too_short(visitor: Visitor, issuer: Issuer) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    issuer.keys, issuer.signing_key = [jwk(short, kid="rsa")], short
    assert refused(visitor)


@pytest.mark.parametrize("header", [{"typ": "at+jwt"}, {"typ": "logout+jwt"}, {"typ": "rt+jwt"}])
def test_refuses_another_kind_of_token(visitor: Visitor, issuer: Issuer, header: dict[str, str]) -> None:
    issuer.header = header
    assert refused(visitor)


def test_refuses_a_critical_header_that_is_not_understood(visitor: Visitor, issuer: Issuer) -> None:
    issuer.header = {"crit": ["b65"], "b65": 1}
    assert refused(visitor)


@pytest.mark.parametrize("keys", [[], [7], ["text"], [{}], [{"kty": "RSA", "kid": "rsa"}], "text"])
def test_refuses_malformed_keys(visitor: Visitor, issuer: Issuer, keys: Any) -> None:
    issuer.keys = keys
    assert refused(visitor)


def test_refuses_a_curve_that_is_not_of_the_algorithm(visitor: Visitor, issuer: Issuer) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    issuer.keys = [jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "rsa"}]
    issuer.alg, issuer.signing_key = "ES384", key
    assert refused(visitor)


@pytest.mark.spec("OpenID Connect Core", "5.3.2")
@pytest.mark.parametrize("userinfo", [{"sub": "somebody else"}, {"sub": None}, {"sub": 248289761001}])
def test_refuses_userinfo_about_another_person(visitor: Visitor, issuer: Issuer, userinfo: dict[str, Any]) -> None:
    issuer.userinfo = userinfo
    assert refused(visitor)


@pytest.mark.parametrize("access_token", [None, 7, "a\r\nb", "é"])
def test_refuses_an_access_token_that_is_none(visitor: Visitor, issuer: Issuer, access_token: Any) -> None:
    issuer.tokens = {"access_token": access_token}
    assert refused(visitor)


class TestAccepts:
    @pytest.fixture(autouse=True)
    def nothing_is_written(self) -> None:
        """Here it is the point that something is."""

    @pytest.mark.parametrize(
        "claims", [{"aud": ["us"]}, {"azp": "us"}, {"exp": timedelta(seconds=-30)}, {"iat": timedelta(seconds=30)}]
    )
    def test_what_the_specification_allows(self, visitor: Visitor, issuer: Issuer, claims: dict[str, Any]) -> None:
        issuer.claims = claims
        visitor.sign_in()
        assert visitor.is_signed_in

    def test_an_elliptic_curve(self, visitor: Visitor, issuer: Issuer) -> None:
        issuer.alg, issuer.signing_key, issuer.header = "ES256", EC_KEY, {"kid": "ec"}
        visitor.sign_in()
        assert visitor.is_signed_in

    def test_an_edwards_curve(self, visitor: Visitor, issuer: Issuer) -> None:
        key = ed25519.Ed25519PrivateKey.generate()
        issuer.keys.append(jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "ed"})
        issuer.alg, issuer.signing_key, issuer.header = "EdDSA", key, {"kid": "ed"}
        visitor.sign_in()
        assert visitor.is_signed_in

    def test_a_key_that_is_new_since_the_last_time(self, visitor: Visitor, issuer: Issuer) -> None:
        visitor.sign_in()
        new = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        issuer.keys, issuer.signing_key, issuer.header = [jwk(new, kid="new")], new, {"kid": "new"}
        again = Visitor(issuer)
        again.sign_in()
        assert again.is_signed_in
