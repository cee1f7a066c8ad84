"""An authenticator in software, as the security key and the browser before it: ES256, attestation "none".

It does what it is told, rightly or wrongly: that is what attacks are made of.
"""

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from accounts.models import User

ORIGIN: Final = "http://testserver"
RP_ID: Final = "testserver"
PRESENT: Final = 0x01
VERIFIED: Final = 0x04
_ATTESTED: Final = 0x40


@dataclass
class SoftwareAuthenticator:
    """One passkey. `flags`, `counter`, `origin`, ... are what the next answer says."""

    user_handle: bytes = b""
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    origin: str = ORIGIN
    rp_id: str = RP_ID
    cross_origin: bool = False
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Answer PublicKeyCredentialCreationOptionsJSON; `changes` are made to the client data."""
        self.user_handle = websafe_decode(options["user"]["id"])
        public_key = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        credential = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + public_key
        attested = {"fmt": "none", "attStmt": {}, "authData": self._said(_ATTESTED) + credential}
        client_data = self._client_data("webauthn.create", options["challenge"], changes)
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(cbor.encode(attested)),
        }
        return self._answer(response | {"transports": ["usb"]}, {"credProps": {"rk": True}})

    def get(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Answer PublicKeyCredentialRequestOptionsJSON; `changes` are made to the client data."""
        client_data, said = self._client_data("webauthn.get", options["challenge"], changes), self._said()
        signature = self.key.sign(said + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(said),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.user_handle),
        }
        return self._answer(response, {})

    def _said(self, flags: int = 0) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", self.flags | flags, self.counter)

    def _client_data(self, kind: str, challenge: str, changes: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(said | changes).encode()

    def _answer(self, response: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": results,
            "authenticatorAttachment": "cross-platform",
        }


def give_passkey(user: User, **made: Any) -> SoftwareAuthenticator:
    """Give a person a passkey, as if they had added it."""
    authenticator = SoftwareAuthenticator(**made)
    entity = {"id": websafe_encode(user.pk.hex.encode())}
    WebAuthn.add(user, "A key", authenticator.create({"user": entity, "challenge": websafe_encode(os.urandom(32))}))
    return authenticator


def row_of(authenticator: SoftwareAuthenticator) -> Authenticator:
    """Return what the house keeps of a passkey."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    return next(row for row in rows if row.data["credential"]["rawId"] == websafe_encode(authenticator.credential_id))
