"""What every system knows: two clients, fifty people, and keys; made anew for each run, secrets and all."""

import base64
import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from bench.http import HOST

PEOPLE: Final = 50
# What a person's application asks for, everywhere but where the column says otherwise.
SCOPE: Final = "openid profile email"
RESOURCE: Final = "https://api.example.com"
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. Ours gives them another id."""

    id: str
    username: str
    password: str

    @property
    def claims(self) -> dict[str, object]:
        """What is told of them, by OpenID Connect's names."""
        return {
            "name": f"Person {self.username}",
            "given_name": "Person",
            "family_name": self.username,
            "preferred_username": self.username,
            "email": f"{self.username}@example.com",
            "email_verified": True,
        }


@dataclass(frozen=True)
class World:
    """The world of one run."""

    id_token_alg: str
    machine_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    app_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    people: tuple[Person, ...] = field(
        default_factory=lambda: tuple(
            Person(str(uuid.uuid4()), f"bench{number:03}", secrets.token_urlsafe(18)) for number in range(PEOPLE)
        )
    )
    issuer: str = f"https://{HOST}"
    redirect_uri: str = "https://app.example.com/callback"
    machine_id: str = "bench-machine"
    app_id: str = "bench-app"

    @property
    def challenge(self) -> str:
        """The PKCE challenge of all codes (RFC 7636 section 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def write(self, path: Path) -> None:
        """Leave it where the peers read it, with keys and password hashes."""
        document = {
            "issuer": self.issuer,
            "scope": SCOPE,
            "redirect_uri": self.redirect_uri,
            "id_token_alg": self.id_token_alg,
            "machine": {"client_id": self.machine_id, "client_secret": self.machine_secret, "scope": "read"},
            "app": {
                "client_id": self.app_id,
                "client_secret": self.app_secret,
                "scope": f"{SCOPE} offline_access",
            },
            "private_keys": [_rsa_key(), _ec_key()],
            "cookie_key": secrets.token_urlsafe(32),
            "people": [
                {
                    "id": person.id,
                    "username": person.username,
                    "password_hash": HASHER.hash(person.password),
                    "claims": person.claims,
                }
                for person in self.people
            ],
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(document), encoding="utf-8")


def _rsa_key() -> dict[str, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return _described(RSAAlgorithm.to_jwk(key, as_dict=True), "RS256")


def _ec_key() -> dict[str, Any]:
    return _described(ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True), "ES256")


def _described(jwk: dict[str, Any], algorithm: str) -> dict[str, Any]:
    jwk = {name: value for name, value in jwk.items() if name != "key_ops"}
    return jwk | {"kid": f"bench-{algorithm}", "use": "sig", "alg": algorithm}
