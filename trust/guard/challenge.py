"""The WWW-Authenticate challenge of a resource server (RFC 6750 section 3, RFC 9470 section 3)."""

from dataclasses import dataclass
from typing import Final, Literal

Error = Literal["invalid_request", "invalid_token", "insufficient_scope", "insufficient_user_authentication"]

REALM: Final = "api"
_STATUS: Final[dict[Error, int]] = {
    "invalid_request": 400,
    "invalid_token": 401,
    "insufficient_scope": 403,
    "insufficient_user_authentication": 401,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a client is told that it lacks. Without `error` it only says how to authenticate.

    `description` is for the client's developer, in ASCII (RFC 6750 section 3); `max_age` in seconds.
    """

    error: Error | None = None
    description: str = ""
    scope: str = ""
    acr_values: str = ""
    max_age: int | None = None

    @property
    def status(self) -> int:
        """The status that goes with the error (RFC 6750 section 3.1, RFC 9470 section 3)."""
        return 401 if self.error is None else _STATUS[self.error]

    @property
    def header(self) -> str:
        """The value of the WWW-Authenticate header."""
        parameters = {
            "realm": REALM,
            "error": self.error,
            "error_description": self.description,
            "scope": self.scope,
            "acr_values": self.acr_values,
            "max_age": "" if self.max_age is None else str(self.max_age),
        }
        return "Bearer " + ", ".join(f"{name}={_quoted(value)}" for name, value in parameters.items() if value)


def _quoted(value: str) -> str:
    """Return a quoted-string (RFC 9110 section 5.6.4) of printable ASCII, so that no value ends the header."""
    printable = "".join(character for character in value if " " <= character <= "~")
    escaped = printable.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
