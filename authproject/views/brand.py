"""GET /brand.css and /brand/logo: what settings say of the brand, in the one way that a strict policy lets in."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from authproject import brand

_KEPT = "public, max-age=31536000, immutable"  # its address has its version


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """Send the colours; 404 where they are the house's own."""
    if not settings.BRAND_COLOR:
        raise Http404
    response = HttpResponse(brand.stylesheet(settings.BRAND_COLOR, settings.BRAND_COLOR_DARK), content_type="text/css")
    response["Cache-Control"] = _KEPT
    return response


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """Send the logo, which runs nothing wherever it is opened; 404 where there is none."""
    if not settings.BRAND_LOGO:
        raise Http404
    found = brand.logo(settings.BRAND_LOGO)
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Cache-Control"] = _KEPT
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
