"""The check of what settings name by dotted path, at every start."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register()
def check_hooks(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Every hook named in settings can be imported and called."""
    hooks = {
        "SESSION_ENDED": settings.SESSION_ENDED,
        "ROLE_ENDED": settings.ROLE_ENDED,
        "PERSON_EXPORT": settings.PERSON_EXPORT,
        "PERSON_ADMIN_PANELS": settings.PERSON_ADMIN_PANELS,
        "PERSON_ERASED": settings.PERSON_ERASED,
        "SIGN_IN_JUDGED": settings.SIGN_IN_JUDGED,
        "TOKEN_ISSUED": settings.TOKEN_ISSUED,
        "REFUSALS_NOTED": settings.REFUSALS_NOTED,
        "AUDIT_SEALED": settings.AUDIT_SEALED,
        "LIMIT_HIT": settings.LIMIT_HIT,
        "PERSON_MADE": settings.PERSON_MADE,
    }
    found: list[CheckMessage] = [
        Error(f"{name} names {path}, which cannot be called.", id="authproject.E005")
        for name, paths in hooks.items()
        for path in paths
        if not callable(_imported(path))
    ]
    if settings.API_MESSAGES and not isinstance(_imported(settings.API_MESSAGES), Mapping):
        found.append(Error(f"API_MESSAGES names {settings.API_MESSAGES}, no mapping.", id="authproject.E006"))
    return found


def _imported(path: str) -> object:
    try:
        return import_string(path)
    except ImportError:
        return None
