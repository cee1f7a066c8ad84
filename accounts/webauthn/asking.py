"""What is asked of an authenticator (Web Authentication Level 3, sections 5.4 and 5.5), and what is kept meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from fido2.cose import ES256, RS256, EdDSA
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.conf import CHALLENGE_LIFETIME

OFFERED: Final = (ES256, EdDSA, RS256)
Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What is kept between the question and its answer.

    `user` is the handle of whom was asked, empty where anybody may answer; `begun` is in seconds since the epoch.
    """

    challenge: str
    user_verification: str
    user: str
    begun: float


def relying_party() -> dict[str, str]:
    """Return who asks (section 5.4.2): the host of ISSUER, whatever Host header a request had."""
    return {"id": urlsplit(settings.ISSUER).hostname or "", "name": settings.BRAND_NAME}


def begin_registration(
    user: PublicKeyCredentialUserEntity, known: Sequence[PublicKeyCredentialDescriptor], *, now: datetime
) -> tuple[Options, Ceremony]:
    """Return what to ask a browser for a new passkey, as JSON of section 5.1.8, and what to keep.

    A key that can keep the passkey and verify its person does both; one that cannot is good beside a password.
    """
    options, state = server().register_begin(
        user,
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
        extensions={"credProps": True},
    )
    return dict(options), _kept(state, user.id.decode(), now)


def begin_authentication(
    user: str, known: Sequence[PublicKeyCredentialDescriptor], *, now: datetime
) -> tuple[Options, Ceremony]:
    """Return what to ask a browser for a proof, as JSON of section 5.1.9, and what to keep.

    Of whom is not known yet (no `user`) the key must verify the person: it is all that proves them.
    """
    demanded = UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED
    options, state = server().authenticate_begin(credentials=known, user_verification=demanded)
    return dict(options), _kept(state, user, now)


def server() -> Fido2Server:
    """Return the library's relying party, as strict as ours."""
    party = Fido2Server(
        PublicKeyCredentialRpEntity(**relying_party()),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: origin == settings.ISSUER,
    )
    party.timeout = int(CHALLENGE_LIFETIME.total_seconds() * 1000)  # type: ignore[assignment]
    party.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=key.ALGORITHM) for key in OFFERED
    ]
    return party


def _kept(state: Mapping[str, Any], user: str, now: datetime) -> Ceremony:
    return Ceremony(state["challenge"], str(state["user_verification"]), user, now.timestamp())
