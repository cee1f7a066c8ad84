"""The check of what is registered: it reads the database, so `manage.py check --deploy --database default` runs it."""

from collections.abc import Iterable
from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, register
from django.db import Error as DatabaseFailed

from authproject.checks.rule import Rule
from oauth.models import Client

RULE: Final = Rule(
    "W016",
    "Clients need not use PKCE.",
    "Set the code challenge of each to required in the administration, unless it cannot send one.",
    lambda: Client.objects.active().without_pkce().exists(),
)


@register(Tags.database, deploy=True)
def check_clients(
    app_configs: Iterable[AppConfig] | None, databases: Iterable[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Warn of active clients with PKCE optional (RFC 9700 section 2.1.1). Without its table there is none."""
    if not databases:
        return []
    try:
        return [RULE.message()] if RULE.is_broken() else []
    except DatabaseFailed:  # not migrated yet, or away: health/ready tells that
        return []
