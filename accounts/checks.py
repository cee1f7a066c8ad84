"""Checks of the accounts' settings, run at start-up."""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def check_one_door(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse a second authentication backend: it would be a door without limits and factors."""
    ours = ["allauth.account.auth_backends.AuthenticationBackend"]
    if ours == settings.AUTHENTICATION_BACKENDS:
        return []
    return [Error("AUTHENTICATION_BACKENDS must be allauth's alone.", id="accounts.E001")]
