"""What every page knows of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from authproject import brand as brands


def brand(request: HttpRequest) -> dict[str, Any]:
    """Give pages the brand of the site, and who may make an account."""
    return {
        "brand_name": settings.BRAND_NAME,
        "brand_logo": _logo(),
        "brand_stylesheet": _stylesheet(),
        "support_url": settings.SUPPORT_URL,
        "signup_open": settings.SIGNUP == "open",
        "signup_by_invitation": settings.SIGNUP == "invite",
    }


def _logo() -> str:
    if not settings.BRAND_LOGO:
        return static("img/mark.svg")
    return f"{reverse('brand_logo')}?v={brands.logo(settings.BRAND_LOGO).version}"


def _stylesheet() -> str:
    if not settings.BRAND_COLOR:
        return ""
    version = brands.stylesheet_version(settings.BRAND_COLOR, settings.BRAND_COLOR_DARK)
    return f"{reverse('brand_stylesheet')}?v={version}"
