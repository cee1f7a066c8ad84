"""GET /oauth/clients/<client_id>/logo: a client's logo, from here and not from its own server."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from oauth.services import client_logos
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import CLIENT_LOGO_BY_ADDRESS

_PLAIN: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_ENCODED: Final = "~"


class ClientIdConverter:
    """A client_id as one segment of a path: itself, or where it has other characters `~` and its base64url."""

    regex = r"~?[A-Za-z0-9_-][A-Za-z0-9._-]*"

    def to_python(self, segment: str) -> str:
        """Return the client_id. Raises ValueError, which is a 404."""
        if not segment.startswith(_ENCODED):
            return segment
        encoded = segment.removeprefix(_ENCODED)
        client_id = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        if self.to_url(client_id) != segment:  # each has one address
            raise ValueError(segment)
        return client_id

    def to_url(self, client_id: str) -> str:
        """Return the segment."""
        if _PLAIN.fullmatch(client_id):
            return client_id
        return _ENCODED + urlsafe_b64encode(client_id.encode()).rstrip(b"=").decode()


@require_safe
def client_logo(request: HttpRequest, client_id: str) -> HttpResponse:
    """Show the logo; 404 where there is none that can be shown. Raises LimitExceeded."""
    rates.take(CLIENT_LOGO_BY_ADDRESS, origin_of(request).client_address)
    logo = client_logos.find(client_id)
    if logo is None:
        raise Http404
    response = HttpResponse(logo.content, content_type=logo.content_type)
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
