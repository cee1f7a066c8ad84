"""Settings that break no rule, as a deployment in production has them."""

from pathlib import Path
from typing import Any

SECRET = "3b1f5a9c0e7d2486b5c8f1a3947e6d02c8b5a1f09e3d7c6482a0b9f15d4e7c38"
SEAL = "a84c0d6e1f93b752c8e04a6d9b1f37e5d2c0a8b46f19e3d7504c8b2a6e1d9f73"
TOKEN = "f01c9b3e7a5d8264e3b0c7a19d5f8264b7e2c0a1"

SAFE: dict[str, Any] = {
    "HTTPS": True,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["id.example.com"],
    "TRUSTED_PROXY_COUNT": 1,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "DEVICE_COOKIE_NAME": "__Host-device",
    "SECRET_KEY": SECRET,
    "SECRET_KEY_FALLBACKS": [],
    "SEALING_KEYS": [SEAL],
    "METRICS_TOKEN": TOKEN,
    "DATABASES": {
        "default": {"ENGINE": "authproject.postgresql", "NAME": "site", "HOST": "", "PORT": "", "OPTIONS": {}}
    },
    "CACHES": {"default": {"BACKEND": "trust.lib.cache.FallbackRedisCache"}},
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "MAIL_TRANSPORT": {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.com",
        "EMAIL_USE_TLS": True,
    },
    "STATIC_COLLECTED": True,
    "RATE_LIMITS": True,
    "OUTBOUND_ALLOW_PRIVATE": False,
    "ADMIN_TWO_FACTORS": True,
    "PASSWORD_HASHERS": ["accounts.passwords.BoundedArgon2PasswordHasher"],
    "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": []}},
    "DCR": "token",
    "DCR_PKCE": "required",
    "EMAIL_VERIFICATION": "mandatory",
    "SIGNUP": "open",
}


def collected(folder: Path) -> Path:
    """Return a folder that `manage.py collectstatic` might have left."""
    (folder / "staticfiles.json").write_text("{}")
    return folder
