"""Deploy checks: what must not be so outside of debugging, each with an id (`manage.py check --deploy`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections
from django.utils.module_loading import import_string

from authproject.settings import HTTPS


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse what is for test beds or single processes only."""
    found: list[CheckMessage] = []
    if not HTTPS:
        found.append(Error("ISSUER is not https.", hint="Set ISSUER to an https origin.", id="authproject.E001"))
    if not settings.RATE_LIMITS:
        found.append(Error("RATE_LIMITS is off.", hint="It is for test beds only.", id="authproject.E002"))
    if settings.OUTBOUND_ALLOW_PRIVATE:
        found.append(Error("OUTBOUND_ALLOW_PRIVATE is on.", hint="It is for test beds only.", id="authproject.E003"))
    if "locmem" in settings.CACHES["default"]["BACKEND"].lower():
        found.append(
            Error(
                "The cache is per process: limits would count in each process alone.",
                hint="Set REDIS_URL.",
                id="authproject.E004",
            )
        )
    if settings.MAIL_TRANSPORT["EMAIL_BACKEND"].endswith("console.EmailBackend"):
        found.append(Caution("Mail goes to the console.", hint="Set EMAIL_URL.", id="authproject.W001"))
    if settings.DCR == "open":
        found.append(
            Caution("Whoever likes may register a client.", hint="Set DCR to token or off.", id="authproject.W002")
        )
    if settings.DCR_PKCE == "optional":
        found.append(
            Caution(
                "Confidential clients that register themselves need not use PKCE.",
                hint="Set DCR_PKCE to required.",
                id="authproject.W003",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_metrics_token(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Warn of a token that could be guessed: nothing counts the guesses."""
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= 32:
        return []
    return [Caution("METRICS_TOKEN is short.", hint="Set 32 random characters or more.", id="authproject.W004")]


@register()
def check_hooks(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Every hook named in settings can be imported and called."""
    hooks = {
        "SESSION_ENDED": settings.SESSION_ENDED,
        "PERSON_EXPORT": settings.PERSON_EXPORT,
        "PERSON_ERASED": settings.PERSON_ERASED,
        "SIGN_IN_JUDGED": settings.SIGN_IN_JUDGED,
        "TOKEN_ISSUED": settings.TOKEN_ISSUED,
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


def lift_statement_timeout(using: str, **signal: Any) -> None:
    """Let migrations on PostgreSQL run longer than the statement timeout of requests."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = '5s'")
