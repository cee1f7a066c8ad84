"""Compact JWS, strictly: every row of RFC 8725 that a verifier can get wrong."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from trust.keys import jws
from trust.keys.conf import MAX_TOKEN_LENGTH
from trust.keys.jwk import generate, public_jwk
from trust.keys.jws import InvalidToken
from trust.keys.models import Algorithm

KEY = generate(Algorithm.ES256)
CLAIMS = {"sub": "alice", "n": 1}


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def public(key):
    return key if isinstance(key, bytes) else key.public_key()


def signed(claims=CLAIMS, *, key=KEY, algorithm="ES256", typ="at+jwt") -> str:
    return jws.sign(claims, key=key, algorithm=algorithm, kid="one", typ=typ)


def verify(token: str, *, key=KEY, algorithm="ES256", typ="at+jwt"):
    return jws.verify(jws.parse(token), key=public(key), algorithm=algorithm, typ=typ)


def with_header(header, payload: bytes | None = None) -> str:
    """A token whose signature by KEY is right, whatever its header says."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    text = f"{b64(raw)}.{b64(json.dumps(CLAIMS).encode() if payload is None else payload)}"
    return f"{text}.{b64(ECAlgorithm(ECAlgorithm.SHA256).sign(text.encode(), KEY))}"


HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "one"}


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_verifies_what_it_signed(algorithm):
    key = generate(algorithm)
    token = signed(key=key, algorithm=algorithm)
    assert verify(token, key=key, algorithm=algorithm) == CLAIMS
    with pytest.raises(InvalidToken):
        verify(token, key=generate(algorithm), algorithm=algorithm)


def test_a_token_made_by_hand_verifies_so_that_the_attacks_below_fail_for_their_own_reason():
    assert verify(with_header(HEADER)) == CLAIMS


@pytest.mark.spec("RFC 8725", "3.1")
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", "HS256", "RS256", "ES384", "ES256K", "EdDSA"])
def test_the_header_never_chooses_the_algorithm(alg):
    with pytest.raises(InvalidToken):
        verify(with_header(HEADER | {"alg": alg}))


@pytest.mark.spec("RFC 8725", "3.2")
@pytest.mark.parametrize("alg", ["none", "None", "ES256"])
def test_refuses_an_unsigned_token(alg):
    head = b64(json.dumps(HEADER | {"alg": alg}).encode())
    with pytest.raises(InvalidToken):
        verify(f"{head}.{b64(json.dumps(CLAIMS).encode())}.")


@pytest.mark.spec("RFC 8725", "2.1")
@pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.RS256, Algorithm.EDDSA])
def test_a_published_key_is_never_an_hmac_secret(algorithm):
    key = generate(algorithm)
    encodings = [
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        json.dumps(public_jwk(key, kid="one", algorithm=algorithm)).encode(),
        b"",
    ]
    for secret in encodings:
        for alg in ("HS256", algorithm):
            text = f"{b64(json.dumps(HEADER | {'alg': alg}).encode())}.{b64(json.dumps(CLAIMS).encode())}"
            forged = f"{text}.{b64(hmac.digest(secret, text.encode(), hashlib.sha256))}"
            with pytest.raises(InvalidToken):
                verify(forged, key=key, algorithm=algorithm)


@pytest.mark.spec("RFC 8725", "3.5")
@pytest.mark.parametrize("secret", [b"", b"\x00" * 32, b"secret"])
def test_an_empty_or_guessed_secret_opens_no_hmac(secret):
    text = f"{b64(json.dumps(HEADER | {'alg': 'HS256'}).encode())}.{b64(json.dumps(CLAIMS).encode())}"
    forged = f"{text}.{b64(hmac.digest(secret, text.encode(), hashlib.sha256))}"
    with pytest.raises(InvalidToken):
        verify(forged, key=generate(Algorithm.HS256), algorithm="HS256")


@pytest.mark.spec("RFC 8725", "3.10")
@pytest.mark.parametrize(
    "extra",
    [
        {"jwk": public_jwk(KEY, kid="one", algorithm="ES256")},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
        {"x5t": "abc"},
        {"crit": ["exp"]},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"zip": "DEF"},
        {"enc": "A256GCM"},
        {"p2c": 1_000_000},
        {"cty": "JWT"},
        {"unheard-of": "x"},
    ],
)
def test_refuses_headers_that_carry_keys_or_demands(extra):
    """`crit`, embedded and remote keys, compression: none of ours has them (RFC 7515 section 4.1.11)."""
    with pytest.raises(InvalidToken):
        verify(with_header(HEADER | extra))


@pytest.mark.parametrize("value", [None, 1, True, [], {}, ["ES256"]])
@pytest.mark.parametrize("name", ["alg", "kid", "typ"])
def test_refuses_header_values_of_another_type(name, value):
    with pytest.raises(InvalidToken):
        verify(with_header(HEADER | {name: value}))


@pytest.mark.spec("RFC 8725", "3.11")
@pytest.mark.parametrize("typ", ["JWT", "rt+jwt", "logout+jwt", "", "at+jwt ", "application/at+jwt"])
def test_one_kind_never_passes_for_another(typ):
    with pytest.raises(InvalidToken):
        verify(signed(typ=typ))


