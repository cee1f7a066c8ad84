"""GET /.well-known/openid-configuration and /.well-known/oauth-authorization-server."""

from functools import lru_cache
from typing import Final

from django.conf import settings

from oauth.protocol import rfc8414_metadata
from oauth.services import origins, scopes
from oauth.views.machine import open_to
from trust.lib.wire import Request, Response

_HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "public, max-age=300"}


@open_to(origins.anyone, methods="GET")
async def openid_configuration(request: Request) -> Response:
    """Answer the OpenID Provider's metadata (Discovery 1.0 section 4)."""
    languages = tuple(tag for tag, _name in settings.LANGUAGES)
    body = _of_provider(settings.ISSUER, scopes.offered(), languages, settings.SIGNUP == "open", settings.DCR != "off")
    return Response(body=body, headers=_HEADERS)


@open_to(origins.anyone, methods="GET")
async def oauth_authorization_server(request: Request) -> Response:
    """Answer the authorization server's metadata (RFC 8414 section 3)."""
    return Response(body=_of_server(settings.ISSUER, scopes.offered(), settings.DCR != "off"), headers=_HEADERS)


@lru_cache(8)
def _of_provider(
    issuer: str,
    offered: tuple[str, ...],
    languages: tuple[str, ...],
    signup_open: bool,  # noqa: FBT001 - a cache's key
    registration_open: bool,  # noqa: FBT001
) -> bytes:
    metadata = rfc8414_metadata.openid_configuration(
        issuer,
        scopes=offered,
        languages=list(languages),
        signup_open=signup_open,
        registration_open=registration_open,
    )
    return Response(body=metadata).content()


@lru_cache(8)
def _of_server(issuer: str, offered: tuple[str, ...], registration_open: bool) -> bytes:  # noqa: FBT001 - a cache's key
    metadata = rfc8414_metadata.metadata(issuer, scopes=offered, registration_open=registration_open)
    return Response(body=metadata).content()
