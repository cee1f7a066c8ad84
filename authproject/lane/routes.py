"""Which endpoints the lane answers, at which addresses, with and without a trailing slash."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from accounts.api.token_refresh import refresh
from accounts.api.token_verify import verify
from authproject import tracing
from oauth.views.introspection import introspection
from oauth.views.jwks import jwks
from oauth.views.metadata import oauth_authorization_server, oauth_protected_resource, openid_configuration
from oauth.views.revocation import revocation
from oauth.views.token import token
from oauth.views.userinfo import userinfo
from trust.lib.wire import Endpoint


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint, what metrics call it, and the methods that the lane takes: others are for Django to answer."""

    name: str
    endpoint: Endpoint
    methods: frozenset[str]
    minds_accept: bool = False  # where DRF stands in front, which refuses who takes no JSON


_GET: Final = frozenset({"GET"})
_POST: Final = frozenset({"POST"})
_BY_PATH: Final = {
    "/oauth/token": Route("token", token, _POST),
    "/oauth/introspect": Route("introspection", introspection, _POST),
    "/oauth/revoke": Route("revocation", revocation, _POST),
    "/oauth/userinfo": Route("userinfo", userinfo, _GET | _POST),
    "/oauth/jwks": Route("jwks", jwks, _GET),
    "/.well-known/openid-configuration": Route("openid_configuration", openid_configuration, _GET),
    "/.well-known/oauth-authorization-server": Route("oauth_authorization_server", oauth_authorization_server, _GET),
    "/.well-known/oauth-protected-resource": Route("oauth_protected_resource", oauth_protected_resource, _GET),
    "/api/token/refresh": Route("api_token_refresh", refresh, _POST, minds_accept=True),
    "/api/token/verify": Route("api_token_verify", verify, _POST, minds_accept=True),
}


def _as_mounted() -> Mapping[str, Route]:
    """Return the routes, each traced where traces are on: where they are off, nothing stands before an endpoint."""
    routes = _BY_PATH
    if tracing.is_on():
        from authproject.tracing.endpoint import traced

        routes = {
            path: replace(route, endpoint=traced(route.endpoint, name=route.name, path=path))
            for path, route in _BY_PATH.items()
        }
    return routes | {f"{path}/": route for path, route in routes.items()}


ROUTES: Final = _as_mounted()
