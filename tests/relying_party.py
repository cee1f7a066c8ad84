"""What a client's library does with what it gets: verify signed tokens by the published keys, and by nothing of ours."""

import json
from typing import Any

import jwt
from django.test import Client as Browser


def keys() -> dict[str, jwt.PyJWK]:
    """Return the published keys by kid."""
    published = json.loads(Browser().get("/oauth/jwks").content)["keys"]
    return {key["kid"]: jwt.PyJWK(key) for key in published}


def header_of(value: str) -> dict[str, Any]:
    """Return the header of a signed token."""
    return jwt.get_unverified_header(value)


def verified(value: str, *, audience: str, issuer: str = "http://testserver") -> dict[str, Any]:
    """Return the claims of a token whose signature, issuer, audience and times are right."""
    header = header_of(value)
    key = keys()[header["kid"]]
    return jwt.decode(value, key, algorithms=[header["alg"]], audience=audience, issuer=issuer)


def userinfo(access_token: str, method: str = "GET") -> Any:
    """Ask the userinfo endpoint, by the header."""
    headers = {"authorization": f"Bearer {access_token}"}
    return Browser().generic(method, "/oauth/userinfo", headers=headers)
