"""GET /oauth/jwks (RFC 7517 section 5)."""

from oauth.services import origins
from oauth.views.machine import open_to
from trust.keys.ring import ring
from trust.lib.wire import Request, Response


@open_to(origins.anyone, methods="GET")
async def jwks(request: Request) -> Response:
    """Answer the public keys; a new one stands here an hour before it signs, so caches may keep the set as long."""
    return Response(
        body=ring.jwks(), headers={"Content-Type": "application/jwk-set+json", "Cache-Control": "public, max-age=3600"}
    )
