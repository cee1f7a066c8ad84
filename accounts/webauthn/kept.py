"""What is kept of a new passkey, beyond what allauth reads, and how a browser is reminded of it."""

from collections.abc import Mapping
from typing import Any, Final

from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialType,
    RegistrationResponse,
)

# A browser may know more of them; what we do not know is left out.
_TRANSPORTS: Final = {transport.value: transport for transport in AuthenticatorTransport}


def what_is_kept(checked: RegistrationResponse, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a right answer: nothing in it that was not asked for."""
    kept = dict(checked)
    kept["clientExtensionResults"] = {"credProps": {"rk": _is_discoverable(answer)}}
    kept["response"] = {**kept["response"], "transports": _transports(answer)}
    return kept


def descriptor(credential: AttestedCredentialData, kept: Mapping[str, Any]) -> PublicKeyCredentialDescriptor:
    """Return how a browser is told which passkey is meant, and how it is reached (section 5.8.3)."""
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY,
        id=credential.credential_id,
        transports=[_TRANSPORTS[name] for name in _transports(kept)] or None,
    )


def _transports(answer: Mapping[str, Any]) -> list[str]:
    named = answer["response"].get("transports")
    return [name for name in _TRANSPORTS if name in named] if isinstance(named, list) else []


def _is_discoverable(answer: Mapping[str, Any]) -> bool | None:
    """Return whether the key keeps the passkey itself (section 10.1.3), as far as the browser says so."""
    results = answer.get("clientExtensionResults")
    properties = results.get("credProps") if isinstance(results, dict) else None
    said = properties.get("rk") if isinstance(properties, dict) else None
    return said if isinstance(said, bool) else None
