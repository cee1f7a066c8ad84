"""GET /.well-known/openid-configuration and /.well-known/oauth-authorization-server."""

from typing import Final

from django.conf import settings

from oauth.protocol import rfc8414_metadata
from oauth.services import origins
from oauth.views.machine import open_to
from trust.lib.wire import Request, Response

_CACHED: Final = {"Cache-Control": "public, max-age=300"}


@open_to(origins.anyone, methods="GET")
def openid_configuration(request: Request) -> Response:
    """Answer the OpenID Provider's metadata (Discovery 1.0 section 4)."""
    languages = [tag for tag, _name in settings.LANGUAGES]
    body = rfc8414_metadata.openid_configuration(
        settings.ISSUER,
        languages=languages,
        signup_open=settings.SIGNUP == "open",
        registration_open=settings.DCR != "off",
    )
    return Response(body=body, headers=_CACHED)


@open_to(origins.anyone, methods="GET")
def oauth_authorization_server(request: Request) -> Response:
    """Answer the authorization server's metadata (RFC 8414 section 3)."""
    body = rfc8414_metadata.metadata(settings.ISSUER, registration_open=settings.DCR != "off")
    return Response(body=body, headers=_CACHED)
