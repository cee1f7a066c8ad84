"""What every page knows of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def brand(request: HttpRequest) -> dict[str, Any]:
    """Give pages the name of the site, and who may make an account."""
    return {
        "brand_name": settings.BRAND_NAME,
        "signup_open": settings.SIGNUP == "open",
        "signup_by_invitation": settings.SIGNUP == "invite",
    }
