"""Tokens that must not pass: of other kinds, forged, stolen, outlived (RFC 8725, RFC 9068 section 4, RFC 9700)."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Session
from accounts.services import people, sessions
from tests.bearer import INVALID, authorization, first_party, forged, wait_a_moment
from trust.keys import jws
from trust.keys.jwk import unseal_private
from trust.keys.models import Algorithm, SigningKey
from trust.keys.ring import ring
from trust.lib import clock
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke

pytestmark = pytest.mark.django_db


def get_me(token: str):
    return Client().get("/api/me/", headers=authorization(token))


def assert_refused(token: str) -> None:
    response = get_me(token)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, INVALID)
    assert response.json()["code"] == "invalid_token"


def part(value: dict | bytes) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def header_of(token: str) -> dict:
    return json.loads(urlsafe_b64decode(token.split(".")[0] + "=="))


def claims_of(token: str) -> dict:
    return json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))


def signing_key(algorithm: Algorithm) -> SigningKey:
    return SigningKey.objects.get(algorithm=algorithm)


def resigned(token: str, **header) -> str:
    """Sign the claims anew with our own ES256 key under another header: only the header can be at fault."""
    key = signing_key(Algorithm.ES256)
    signed = f"{part(header_of(token) | header)}.{token.split('.')[1]}"
    signature = jws._JWA["ES256"].sign(signed.encode(), unseal_private(key.algorithm, key.sealed_private))
    return f"{signed}.{part(signature)}"


def test_the_token_that_the_attacks_start_from_is_good(person) -> None:
    assert get_me(forged(person)).status_code == 200
    assert get_me(resigned(forged(person))).status_code == 200


@pytest.mark.spec("RFC 8725", "3.11")
@pytest.mark.parametrize("typ", ["JWT", "jwt", "logout+jwt", "rt+jwt", "dpop+jwt", "", "at", "application/at+jwt "])
def test_a_token_of_another_kind_is_no_access_token(person, typ) -> None:
    assert_refused(forged(person, typ=typ))


def test_a_refresh_token_is_no_access_token(person) -> None:
    assert_refused(forged(person, typ="rt+jwt", algorithm=Algorithm.HS256))
    assert_refused(forged(person, typ="at+jwt", algorithm=Algorithm.HS256))


@pytest.mark.parametrize("algorithm", [Algorithm.RS256, Algorithm.EDDSA])
def test_a_token_signed_by_our_key_for_id_tokens_is_no_access_token(person, algorithm) -> None:
    assert_refused(forged(person, algorithm=algorithm))


@pytest.mark.spec("RFC 8725", "3.2")
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", "nOnE"])
@pytest.mark.parametrize("keeps_signature", [True, False])
def test_alg_none_is_refused(person, alg, keeps_signature) -> None:
    token = forged(person)
    _, payload, signature = token.split(".")

    assert_refused(f"{part(header_of(token) | {'alg': alg})}.{payload}.{signature if keeps_signature else ''}")


@pytest.mark.spec("RFC 8725", "3.1")
@pytest.mark.parametrize("form", ["pem", "der", "point", "jwk"])
def test_a_public_key_is_no_hmac_secret(person, form) -> None:
    """Key confusion: PyJWT CVE-2022-29217, Authlib CVE-2024-37568, python-jose CVE-2024-33663."""
    row = signing_key(Algorithm.ES256)
    public = unseal_private(row.algorithm, row.sealed_private).public_key()
    encodings = {
        "pem": (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        "der": (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        "point": (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint),
    }
    jwk = next(jwk for jwk in ring.jwks()["keys"] if jwk["kid"] == row.kid)
    secret = json.dumps(jwk).encode() if form == "jwk" else public.public_bytes(*encodings[form])
    token = forged(person)
    signed = f"{part(header_of(token) | {'alg': 'HS256'})}.{token.split('.')[1]}"
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()

    assert_refused(f"{signed}.{part(signature)}")


def test_the_key_of_another_algorithm_verifies_nothing(person) -> None:
    for algorithm in (Algorithm.RS256, Algorithm.EDDSA, Algorithm.HS256):
        assert_refused(resigned(forged(person), kid=signing_key(algorithm).kid))


@pytest.mark.spec("RFC 8725", "3.10")
@pytest.mark.parametrize("kid", ["", "nonesuch", "../../etc/passwd", "' OR 1=1 --", "\0", "A" * 4000])
def test_an_unknown_kid_is_refused(person, kid) -> None:
    assert_refused(resigned(forged(person), kid=kid))


def test_a_key_in_the_header_is_not_believed(person) -> None:
    """Authlib CVE-2026-27962: the attacker signs with a key of their own and sends it along."""
    own = ec.generate_private_key(ec.SECP256R1())
    token = forged(person)
    point = own.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "x": part(point.x.to_bytes(32, "big")), "y": part(point.y.to_bytes(32, "big"))}
    for member in (
        {"jwk": jwk},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example"},
        {"x5c": ["AA=="]},
    ):
        signed = f"{part(header_of(token) | member)}.{token.split('.')[1]}"
        assert_refused(f"{signed}.{part(jws._JWA['ES256'].sign(signed.encode(), own))}")
    assert_refused(resigned(token, jwk=jwk))


@pytest.mark.spec("RFC 7515", "4.1.11")
@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"b64": False}, {"zip": "DEF"}, {"cty": "JWT"}])
def test_a_header_that_we_do_not_understand_is_refused(person, header) -> None:
    """Authlib CVE-2025-59420, PyJWT CVE-2026-32597."""
    assert_refused(resigned(forged(person), **header))


def test_only_the_one_spelling_of_a_signature_passes(person) -> None:
    """PyJWT CVE-2026-102269."""
    token = forged(person)
    header, payload, signature = token.split(".")

    for other in (token + "=", token + "==", f"{header}=.{payload}.{signature}", token + "A", token[:-1]):
        assert_refused(other)
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = last[last.index(signature[-1]) ^ 1]  # the last character of 64 bytes has four unused bits
    assert_refused(token[:-1] + twin)


def test_a_signature_of_zeros_is_refused(person) -> None:
    """Psychic signatures: CVE-2022-21449."""
    header, payload, _ = forged(person).split(".")

    assert_refused(f"{header}.{payload}.{part(bytes(64))}")
    assert_refused(f"{header}.{payload}.")


def test_altered_claims_are_refused(person, make_person) -> None:
    header, payload, signature = forged(person).split(".")
    claims = claims_of(f".{payload}.") | {"sub": str(make_person("bob").pk)}

    assert_refused(f"{header}.{part(claims)}.{signature}")


@pytest.mark.parametrize(
    "serialization_",
    [
        lambda header, payload, signature: json.dumps(
            {"protected": header, "payload": payload, "signature": signature}
        ),
        lambda header, payload, signature: f"{header}.{payload}.{signature}.{signature}",
        lambda header, payload, signature: f"{header}.{payload}",
        lambda header, payload, signature: f"{header}.{payload}.{signature}..",
    ],
)
def test_only_the_compact_serialization_passes(person, serialization_) -> None:
    assert_refused(serialization_(*forged(person).split(".")))


@pytest.mark.spec("RFC 9068", "4")
@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://other.example"},
        {"aud": ["http://testserver", "https://other.example"]},
        {"aud": "http://testserver/"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": "http://testserver/"},
        {"iss": None},
        {"exp": None},
        {"exp": "9999999999"},
        {"jti": "not-a-uuid"},
        {"jti": "3b241101-e2bb-4255-8caf-4136c566a962"},
        {"scope": ["openid"]},
    ],
)
def test_wrong_claims_are_refused(person, claims) -> None:
    assert_refused(forged(person, **claims))


@pytest.mark.spec("RFC 9068", "4")
def test_times_are_checked(person) -> None:
    seconds = int(clock.now().timestamp())

    assert get_me(forged(person, iat=seconds + 30)).status_code == 200
    assert_refused(forged(person, iat=seconds + 90))
    assert get_me(forged(person, exp=seconds)).json()["code"] == "token_expired"
    assert get_me(first_party(person, lifetime=timedelta(hours=-1))).json()["code"] == "token_expired"


@pytest.mark.spec("RFC 9449", "7.2")
@pytest.mark.parametrize("cnf", [{"jkt": "0ZcOCORZNYy"}, {"x5t#S256": "bwcK0esc3ACC"}, {"jwk": {}}])
def test_a_bound_token_shown_alone_is_refused(person, cnf) -> None:
    response = get_me(first_party(person, cnf=cnf))
    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")
    assert 'error_description="The access token is bound to a key"' in response.headers["WWW-Authenticate"]


@pytest.mark.spec("RFC 9700", "4.3.2")
def test_a_token_anywhere_but_in_the_header_is_not_looked_for(client: Client, person) -> None:
    token = first_party(person)

    responses = [
        client.get("/api/me/", {"access_token": token}),
        client.post("/api/me/", {"access_token": token}),
        client.post(f"/api/me/?access_token={token}", {"access_token": token}, content_type="application/json"),
        client.get("/api/me/", headers={"X-Authorization": f"Bearer {token}", "Cookie": f"access_token={token}"}),
    ]

    assert [response.status_code for response in responses] == [401] * 4
    assert {response.json()["code"] for response in responses} == {"not_authenticated"}


def test_a_disabled_person_is_out_at_once(person) -> None:
    token = first_party(person)
    people.deactivate(user=person, actor=None)

    assert_refused(token)
    assert_refused(first_party(person))


def test_a_deleted_person_is_out_at_once(person) -> None:
    token = first_party(person)
    person.delete()

    assert_refused(token)


def test_an_ended_session_takes_its_tokens_along(person) -> None:
    session = Session.objects.create(
        user=person, kind="api", auth_time=clock.now(), amr="pwd", acr="aal1", last_seen=clock.now(),
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    token, other = first_party(person, session_id=str(session.pk)), first_party(person)

    sessions.end(session_id=session.pk, reason="signed_out")

    assert_refused(token)
    assert get_me(other).status_code == 200


def test_a_removed_role_is_gone_at_the_next_request(person) -> None:
    editors = Group.objects.create(name="editor")
    person.groups.add(editors)
    wait_a_moment()
    token = first_party(person, roles=("editor",))
    assert get_me(token).json()["roles"] == ["editor"]

    person.groups.remove(editors)

    assert_refused(token)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_revocation_is_honoured(person, kind) -> None:
    token = forged(person, sid="a-session")
    claims = claims_of(token)
    key = {
        Kind.TOKEN: claims["jti"], Kind.GRANT: claims["grant"], Kind.SESSION: "a-session", Kind.CLIENT: "first-party",
        Kind.USER: str(person.pk),
    }[kind]  # fmt: skip

    revoke(kind, key)
    wait_a_moment()

    assert_refused(token)
    later = get_me(first_party(person, grant=claims["grant"], session_id="a-session")).status_code
    assert later == (401 if kind in {Kind.GRANT, Kind.SESSION} else 200)


def test_refusals_do_not_tell_why(person) -> None:
    """A forger learns nothing from the answer: forged, revoked, disabled and deleted sound alike."""
    revoked = first_party(person)
    revoke(Kind.USER, str(person.pk))
    header, payload, _ = forged(person).split(".")

    bodies = {
        get_me(token).content for token in (revoked, f"{header}.{payload}.{part(bytes(64))}", "ey.x.y", "nonsense")
    }

    assert len(bodies) == 1
