"""The provider under test as a relying party knows it: what its metadata say, its published keys, its endpoints."""

from functools import cached_property
from typing import Any, Final

import jwt
import requests

_SECONDS: Final = 30


class Provider:
    """Sends requests as programs do: without cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.cookies.set_policy(_NoCookies())

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """The OpenID Provider's metadata."""
        return self.get(f"{self.url}/.well-known/openid-configuration").json()

    @cached_property
    def server_metadata(self) -> dict[str, Any]:
        """The authorization server's metadata (RFC 8414)."""
        return self.get(f"{self.url}/.well-known/oauth-authorization-server").json()

    def endpoint(self, name: str) -> str:
        """Return the address of `token`, `userinfo` and so on."""
        address: str = self.metadata[f"{name}_endpoint"]
        return address

    def get(self, url: str, **headers: str) -> requests.Response:
        return self.http.get(url, headers=headers, allow_redirects=False, timeout=_SECONDS)

    def post(self, url: str, form: dict[str, str], **headers: str) -> requests.Response:
        return self.http.post(url, data=form, headers=headers, allow_redirects=False, timeout=_SECONDS)

    def send_json(self, method: str, url: str, body: object, **headers: str) -> requests.Response:
        return self.http.request(method, url, json=body, headers=headers, allow_redirects=False, timeout=_SECONDS)

    def keys(self) -> dict[str, jwt.PyJWK]:
        """Fetch the published keys, by kid."""
        published = self.get(self.metadata["jwks_uri"]).json()["keys"]
        return {key["kid"]: jwt.PyJWK(key) for key in published}

    def verified(self, token: str, *, audience: str, required: tuple[str, ...] = ("exp", "iat")) -> dict[str, Any]:
        """Return the claims of a token whose signature, issuer, audience and times are right."""
        header = jwt.get_unverified_header(token)
        key = self.keys()[header["kid"]]
        assert key.algorithm_name == header["alg"]
        options: Any = {"require": ["iss", "aud", *required]}
        return jwt.decode(
            token, key, algorithms=[header["alg"]], audience=audience, issuer=self.metadata["issuer"], options=options
        )


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):
    def set_ok(self, cookie: Any, request: Any) -> bool:
        return False
