"""What the house is made of, the same in every deployment: apps, middleware, templates. settings.py takes it in."""

from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [
    "authproject.apps.SiteConfig",
    "oauth2_provider",
    "oauth",
    "accounts",
    "trust.keys",
    "trust.revocation",
    "trust.audit",
    "trust.limits",
    "trust.mail",
    "authproject.apps.AdminSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_tasks",
    "authproject.apps.JobsConfig",
]
MIDDLEWARE = [
    # Outermost, so that it counts what the others refuse.
    "authproject.middleware.metrics.MetricsMiddleware",
    # The headers next, so that refusals have them too; then nothing is read before the guard has seen it.
    "authproject.middleware.headers.SecurityHeadersMiddleware",
    "authproject.middleware.errors.RefusalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "authproject.middleware.csp.CSPMiddleware",
    "authproject.middleware.input_guard.InputGuardMiddleware",
    "authproject.middleware.probes.ProbeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "authproject.middleware.language.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "oauth.views.pending.PendingAuthorizationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "authproject.urls"
WSGI_APPLICATION = "authproject.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "authproject.context_processors.brand",
            ],
        },
    },
]
# Accounts by JSON, beside the pages: accounts/api/headless. What is open stands in its urls.py.
HEADLESS_CLIENTS = ("browser", "app")
HEADLESS_TOKEN_STRATEGY = "accounts.api.headless.strategy.TokenStrategy"
