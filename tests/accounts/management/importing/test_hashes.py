"""Hashes of other systems: as their own libraries make them, checked here, and made anew at the next sign-in."""

import hashlib
import json
import unicodedata
from base64 import b64encode

import pytest
from argon2.low_level import Type, hash_secret_raw
from django.contrib.auth import hashers
from django.contrib.auth.hashers import check_password, identify_hasher

from accounts.management.importing import hashes
from accounts.models import User
from accounts.services import people
from tests.people import PASSWORD

KOREAN = "비밀번호가 길어요"  # as a keyboard may send it: composed


def keycloak_pbkdf2(algorithm, digest, *, iterations=1000, length=64, password=PASSWORD):
    salt = bytes(range(16))
    hashed = hashlib.pbkdf2_hmac(digest, password.encode(), salt, iterations, length)
    return credential({"hashIterations": iterations, "algorithm": algorithm}, salt, hashed)


def keycloak_argon2(password=PASSWORD):
    salt = bytes(range(16))
    hashed = hash_secret_raw(password.encode(), salt, 5, 7168, 1, 32, Type.ID)
    parameters = {"hashLength": ["32"], "memory": ["7168"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"]}
    how = {"hashIterations": 5, "algorithm": "argon2", "additionalParameters": parameters}
    return credential(how, salt, hashed)


def credential(how, salt, hashed):
    secret = {"value": b64encode(hashed).decode(), "salt": b64encode(salt).decode()}
    return {"type": "password", "credentialData": json.dumps(how), "secretData": json.dumps(secret)}


KNOWN = {
    "Django's pbkdf2_sha256": lambda: hashes.of_django(
        hashers.PBKDF2PasswordHasher().encode(PASSWORD, "somesalt", iterations=1000)
    ),
    "Django's pbkdf2_sha1": lambda: hashes.of_django(
        hashers.PBKDF2SHA1PasswordHasher().encode(PASSWORD, "somesalt", iterations=1000)
    ),
    "Django's scrypt": lambda: hashes.of_django(hashers.ScryptPasswordHasher().encode(PASSWORD, "somesalt", n=2**10)),
    "Django's argon2": lambda: hashes.of_django(argon2()),
    "Keycloak's pbkdf2-sha256": lambda: hashes.of_keycloak(keycloak_pbkdf2("pbkdf2-sha256", "sha256")),
    "Keycloak's pbkdf2-sha512": lambda: hashes.of_keycloak(keycloak_pbkdf2("pbkdf2-sha512", "sha512")),
    "Keycloak's argon2": lambda: hashes.of_keycloak(keycloak_argon2()),
}


def argon2():
    """Make a hash as Django does, with less memory than it takes by default."""
    hasher = hashers.Argon2PasswordHasher()
    hasher.memory_cost = 8192
    return hasher.encode(PASSWORD, "somesaltsomesalt")


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_hash_is_checked(name):
    encoded = KNOWN[name]()
    assert encoded is not None
    assert check_password(PASSWORD, encoded)
    assert not check_password(f"{PASSWORD}x", encoded)
    assert not check_password("", encoded)


@pytest.mark.django_db
@pytest.mark.parametrize("name", KNOWN)
def test_it_is_made_anew_at_the_next_sign_in(name, client):
    user = people.create_person(username="bob", email="bob@example.com", password=None, verified=True)
    User.objects.filter(pk=user.pk).update(password=KNOWN[name](), has_long_password=False)
    asked = {"username": "bob", "password": PASSWORD}
    wrong = client.post("/api/token/", asked | {"password": "not it at all"}, content_type="application/json")
    assert wrong.status_code == 401
    assert client.post("/api/token/", asked, content_type="application/json").status_code == 200
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=")
    assert identify_hasher(user.password).must_update(user.password) is False
    assert user.has_long_password
    assert client.post("/api/token/", asked, content_type="application/json").status_code == 200


@pytest.mark.django_db
def test_who_changed_the_password_meanwhile_has_the_last_word():
    user = people.create_person(username="bob", email="bob@example.com", password=None, verified=True)
    old = KNOWN["Keycloak's pbkdf2-sha256"]()
    User.objects.filter(pk=user.pk).update(password=old)
    stale = User.objects.get(pk=user.pk)
    User.objects.get(pk=user.pk).set_password("another one of some length")
    changed = User.objects.get(pk=user.pk)
    changed.set_password("another one of some length")
    changed.save()
    assert stale.check_password(PASSWORD)
    assert User.objects.get(pk=user.pk).password == changed.password


def test_a_password_is_found_however_it_was_typed():
    decomposed = unicodedata.normalize("NFD", KOREAN)
    for made_of in (KOREAN, decomposed):
        encoded = hashes.of_keycloak(keycloak_pbkdf2("pbkdf2-sha256", "sha256", password=made_of))
        assert check_password(made_of, encoded)
    composed = hashes.of_keycloak(keycloak_pbkdf2("pbkdf2-sha256", "sha256", password=KOREAN))
    assert check_password(decomposed, composed)


UNKNOWN = [
    "",
    "!unusable",
    "md5$salt$0123456789abcdef0123456789abcdef",
    "bcrypt_sha256$$2b$12$abcdefghijklmnopqrstuv",
    "pbkdf2_sha256$99999999$salt$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g=",
    "pbkdf2_sha256$0$salt$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g=",
    "pbkdf2_sha256$1000$salt$aGFz",
    "pbkdf2_sha256$1000$salt$not base64",
    "scrypt$16777216$salt$8$1$aGFzaA==",
    "scrypt$1000$salt$8$1$aGFzaA==",
    "argon2$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaA",
]


@pytest.mark.parametrize("encoded", UNKNOWN)
def test_what_is_not_known_or_too_dear_is_left_behind(encoded):
    assert hashes.of_django(encoded) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"credentialData": "{}", "secretData": "{}"},
        {"credentialData": "x", "secretData": "y"},
        keycloak_pbkdf2("pbkdf2-sha256", "sha256", iterations=1, length=8),
        keycloak_pbkdf2("bcrypt", "sha256"),
        keycloak_pbkdf2("pbkdf2-sha256", "sha256") | {"secretData": '{"value": 5, "salt": "AAAA"}'},
    ],
)
def test_a_credential_that_cannot_be_kept_is_left_behind(wrong):
    assert hashes.of_keycloak(wrong) is None
