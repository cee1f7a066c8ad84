"""The WWW-Authenticate challenge of a resource server (RFC 6750, 9470 and 9728, RFC 9449 section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.conf import settings

from trust.dpop.conf import ALGORITHMS

Scheme = Literal["Bearer", "DPoP"]
Error = Literal[
    "invalid_request",
    "invalid_token",
    "insufficient_scope",
    "insufficient_user_authentication",
    "invalid_dpop_proof",
    "use_dpop_nonce",
]

REALM: Final = "api"
_STATUS: Final[dict[Error, int]] = {
    "invalid_request": 400,
    "invalid_token": 401,
    "insufficient_scope": 403,
    "insufficient_user_authentication": 401,
    "invalid_dpop_proof": 401,
    "use_dpop_nonce": 401,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a client is told that it lacks. Without `error` it only says how to authenticate.

    `description` is for the client's developer, in ASCII (RFC 6750 section 3); `max_age` in seconds. `scheme` is that
    of the credentials that came, and `offers_dpop` says that the other would do, or is what the token asks for.
    """

    error: Error | None = None
    description: str = ""
    scope: str = ""
    acr_values: str = ""
    max_age: int | None = None
    scheme: Scheme = "Bearer"
    offers_dpop: bool = False

    @property
    def status(self) -> int:
        """The status that goes with the error (RFC 6750 section 3.1, RFC 9470 section 3)."""
        return 401 if self.error is None else _STATUS[self.error]

    @property
    def header(self) -> str:
        """The value of the WWW-Authenticate header."""
        parameters = {
            "realm": REALM,
            "resource_metadata": f"{settings.ISSUER}/.well-known/oauth-protected-resource",  # RFC 9728 section 5.1
            "error": self.error,
            "error_description": self.description,
            "scope": self.scope,
            "acr_values": self.acr_values,
            "max_age": "" if self.max_age is None else str(self.max_age),
        }
        if self.scheme == "DPoP":
            return _said("DPoP", parameters | _ALGS)
        bearer = _said("Bearer", parameters)
        return f"{bearer}, {_said('DPoP', {'realm': REALM} | _ALGS)}" if self.offers_dpop else bearer


_ALGS: Final = {"algs": " ".join(ALGORITHMS)}  # RFC 9449 section 7.1


def _said(scheme: Scheme, parameters: Mapping[str, str | None]) -> str:
    return f"{scheme} " + ", ".join(f"{name}={_quoted(value)}" for name, value in parameters.items() if value)


def _quoted(value: str) -> str:
    """Return a quoted-string (RFC 9110 section 5.6.4) of printable ASCII, so that no value ends the header."""
    printable = "".join(character for character in value if " " <= character <= "~")
    escaped = printable.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
