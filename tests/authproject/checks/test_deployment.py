"""`check --deploy`: silent where all is safe, and one id for each unsafe value; no id without such a value."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authproject.checks import RULES, check_deployment
from authproject.checks.clients import RULE
from tests.authproject.checks.safe import SAFE, SEAL, SECRET, TOKEN, collected

# Django warns who overrides it; nothing connects here.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")

HOUSE = Path(__file__).resolve().parents[3]
CONSOLE = "django.core.mail.backends.console.EmailBackend"
Change = Callable[[dict[str, Any]], None]
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def database(name: str = "site", engine: str = "authproject.postgresql", **members: Any) -> dict[str, Any]:
    return {"DATABASES": {"default": {"ENGINE": engine, "NAME": name, "HOST": "", "OPTIONS": {}, **members}}}


def provider(issuer: str) -> dict[str, Any]:
    return {"SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [{"settings": {"server_url": issuer}}]}}}


UNSAFE: list[tuple[str, dict[str, Any]]] = [
    ("E001", {"HTTPS": False}),
    ("E002", {"RATE_LIMITS": False}),
    ("E003", {"OUTBOUND_ALLOW_PRIVATE": True}),
    ("E004", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}),
    ("E007", {"DEBUG": True}),
    ("E008", {"ALLOWED_HOSTS": ["id.example.com", "*"]}),
    ("E009", {"TRUSTED_PROXY_COUNT": -1}),
    ("E009", {"TRUSTED_PROXY_COUNT": 6}),
    ("E010", {"SESSION_COOKIE_SECURE": False}),
    ("E010", {"CSRF_COOKIE_HTTPONLY": False}),
    ("E010", {"LANGUAGE_COOKIE_SAMESITE": "None"}),
    ("E010", {"SESSION_COOKIE_NAME": "sessionid"}),
    ("E011", {"SEALING_KEYS": [SEAL, SECRET]}),
    ("E011", {"SEALING_KEYS": [SEAL], "SECRET_KEY_FALLBACKS": [SEAL]}),
    ("E012", {"SECRET_KEY": "insecure-and-only-for-debugging-never-used-otherwise"}),
    ("E012", {"SECRET_KEY_FALLBACKS": ["0123456789" * 4]}),
    ("E013", {"SEALING_KEYS": ["a" * 40]}),
    ("E013", {"SEALING_KEYS": ["changeme-b5c8f1a3947e6d02c8b5a1f09e3d7c6482"]}),
    ("E014", {"METRICS_TOKEN": SECRET}),
    ("E014", {"METRICS_TOKEN": SEAL}),
    ("E015", database(":memory:", "django.db.backends.sqlite3")),
    ("E016", {"ADMIN_TWO_FACTORS": False}),
    ("E017", {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}),
    ("E018", provider("http://id.corp.example")),
    ("I001", {"STATIC_ROOT": Path("nowhere")}),
    ("W001", {"MAIL_TRANSPORT": {"EMAIL_BACKEND": CONSOLE}}),
    ("W002", {"DCR": "open"}),
    ("W003", {"DCR_PKCE": "optional"}),
    ("W004", {"METRICS_TOKEN": TOKEN[:31]}),
    ("W005", {"TRUSTED_PROXY_COUNT": 0}),
    ("W006", {"ALLOWED_HOSTS": [".example.com"]}),
    ("W007", {"SEALING_KEYS": [SEAL, SEAL]}),
    ("W007", {"SECRET_KEY_FALLBACKS": [SECRET]}),
    ("W008", {"METRICS_TOKEN": "z" * 40}),
    ("W009", database("db.sqlite3", "django.db.backends.sqlite3")),
    ("W010", database(HOST="db.example.com")),
    ("W010", database(HOST="127.0.0.1,db.example.com", OPTIONS={"sslmode": "prefer"})),
    ("W011", {"REDIS_URL": "redis://cache.example.com:6379/0"}),
    ("W012", {"MAIL_TRANSPORT": {"EMAIL_BACKEND": SMTP, "EMAIL_HOST": "mail.example.com"}}),
    ("W013", {"MAIL_TRANSPORT": {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}),
    ("W014", {"STATIC_COLLECTED": False}),
    ("W015", {"EMAIL_VERIFICATION": "optional"}),
    ("W017", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example.com:4318"}),
]
# What looks like one of them and is none.
STILL_SAFE: list[dict[str, Any]] = [
    {"DCR": "off"},
    {"METRICS_TOKEN": ""},
    {"SECRET_KEY_FALLBACKS": [TOKEN * 2], "METRICS_TOKEN": ""},
    database(HOST="db.example.com", OPTIONS={"sslmode": "verify-full"}),
    database(HOST="/run/postgresql"),
    database(HOST="::1"),
    {"REDIS_URL": "rediss://cache.example.com:6379/0"},
    {"MAIL_TRANSPORT": {"EMAIL_BACKEND": SMTP, "EMAIL_HOST": "127.0.0.1"}},
    {"EMAIL_VERIFICATION": "optional", "SIGNUP": "invite"},
    provider("https://id.corp.example"),
    provider("http://127.0.0.1:9000"),
    {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example.com"},
    {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"},
]


@pytest.fixture
def safe(settings: Any, tmp_path: Path) -> Any:
    for name, value in {**SAFE, "STATIC_ROOT": collected(tmp_path)}.items():
        setattr(settings, name, value)
    return settings


@pytest.fixture
def change(safe: Any, monkeypatch: pytest.MonkeyPatch) -> Change:
    """Change settings, or the environment that other libraries read."""

    def changed(values: dict[str, Any]) -> None:
        for name, value in values.items():
            if name.startswith("OTEL_"):
                monkeypatch.setenv(name, value)
            else:
                setattr(safe, name, value)

    return changed


def _found() -> list[str]:
    return [str(message.id).removeprefix("authproject.") for message in check_deployment(None)]


def test_finds_nothing_where_all_is_safe(safe: Any) -> None:
    assert _found() == []


@pytest.mark.parametrize(("number", "changed"), UNSAFE)
def test_tells_each_unsafe_value_by_its_id_alone(change: Change, number: str, changed: dict[str, Any]) -> None:
    change(changed)
    assert _found() == [number]


@pytest.mark.parametrize("changed", STILL_SAFE)
def test_keeps_quiet_about_what_is_safe(change: Change, changed: dict[str, Any]) -> None:
    change(changed)
    assert _found() == []


def test_every_rule_has_an_unsafe_value_here() -> None:
    assert {number for number, _ in UNSAFE} == {rule.number for rule in RULES}
    ids = [rule.id for rule in (*RULES, RULE)]
    assert len(set(ids)) == len(ids)


def test_no_message_tells_a_secret(safe: Any) -> None:
    safe.SECRET_KEY, safe.SEALING_KEYS, safe.METRICS_TOKEN = "k" * 40, ["k" * 40], "k" * 40
    told = "".join(f"{message.msg}{message.hint}" for message in check_deployment(None))
    assert "kkkk" not in told
    assert len(_found()) >= 4


@pytest.mark.parametrize("variable", ["DCR", "DCR_PKCE"])
def test_a_value_that_there_is_not_refuses_to_start(variable: str) -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import authproject.settings"],
        cwd=HOUSE,
        env={**os.environ, variable: "sometimes"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "DCR is off, token or open; DCR_PKCE is required or optional." in started.stderr