def test_refuses_a_token_without_a_kind():
    with pytest.raises(InvalidToken):
        verify(with_header({"alg": "ES256", "kid": "one"}))


def test_refuses_a_signature_of_noughts():
    """The "psychic" signature r = s = 0 (CVE-2022-21449), and its neighbours."""
    head, payload, _ = signed().split(".")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    parts = [0, order, order - 1, 1]
    for r in parts:
        for s in parts:
            forged = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
            with pytest.raises(InvalidToken):
                verify(f"{head}.{payload}.{forged}")


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 70, 72, 128])
def test_refuses_a_signature_of_another_length(length):
    head, payload, _ = signed().split(".")
    with pytest.raises(InvalidToken):
        verify(f"{head}.{payload}.{b64(b'1' * length)}")


def test_refuses_a_signature_in_der():
    head, payload, _ = signed().split(".")
    der = KEY.sign(f"{head}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidToken):
        verify(f"{head}.{payload}.{b64(der)}")


@pytest.mark.parametrize("part", [0, 1, 2])
def test_refuses_a_changed_part(part):
    parts = signed().split(".")
    middle = len(parts[part]) // 2
    parts[part] = parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]
    with pytest.raises(InvalidToken):
        verify(".".join(parts))


@pytest.mark.spec("RFC 7515", "2")
@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("suffix", ["=", "==", "\n", " ", "%3D", "!", "\x00", "+", "/"])
def test_refuses_anything_but_canonical_base64url(part, suffix):
    parts = signed().split(".")
    parts[part] += suffix
    with pytest.raises(InvalidToken):
        verify(".".join(parts))


def test_refuses_stray_bits_behind_the_signature():
    """The last character of 64 bytes has four bits that mean nothing: they must be nought."""
    token = signed()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(token[-1])
    for stray in range(1, 16):
        with pytest.raises(InvalidToken):
            verify(token[:-1] + alphabet[last + stray])


def test_refuses_the_alphabet_of_plain_base64():
    for number in range(200):
        token = signed({"n": number})
        if "-" in token or "_" in token:
            break
    with pytest.raises(InvalidToken):
        verify(token.replace("-", "+").replace("_", "/"))


@pytest.mark.parametrize(
    "change", [lambda t: f" {t}", lambda t: f"{t}\n", lambda t: f"{t}.", lambda t: f".{t}", lambda t: f"{t}.{t}"]
)
def test_refuses_anything_around_the_token(change):
    with pytest.raises(InvalidToken):
        verify(change(signed()))


@pytest.mark.parametrize("token", ["", ".", "..", "...", "a.b.c", "a..", "é.é.é", "\x00", "null", "{}", "한.국.어"])
def test_refuses_what_is_no_token(token):
    with pytest.raises(InvalidToken):
        verify(token)


def test_refuses_general_and_flattened_json():
    """Only the compact form is read; an empty `signatures` array verifies nothing (CVE-2026-102946)."""
    head, payload, signature = signed().split(".")
    general = {"payload": payload, "signatures": [{"protected": head, "signature": signature}]}
    for form in (
        general,
        general | {"signatures": []},
        {"payload": payload, "protected": head, "signature": signature},
    ):
        with pytest.raises(InvalidToken):
            verify(json.dumps(form))


def test_refuses_a_detached_payload():
    head, _, signature = signed().split(".")
    with pytest.raises(InvalidToken):
        verify(f"{head}..{signature}")


def test_refuses_an_encrypted_token():
    with pytest.raises(InvalidToken):
        verify(f"{b64(json.dumps({'alg': 'dir', 'enc': 'A256GCM'}).encode())}....")


def test_refuses_an_oversized_token_before_reading_it():
    token = signed({"pad": "x" * MAX_TOKEN_LENGTH})
    with pytest.raises(InvalidToken, match="size"):
        verify(token)


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"ES256","typ":"at+jwt","kid":"one","kid":"two"}',
        b'{"alg":"none","typ":"at+jwt","kid":"one","alg":"ES256"}',
        b'{"alg":"ES256","typ":"at+jwt","kid":"one"}{}',
        b'["ES256"]',
        b'"ES256"',
        b"null",
        b"1",
        b"",
        b"{" * 2000,
        b"[" * 5000,
        b'{"kid":' * 1000 + b"1" + b"}" * 1000,
        '{"alg":"ES256","typ":"at+jwt","kid":"one"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"alg":"ES256","typ":"at+jwt","kid":"one"}',
        b'{"alg":"ES256","typ":"at+jwt","kid":"\xff"}',
        b"{'alg':'ES256'}",
    ],
)
def test_refuses_a_header_that_is_not_one_plain_object(header):
    with pytest.raises(InvalidToken):
        verify(with_header(header))


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"1", b'"x"', b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 3000, b"\xff\xfe"]
)
def test_refuses_claims_that_are_not_one_plain_object(payload):
    with pytest.raises(InvalidToken):
        verify(with_header(HEADER, payload))


def test_a_parsed_token_of_ours_has_no_padding_and_only_three_headers():
    token = signed()
    assert "=" not in token
    parsed = jws.parse(token)
    assert (parsed.kid, parsed.typ, parsed.alg) == ("one", "at+jwt", "ES256")
