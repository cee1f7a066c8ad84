"""The environment of the tests, set before Django reads it: like production, on whichever database CI names.

Every variable that settings.py reads is set, so that neither the shell nor a .env file changes a test.
"""

import os
from pathlib import Path

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_VAR = Path(__file__).resolve().parent.parent / "var"
(_VAR / "static").mkdir(parents=True, exist_ok=True)

os.environ.setdefault("TEST_SQLITE_NAME", str(_VAR / "test.sqlite3"))
os.environ.update(
    DEBUG="0",
    HOST="127.0.0.1",
    PORT="8000",
    WORKERS="1",
    THREADS="8",
    ISSUER="http://testserver",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    TRUSTED_PROXY_COUNT="0",
    BRAND_NAME="authproject",
    BRAND_LOGO="",
    BRAND_COLOR="",
    BRAND_COLOR_DARK="",
    SUPPORT_URL="",
    SECRET_KEY="a secret key that only tests use and that is long enough",
    SECRET_KEY_FALLBACKS="",
    SEALING_KEYS="a sealing key that only tests use and that is long enough",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_VAR / 'unused.sqlite3'}",
    DATABASE_CONN_MAX_AGE="60",
    REDIS_URL="",
    RATE_LIMITS="on",
    OUTBOUND_ALLOW_PRIVATE="0",
    OIDC_PROVIDERS="[]",
    EMAIL_URL="memorymail://",
    DEFAULT_FROM_EMAIL="authproject <no-reply@testserver>",
    SIGNUP="open",
    SIGNUP_DOMAINS="",
    PASSWORD_RANGE_URL="",
    DCR="token",
    DCR_PKCE="required",
    AGENT_CLIENTS="0",
    DPOP_NONCE="optional",
    REQUIRE_PAR="0",
    API_MESSAGES="",
    LOG_FORMAT="line",
    LOG_LEVEL="INFO",
    METRICS_TOKEN="",
    AUDIT_RETENTION_DAYS="0",
    METRICS_DIR=str(_VAR / "metrics"),
    STATISTICS_SECONDS="0",
    STATIC_COLLECTED="0",
    STATIC_ROOT=str(_VAR / "static"),
    EMAIL_VERIFICATION="mandatory",
    IMPERSONATION="off",
)
for _name in [name for name in os.environ if name.startswith("OTEL_")]:
    del os.environ[_name]
if redis_url := os.environ.get("TEST_REDIS_URL"):
    # Each xdist worker counts in a Redis database of its own, and waits for it: a machine full of tests may stall.
    _database = int(_WORKER.removeprefix("gw") or 0)
    os.environ["REDIS_URL"] = f"{redis_url}/{_database}?socket_timeout=10&socket_connect_timeout=10"
