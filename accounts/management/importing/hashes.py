"""Password hashes of other systems, as they are kept here; those that are not known are left behind."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from trust.lib.strict_json import MalformedJson, parse_json

# A sign-in that would take longer than some seconds is a way to keep us busy.
MOST_ITERATIONS: Final = 5_000_000
_LONGEST_SALT: Final = 32  # bytes
# A shorter key is the beginning of a longer one (RFC 8018 section 5.2): 256 bits do, and fit the column.
_KEPT_BYTES: Final = 32
_MOST_MEMORY: Final = 64 * 1024 * 1024  # bytes
_DJANGO_PBKDF2: Final = re.compile(r"pbkdf2_(sha1|sha256)\$([0-9]{1,8})\$([^$]+)\$([A-Za-z0-9+/]+=*)")
_DJANGO_SCRYPT: Final = re.compile(r"scrypt\$([0-9]{1,8})\$[^$]+\$([0-9]{1,3})\$([0-9]{1,3})\$[A-Za-z0-9+/]+=*")
_ARGON2: Final = re.compile(
    r"argon2\$argon2(?:id|i|d)\$v=19\$m=([0-9]{1,8}),t=([0-9]{1,3}),p=[0-9]{1,3}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+"
)
_KEYCLOAK_PBKDF2: Final = {"pbkdf2": "sha1", "pbkdf2-sha256": "sha256", "pbkdf2-sha512": "sha512"}


def of_django(encoded: str) -> str | None:
    """Return a hash as Django keeps it in a form that is checked here, or None if it is not known, or too dear."""
    if found := _DJANGO_PBKDF2.fullmatch(encoded):
        digest, iterations, salt, hashed = found.groups()
        return _pbkdf2(digest, int(iterations), salt.encode(), hashed)
    if found := _DJANGO_SCRYPT.fullmatch(encoded):
        work, block, parallelism = map(int, found.groups())
        is_power = work > 1 and work & (work - 1) == 0
        return encoded if is_power and 0 < 128 * work * block * parallelism <= _MOST_MEMORY else None
    if found := _ARGON2.fullmatch(encoded):
        memory, time = map(int, found.groups())
        return encoded if memory * 1024 <= _MOST_MEMORY and time <= 20 else None
    return None


def of_keycloak(credential: Mapping[str, Any]) -> str | None:
    """Return the hash of a credential of Keycloak's export, or None: `credentialData` and `secretData` are JSON."""
    try:
        how, what = parse_json(credential["credentialData"].encode()), parse_json(credential["secretData"].encode())
        algorithm, iterations = how["algorithm"], int(how["hashIterations"])
        salt, hashed = b64decode(what["salt"], validate=True), what["value"]
        if algorithm in _KEYCLOAK_PBKDF2:
            return _pbkdf2(_KEYCLOAK_PBKDF2[algorithm], iterations, salt, hashed)
        return _argon2(how, iterations, salt, hashed) if algorithm == "argon2" else None
    except (KeyError, TypeError, ValueError, AttributeError, MalformedJson):
        return None


def _pbkdf2(digest: str, iterations: int, salt: bytes, hashed: str) -> str | None:
    try:
        derived = b64decode(hashed, validate=True)
    except binascii.Error:
        return None
    if not (0 < iterations <= MOST_ITERATIONS and 16 <= len(derived) <= 64 and len(salt) <= _LONGEST_SALT):
        return None
    kept = b64encode(derived[:_KEPT_BYTES]).decode()
    return f"pbkdf2${digest}${iterations}${b64encode(salt).decode()}${kept}"


def _argon2(how: Mapping[str, Any], time: int, salt: bytes, hashed: str) -> str | None:
    """Return it as argon2's own libraries write it, without padding."""
    parameters = {name: values[0] for name, values in how["additionalParameters"].items()}
    if parameters["version"] not in {"1.3", "19"} or parameters["type"] not in {"id", "i", "d"}:
        return None
    cost = f"m={int(parameters['memory'])},t={time},p={int(parameters['parallelism'])}"
    salted = b64encode(salt).decode().rstrip("=")
    return of_django(f"argon2$argon2{parameters['type']}$v=19${cost}${salted}${hashed.rstrip('=')}")
