"""RFC 9101 section 6, OpenID Connect Core section 6.3: a request object, checked, and the parameters that it says."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from oauth.conf import LONGEST_PARAMETER, LONGEST_REQUEST_OBJECT
from oauth.errors import InvalidRequestObject
from oauth.protocol import fapi2, rfc7519_claims
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.services import client_keys
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys import foreign
from trust.keys.foreign import ForeignJws, InvalidToken

UNSIGNED: Final = "none"
# What an authorization request may say here. In an object anything else is ignored, as it is outside.
PARAMETERS: Final = frozenset(
    {
        *("response_type", "response_mode", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method", "prompt", "max_age", "acr_values", "claims"),
        *("id_token_hint", "login_hint", "display", "ui_locales", "claims_locales"),
        *("dpop_jkt", "authorization_details", "resource"),
    }
)
# Parameters that are JSON, and of which type (OpenID Connect Core section 5.5, RFC 9396 section 3).
_JSON: Final[Mapping[str, type]] = {"claims": dict, "authorization_details": list}
# An id token says JWT too, and is none by its claims; other kinds never pass for this one (section 10.8).
_TYPES: Final = frozenset({"", "jwt", "oauth-authz-req+jwt"})
_NOT_INSIDE: Final = ("request", "request_uri")  # section 4


class NotSigned(InvalidRequestObject):
    """An unsigned object of a client that is not registered for such."""

    usual = Finding(found=Found.OBJECT_UNSIGNED)


def parameters_of(text: str, *, client: RegisteredClient, issuer: str, now: datetime) -> Parameters:
    """Return the parameters that an object says, and the `client_id`. Raises InvalidRequestObject."""
    try:
        token = foreign.parse(text, longest=LONGEST_REQUEST_OBJECT)
    except InvalidToken as invalid:
        raise InvalidRequestObject from invalid
    try:
        claims = _trusted(token, client)
    except InvalidToken as invalid:
        raise InvalidRequestObject(finding=Finding(found=Found.OBJECT_NOT_VERIFIED)) from invalid
    wrong = _wrong_use(token, claims) or _wrong_claim(claims, client, issuer=issuer, now=now)
    if wrong is not None:
        raise InvalidRequestObject(finding=wrong)
    said = {name: _values(name, value) for name, value in claims.items() if name in PARAMETERS}
    repeated = {name: values for name, values in said.items() if len(values) > 1}
    return Parameters({**{name: values[-1] for name, values in said.items()}, "client_id": client.client_id}, repeated)


def _trusted(token: ForeignJws, client: RegisteredClient) -> dict[str, Any]:
    """Return the claims if the client signed them as it is registered to, or is registered to sign nothing.

    Any algorithm will do where none is registered, but never none.
    """
    if token.alg == UNSIGNED and must_sign(client):
        raise NotSigned
    if token.alg != UNSIGNED:
        if token.alg not in fapi2.algorithms(client, client.request_object_signing_alg):
            raise InvalidToken("not the registered algorithm")
        return client_keys.verified(token, client)
    if token.signature:
        raise InvalidToken("a signature by no algorithm")
    return token.unverified


def must_sign(client: RegisteredClient) -> bool:
    """Tell whether the client's request objects are signed, always."""
    return client.is_fapi2 or client.request_object_signing_alg != UNSIGNED


def _wrong_use(token: ForeignJws, claims: dict[str, Any]) -> Finding | None:
    """Tell what a token of another kind is wrong in, or one with a request object inside."""
    if token.typ not in _TYPES:
        return _not_meant_so("typ", "oauth-authz-req+jwt")
    return next((_not_meant_so(name, "") for name in _NOT_INSIDE if name in claims), None)


def _wrong_claim(claims: dict[str, Any], client: RegisteredClient, *, issuer: str, now: datetime) -> Finding | None:
    """Tell what an object that is another's, for others, or not for now, is wrong in.

    One about the client could be its assertion.
    """
    for name in ("client_id", "iss"):
        if claims.get(name, client.client_id) != client.client_id:
            return _not_meant_so(name, client.client_id)
    if claims.get("sub") == client.client_id:
        return _not_meant_so("sub", "")
    if ("aud" in claims or client.is_fapi2) and not rfc7519_claims.is_for(claims, {issuer}):
        return _not_meant_so("aud", issuer)
    wrong = rfc7519_claims.wrong_time(claims, now)
    return wrong or (fapi2.wrong_times_of_object(claims, now.timestamp()) if client.is_fapi2 else None)


def _not_meant_so(about: str, expected: str) -> Finding:
    return Finding(found=Found.OBJECT_NOT_MEANT_SO, about=about, expected=expected)


def _values(name: str, value: object) -> tuple[str, ...]:
    """Return the values of a parameter: one, but for resources, of which there may be a list (RFC 8707 section 2)."""
    if name == "resource" and isinstance(value, list) and value:
        return tuple(_text(name, one) for one in value)
    return (_text(name, value),)


def _text(name: str, value: object) -> str:
    """Return a parameter as a query has it: numbers, and what is JSON, need not be text in an object (section 4)."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    elif isinstance(value, _JSON.get(name, ())):
        value = json.dumps(value)
    if not isinstance(value, str) or len(value) > LONGEST_PARAMETER:
        raise InvalidRequestObject("A parameter of the request object is of another type, or too long.")
    return value
