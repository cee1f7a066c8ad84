"""OpenID Connect Core section 5.5: the claims parameter, which asks for single claims by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oauth.conf import MOST_CLAIMS
from oauth.errors import InvalidRequest
from oauth.grant import NO_CLAIMS, AskedClaims
from oauth.protocol.findings import malformed
from oauth.protocol.oidc.claims import STANDARD
from trust.lib.strict_json import MalformedJson, parse_json

_MALFORMED: Final = "The claims parameter is malformed."
Wanted = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsRequest:
    """What the parameter asks: claims by name, a level of authentication, and whose sub it must be."""

    asked: AskedClaims = NO_CLAIMS
    acr_values: tuple[str, ...] = ()
    acr_is_essential: bool = False
    subject: str | None = None


def parse(text: str) -> ClaimsRequest:
    """Return what the parameter asks; unknown members and claims are ignored. Raises InvalidRequest."""
    try:
        whole = _object(parse_json(text.encode("utf-8", "surrogatepass")))
    except MalformedJson as wrong:
        raise InvalidRequest(_MALFORMED, finding=malformed("claims")) from wrong
    id_token, userinfo = _claims(whole.get("id_token")), _claims(whole.get("userinfo"))
    acr = id_token.get("acr", {})
    return ClaimsRequest(
        asked=AskedClaims(id_token=_known(id_token), userinfo=_known(userinfo)),
        acr_values=_values(acr),
        acr_is_essential=acr.get("essential") is True,
        subject=_subject(id_token) or _subject(userinfo),
    )


def _claims(member: object) -> dict[str, Wanted]:
    claims = {} if member is None else _object(member)
    if len(claims) > MOST_CLAIMS:
        raise InvalidRequest("The claims parameter asks for too many claims.", finding=malformed("claims"))
    return {name: {} if wanted is None else _object(wanted) for name, wanted in claims.items()}


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRequest(_MALFORMED, finding=malformed("claims"))
    return value


def _known(claims: Mapping[str, Wanted]) -> tuple[str, ...]:
    return tuple(name for name in claims if name in STANDARD)


def _values(wanted: Wanted) -> tuple[str, ...]:
    """Return the values that will do, the best first (section 5.5.1)."""
    values = wanted.get("values", [wanted["value"]] if "value" in wanted else [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InvalidRequest(_MALFORMED, finding=malformed("claims"))
    return tuple(values)


def _subject(claims: Mapping[str, Wanted]) -> str | None:
    values = _values(claims.get("sub", {}))
    return values[0] if values else None
