"""RFC 9101 section 6, OpenID Connect Core section 6.3: a request object, checked, and the parameters that it says."""

import json
from datetime import datetime
from typing import Any, Final

from oauth.conf import LONGEST_PARAMETER, LONGEST_REQUEST_OBJECT
from oauth.errors import InvalidRequestObject
from oauth.protocol import rfc7519_claims
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.services import client_keys
from oauth.vocabulary import CLIENT_ALGORITHMS
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
    }
)
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
    said = {name: _text(name, value) for name, value in claims.items() if name in PARAMETERS}
    return Parameters({**said, "client_id": client.client_id})


def _trusted(token: ForeignJws, client: RegisteredClient) -> dict[str, Any]:
    """Return the claims if the client signed them as it is registered to, or is registered to sign nothing.

    Any algorithm will do where none is registered, but never none.
    """
    algorithm = client.request_object_signing_alg
    if token.alg == UNSIGNED and algorithm != UNSIGNED:
        raise NotSigned
    if token.alg not in ([algorithm] if algorithm else CLIENT_ALGORITHMS):
        raise InvalidToken("not the registered algorithm")
    if token.alg != UNSIGNED:
        return client_keys.verified(token, client)
    if token.signature:
        raise InvalidToken("a signature by no algorithm")
    return token.unverified


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
    if "aud" in claims and not rfc7519_claims.is_for(claims, {issuer}):
        return _not_meant_so("aud", issuer)
    return rfc7519_claims.wrong_time(claims, now)


def _not_meant_so(about: str, expected: str) -> Finding:
    return Finding(found=Found.OBJECT_NOT_MEANT_SO, about=about, expected=expected)


def _text(name: str, value: object) -> str:
    """Return a parameter as a query has it: numbers, and `claims`, need not be text in an object (section 4)."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    elif name == "claims" and isinstance(value, dict):
        value = json.dumps(value)
    if not isinstance(value, str) or len(value) > LONGEST_PARAMETER:
        raise InvalidRequestObject("A parameter of the request object is of another type, or too long.")
    return value
