"""GET /.well-known/openid-configuration, oauth-authorization-server and oauth-protected-resource beside it."""

from functools import lru_cache
from typing import Final

from django.conf import settings

from oauth.protocol import rfc8414_metadata, rfc9728_protected_resource
from oauth.protocol.rfc8414_metadata import Offered
from oauth.services import authorization_detail_types, origins, scopes
from oauth.views.machine import open_to
from trust.lib.wire import Request, Response

_HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "public, max-age=300"}


@open_to(origins.anyone, methods="GET")
async def openid_configuration(request: Request) -> Response:
    """Answer the OpenID Provider's metadata (Discovery 1.0 section 4)."""
    return Response(body=_of_provider(settings.ISSUER, _offered()), headers=_HEADERS)


@open_to(origins.anyone, methods="GET")
async def oauth_authorization_server(request: Request) -> Response:
    """Answer the authorization server's metadata (RFC 8414 section 3)."""
    return Response(body=_of_server(settings.ISSUER, _offered()), headers=_HEADERS)


@open_to(origins.anyone, methods="GET")
async def oauth_protected_resource(request: Request) -> Response:
    """Answer the metadata of our own API (RFC 9728 section 3)."""
    return Response(body=_of_api(settings.ISSUER, scopes.offered(), settings.BRAND_NAME), headers=_HEADERS)


def _offered() -> Offered:
    return Offered(
        scopes=scopes.offered(),
        languages=tuple(tag for tag, _name in settings.LANGUAGES),
        detail_types=tuple(authorization_detail_types.registered()),
        signup_open=settings.SIGNUP == "open",
        registration_open=settings.DCR != "off",
        only_pushed=settings.REQUIRE_PAR,
        agents_open=settings.AGENT_CLIENTS,
    )


@lru_cache(8)
def _of_provider(issuer: str, offered: Offered) -> bytes:
    return Response(body=rfc8414_metadata.openid_configuration(issuer, offered)).content()


@lru_cache(8)
def _of_server(issuer: str, offered: Offered) -> bytes:
    return Response(body=rfc8414_metadata.metadata(issuer, offered)).content()


@lru_cache(8)
def _of_api(issuer: str, offered: tuple[str, ...], name: str) -> bytes:
    return Response(body=rfc9728_protected_resource.metadata(issuer, scopes=offered, name=name)).content()
