"""Rules of where things are kept, and of who is told: the database, the cache, mail, static files, traces."""

from typing import Any, Final

from django.conf import settings

from authproject import tracing
from authproject.checks.rule import Rule
from authproject.checks.wires import is_plain_database, is_plain_http, is_plain_mail, is_plain_redis


def _database() -> dict[str, Any]:
    database: dict[str, Any] = settings.DATABASES["default"]
    return database


def _is_sqlite() -> bool:
    engine: str = _database()["ENGINE"]
    return engine.endswith("sqlite3")


def _is_forgetful() -> bool:
    """Tell whether the database is gone with the process."""
    name = str(_database()["NAME"])
    return _is_sqlite() and (":memory:" in name or "mode=memory" in name)


def _mail_backend() -> str:
    backend: str = settings.MAIL_TRANSPORT["EMAIL_BACKEND"]
    return backend


def _is_not_collected() -> bool:
    return settings.STATIC_COLLECTED and not (settings.STATIC_ROOT / "staticfiles.json").is_file()


RULES: Final = (
    Rule(
        "E004",
        "The cache is per process: limits would count in each process alone.",
        "Set REDIS_URL.",
        lambda: "locmem" in settings.CACHES["default"]["BACKEND"].lower(),
    ),
    Rule("E015", "The database is gone with the process.", "Set DATABASE_URL to PostgreSQL.", _is_forgetful),
    Rule(
        "I001",
        "The static files were not collected: pages fail without them.",
        "Run `manage.py collectstatic --no-input` before serving.",
        _is_not_collected,
    ),
    Rule(
        "W001",
        "Mail goes to the console.",
        "Set EMAIL_URL.",
        lambda: _mail_backend().endswith("console.EmailBackend"),
    ),
    Rule(
        "W009",
        "The database is SQLite: one machine, one writer at a time, no standby.",
        "Set DATABASE_URL to PostgreSQL; or back the file up often (`manage.py backup`), and silence this.",
        lambda: _is_sqlite() and not _is_forgetful(),
    ),
    Rule(
        "W010",
        "The database is on another machine, and nothing says that its connections are encrypted.",
        "Put ?sslmode=verify-full behind DATABASE_URL, or silence this where the network is yours alone.",
        lambda: not _is_sqlite() and is_plain_database(_database()),
    ),
    Rule(
        "W011",
        "Redis is on another machine, and is spoken to in clear.",
        "Write REDIS_URL with rediss://, or silence this where the network is yours alone.",
        lambda: is_plain_redis(settings.REDIS_URL),
    ),
    Rule(
        "W012",
        "Mail goes to another machine in clear: it holds codes and links that sign people in.",
        "Write EMAIL_URL with smtp+tls:// or smtp+ssl://.",
        lambda: is_plain_mail(settings.MAIL_TRANSPORT),
    ),
    Rule(
        "W013",
        "Mail reaches nobody.",
        "Set EMAIL_URL to a mail server: smtp+tls:// or smtp+ssl://.",
        lambda: not _mail_backend().endswith(("smtp.EmailBackend", "console.EmailBackend")),
    ),
    Rule(
        "W014",
        "Static files are served from where they lie, uncompressed and without lasting names.",
        "Set STATIC_COLLECTED to 1 and run `manage.py collectstatic --no-input`.",
        lambda: not settings.STATIC_COLLECTED,
    ),
    Rule(
        "W017",
        "Traces go to another machine in clear: they hold the addresses of people.",
        "Write OTEL_EXPORTER_OTLP_ENDPOINT with https://, or run a collector on this machine.",
        lambda: tracing.is_on() and is_plain_http(tracing.endpoint()),
    ),
)
