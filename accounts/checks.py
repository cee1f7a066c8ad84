"""Checks of the accounts' settings, run at start-up."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.forms.email_domains import malformed


@register()
def check_one_door(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse a second authentication backend: it would be a door without limits and factors."""
    ours = ["allauth.account.auth_backends.AuthenticationBackend"]
    if ours == settings.AUTHENTICATION_BACKENDS:
        return []
    return [Error("AUTHENTICATION_BACKENDS must be allauth's alone.", id="accounts.E001")]


@register()
def check_domains(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse SIGNUP_DOMAINS that match no address: they would shut everybody out, or seem to allow subdomains."""
    return [
        Error(f"SIGNUP_DOMAINS names {domain!r}, no domain.", hint="Name it as example.com.", id="accounts.E002")
        for domain in malformed(settings.SIGNUP_DOMAINS)
    ]


@register()
def check_range_service(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse a range service of breached passwords that cannot be asked: passwords would go unchecked unseen."""
    url = urlsplit(settings.PASSWORD_RANGE_URL)
    is_allowed = url.scheme == "https" or (url.scheme == "http" and settings.OUTBOUND_ALLOW_PRIVATE)
    if not settings.PASSWORD_RANGE_URL or (is_allowed and url.hostname and url.path.endswith("/")):
        return []
    hint = "The first five digits are put behind it: https://api.pwnedpasswords.com/range/"
    return [Error("PASSWORD_RANGE_URL is no https address that ends in a slash.", hint=hint, id="accounts.E003")]
