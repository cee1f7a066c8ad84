"""The environment of the tests, set before Django reads it: like production, on whichever database CI names."""

import os

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

os.environ.update(
    DEBUG="0",
    ISSUER="http://testserver",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    SECRET_KEY="a secret key that only tests use, long enough",
    SEALING_KEYS="a sealing key that only tests use, long enough",
    EMAIL_URL="memorymail://",
)
os.environ.pop("RATE_LIMITS", None)
if redis_url := os.environ.get("TEST_REDIS_URL"):
    # Each xdist worker counts in a Redis database of its own.
    os.environ["REDIS_URL"] = f"{redis_url}/{int(WORKER.removeprefix('gw') or 0)}"
else:
    os.environ.pop("REDIS_URL", None)
if database_url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = database_url
else:
    os.environ.pop("DATABASE_URL", None)
