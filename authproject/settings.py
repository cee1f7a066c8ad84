"""The deployment on one page, from the environment (and from a git-ignored .env file).

Policy numbers, such as lifetimes and limits, are typed in each package's conf.py; what differs between
deployments is here. docs/settings.md lists every variable.
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from accounts.external.configuration import allauth_providers
from authproject import brand
from authproject.composition import *  # noqa: F403 - Django reads it all from here
from authproject.database import prepared

BASE_DIR: Final = Path(__file__).resolve().parent.parent
env: Final = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- Who we are -------------------------------------------------------------------------------------------
DEBUG: bool = env.bool("DEBUG", default=False)
HOST: Final[str] = env("HOST", default="127.0.0.1")
PORT: Final[int] = env.int("PORT", default=8000)
WORKERS: int = env.int("WORKERS", default=0)  # 0: as many as the machine has processors to use
THREADS: int = env.int("THREADS", default=64)  # of each worker
ISSUER: str = env("ISSUER", default=f"http://{HOST}:{PORT}" if DEBUG else "").rstrip("/")
if not ISSUER:
    raise ImproperlyConfigured("Set ISSUER to the origin that people see, such as https://id.example.com.")
_issuer: Final = urlsplit(ISSUER)
if _issuer.scheme not in {"http", "https"} or not _issuer.hostname or _issuer.path or _issuer.query:
    raise ImproperlyConfigured("ISSUER must be an origin alone: scheme, host and port, without a path.")
HTTPS: Final[bool] = _issuer.scheme == "https"
BRAND_NAME: str = env("BRAND_NAME", default="authproject")
BRAND_LOGO: str = env("BRAND_LOGO", default="")  # a file: SVG, PNG or WebP
BRAND_COLOR: str = env("BRAND_COLOR", default="")  # such as #0b665c
BRAND_COLOR_DARK: str = env("BRAND_COLOR_DARK", default="")  # on dark pages; lightened by itself
SUPPORT_URL: str = env("SUPPORT_URL", default="")
brand.check(color=BRAND_COLOR, dark=BRAND_COLOR_DARK, logo_path=BRAND_LOGO, support_url=SUPPORT_URL)
_loopback: Final = ["localhost", "127.0.0.1", "[::1]"] if DEBUG else []
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[_issuer.hostname, *_loopback])
TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Secrets ----------------------------------------------------------------------------------------------
_DEBUG_SECRET: Final = "insecure-and-only-for-debugging-never-used-otherwise" if DEBUG else ""
SECRET_KEY: str = env("SECRET_KEY", default=_DEBUG_SECRET)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# The first seals, all open. Never derived from SECRET_KEY, so that either can be changed alone.
SEALING_KEYS: list[str] = env.list("SEALING_KEYS", default=[_DEBUG_SECRET] if DEBUG else [])
if not SECRET_KEY or not SEALING_KEYS:
    raise ImproperlyConfigured("Set SECRET_KEY and SEALING_KEYS to random values of at least 32 characters.")
if any(len(secret) < 32 for secret in (SECRET_KEY, *SECRET_KEY_FALLBACKS, *SEALING_KEYS)):
    raise ImproperlyConfigured("SECRET_KEY and each of SEALING_KEYS must have at least 32 characters.")

# --- State ------------------------------------------------------------------------------------------------
DATABASES = {
    "default": prepared(
        env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
        # A file rather than memory: the tests start servers of their own on it.
        test_file=env("TEST_SQLITE_NAME", default=str(BASE_DIR / "test.sqlite3")),
        conn_max_age=env.int("DATABASE_CONN_MAX_AGE", default=600),
    )
}
# The username is unique whatever its case, by a constraint that the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "trust.lib.cache.FallbackRedisCache",
        "LOCATION": REDIS_URL,
        # Redis down must cost milliseconds, not requests: the limits then count in the process.
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
    }
RATE_LIMITS: bool = env("RATE_LIMITS", default="on") != "off"
OUTBOUND_ALLOW_PRIVATE: bool = env.bool("OUTBOUND_ALLOW_PRIVATE", default=False)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail", "logout", "events"]}}
EMAIL_BACKEND = "trust.mail.backend.QueuedEmailBackend"
MAIL_TRANSPORT: dict[str, Any] = env.email_url("EMAIL_URL", default="consolemail://")
DEFAULT_FROM_EMAIL: str = env("DEFAULT_FROM_EMAIL", default=f"{BRAND_NAME} <no-reply@{_issuer.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- People and their sessions ----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
SIGNUP: str = env("SIGNUP", default="open")
EMAIL_VERIFICATION: str = env("EMAIL_VERIFICATION", default="mandatory")
if SIGNUP not in {"open", "invite", "closed"} or EMAIL_VERIFICATION not in {"mandatory", "optional"}:
    raise ImproperlyConfigured("SIGNUP is open, invite or closed; EMAIL_VERIFICATION is mandatory or optional.")
SIGNUP_DOMAINS: list[str] = env.list("SIGNUP_DOMAINS", default=[])
PASSWORD_RANGE_URL: str = env("PASSWORD_RANGE_URL", default="")
PASSWORD_RESET_TIMEOUT = 3600  # seconds: how long the mailed link is good
SESSION_ENGINE = "trust.lib.browser_store"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # seconds: the absolute age of aal1 (NIST SP 800-63B-4)
_cookie_prefix: Final = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}sessionid"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_cookie_prefix}language"
DEVICE_COOKIE_NAME: str = f"{_cookie_prefix}device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# In the session: a cookie of its own would have another prefix.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "authproject.views.errors.csrf_failure"
# Whether staff need two factors, recently given, to use the administration (accounts/admin_access.py).
ADMIN_TWO_FACTORS: bool = not DEBUG
IMPERSONATION: bool = env("IMPERSONATION", default="off") == "on"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_overview"
ACCOUNT_EMAIL_VERIFICATION = EMAIL_VERIFICATION
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{BRAND_NAME}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _issuer.scheme
SOCIALACCOUNT_PROVIDERS = allauth_providers(env("OIDC_PROVIDERS", default="[]") or "[]")
MFA_TOTP_ISSUER = BRAND_NAME
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# A second line behind trust/limits, whose numbers come first.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"login_failed": "120/m/ip,60/5m/key"} if RATE_LIMITS else False
MFA_RATE_LIMITS: dict[str, str] | bool = {"webauthn_login": "240/m/ip"} if RATE_LIMITS else False

# --- Metrics ----------------------------------------------------------------------------------------------
METRICS_TOKEN: str = env("METRICS_TOKEN", default="")  # without it, only this machine is answered
METRICS_DIR: str = env("METRICS_DIR", default="")  # a folder of this deployment in memory, unless it is set
STATISTICS_SECONDS: int = env.int("STATISTICS_SECONDS", default=20)  # 0: nothing is kept by time

# --- The audit trail --------------------------------------------------------------------------------------
AUDIT_RETENTION_DAYS: int = env.int("AUDIT_RETENTION_DAYS", default=0)  # 0: for ever
if AUDIT_RETENTION_DAYS and AUDIT_RETENTION_DAYS < 60:
    raise ImproperlyConfigured("AUDIT_RETENTION_DAYS is 0, for ever, or at least 60.")

# --- The API ----------------------------------------------------------------------------------------------
API_MESSAGES: str = env("API_MESSAGES", default="")  # dotted path of a mapping: trust/guard/messages.py
SIMPLE_JWT = {"SIGNING_KEY": None, "ISSUER": ISSUER, "AUDIENCE": ISSUER, "USER_ID_CLAIM": "sub"}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{BRAND_NAME} API",
    "DESCRIPTION": "Sign-in by JSON, sessions, and the guarded views.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.headless.document.add_doors",
    ],
}

# --- Clients that register themselves ----------------------------------------------------------------------
DCR: str = env("DCR", default="token")
DCR_PKCE: str = env("DCR_PKCE", default="required")
REQUIRE_PAR: bool = env.bool("REQUIRE_PAR", default=False)
if DCR not in {"off", "token", "open"} or DCR_PKCE not in {"required", "optional"}:
    raise ImproperlyConfigured("DCR is off, token or open; DCR_PKCE is required or optional.")
# Whether a client_id may be the address of a document that says who its client is, as agents have it (MCP).
AGENT_CLIENTS: bool = env.bool("AGENT_CLIENTS", default=False)

DPOP_NONCE: str = env("DPOP_NONCE", default="optional")
if DPOP_NONCE not in {"optional", "required"}:
    raise ImproperlyConfigured("DPOP_NONCE is optional or required.")

# --- Browser rules ----------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics/?$"]
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 0

# --- Words and files --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["authproject.formats"]
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True
FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 does
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
# Served as `manage.py collectstatic` left them, compressed and named by their contents; else from where they lie.
STATIC_COLLECTED: bool = env.bool("STATIC_COLLECTED", default=not DEBUG)
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
_static_storage: Final = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_COLLECTED
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

# --- Log lines --------------------------------------------------------------------------------------------
LOG_FORMAT: str = env("LOG_FORMAT", default="line" if DEBUG else "json")
LOG_LEVEL: str = env("LOG_LEVEL", default="INFO")
if LOG_FORMAT not in {"json", "line"} or LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured("LOG_FORMAT is json or line; LOG_LEVEL is DEBUG, INFO, WARNING or ERROR.")
_ours: Final = ("accounts", "authproject", "oauth", "trust")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "authproject.logs.JsonFormatter"},
        "line": {"()": "authproject.logs.LineFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    # What libraries say while debugging holds what they handle: statements, tokens, answers.
    "root": {"handlers": ["console"], "level": "INFO" if LOG_LEVEL == "DEBUG" else LOG_LEVEL},
    # Django's own handlers are taken away: they would tell everything twice, and mail it.
    "loggers": {"django": {"handlers": []}} | {package: {"level": LOG_LEVEL} for package in _ours},
}
