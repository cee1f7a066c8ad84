"""Whether an answer is right (Web Authentication Level 3, sections 7.1 and 7.2)."""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from fido2.cose import CoseKey
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from accounts.conf import CHALLENGE_LIFETIME, LONGEST_CREDENTIAL_ID
from accounts.errors import PasskeyRefused
from accounts.webauthn.asking import OFFERED, Ceremony, server

# What the library's parsers raise at a stranger's bytes.
_MALFORMED: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a right answer says: by which credential, with which counter, and whether the person was verified."""

    credential_id: bytes
    counter: int
    user_verified: bool
    backup_eligible: bool


def registered(ceremony: Ceremony, answer: Mapping[str, Any], *, now: datetime) -> RegistrationResponse:
    """Check an answer to a registration (section 7.1) and return it, parsed. Raises PasskeyRefused."""
    _check_time(ceremony, now)
    response = _read(lambda: RegistrationResponse.from_dict(answer))
    _check_frame(response.response.client_data)
    made = _read(lambda: server().register_complete(_state(ceremony), response), reason="refused")
    _check_flags(made)
    _check_key(made.credential_data)
    return response


def asserted(
    ceremony: Ceremony, answer: Mapping[str, Any], credentials: Sequence[AttestedCredentialData], *, now: datetime
) -> Assertion:
    """Check an answer to an authentication (section 7.2) by one of `credentials`. Raises PasskeyRefused."""
    _check_time(ceremony, now)
    response = _read(lambda: AuthenticationResponse.from_dict(answer))
    _check_frame(response.response.client_data)
    if ceremony.user and response.response.user_handle not in {None, b"", ceremony.user.encode()}:
        raise PasskeyRefused("another person's")
    used = _read(lambda: server().authenticate_complete(_state(ceremony), credentials, response), reason="refused")
    made = response.response.authenticator_data
    _check_flags(made)
    return Assertion(used.credential_id, made.counter, made.is_user_verified(), made.is_backup_eligible())


def user_handle(answer: Mapping[str, Any]) -> str:
    """Return whose the passkey says it is (section 5.1.4.1), unchecked; empty if it says nothing readable."""
    response = _read(lambda: AuthenticationResponse.from_dict(answer))
    return (response.response.user_handle or b"").decode("ascii", "replace")


def _state(ceremony: Ceremony) -> dict[str, str]:
    return {"challenge": ceremony.challenge, "user_verification": ceremony.user_verification}


def _read(read: Callable[[], Result | None], *, reason: str = "malformed") -> Result:
    try:
        found = read()
    except (*_MALFORMED, UnsupportedAlgorithm) as wrong:
        raise PasskeyRefused(reason) from wrong
    if found is None:
        raise PasskeyRefused(reason)
    return found


def _check_time(ceremony: Ceremony, now: datetime) -> None:
    if not 0 <= now.timestamp() - ceremony.begun < CHALLENGE_LIFETIME.total_seconds():
        raise PasskeyRefused("expired")


def _check_frame(client_data: CollectedClientData) -> None:
    """A page of ours in somebody else's frame asks for nothing (sections 7.1 and 7.2, crossOrigin and topOrigin)."""
    if client_data.cross_origin:
        raise PasskeyRefused("cross-origin")


def _check_flags(made: AuthenticatorData) -> None:
    """What cannot be backed up is not (section 6.1.3)."""
    if made.is_backed_up() and not made.is_backup_eligible():
        raise PasskeyRefused("flags")


def _check_key(made: AttestedCredentialData | None) -> None:
    """The algorithm is one that was offered, and the key is one that can refuse a signature."""
    if made is None or not 0 < len(made.credential_id) <= LONGEST_CREDENTIAL_ID:
        raise PasskeyRefused("malformed")
    if not any(type(made.public_key) is offered for offered in OFFERED):
        raise PasskeyRefused("algorithm")
    _read(lambda: _refuses(made.public_key) or None)


def _refuses(key: CoseKey) -> bool:
    try:
        key.verify(b"a message", bytes(64))
    except InvalidSignature:
        return True
    return False
