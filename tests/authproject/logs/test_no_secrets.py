"""The log of a live server, through a whole life and its errors: JSON, with the ids of requests, and no secret."""

import json
from pathlib import Path
from typing import Any

import pytest

from oauth.services import initial_access_tokens
from tests.authproject.logs.life import Life
from tests.clients import make_client
from tests.live_site import live_site
from tests.people import MakePerson

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_secret_comes_into_the_log_of_a_whole_life(make_person: MakePerson, tmp_path: Path) -> None:
    """By LOG_LEVEL=DEBUG, which tells all that the others do."""
    make_person()
    make_client(introspects="own")
    path = tmp_path / "log"
    with path.open("w") as log:
        failing = {"DJANGO_SETTINGS_MODULE": "tests.authproject.logs.settings", "ISSUER": "http://127.0.0.1"}
        with live_site(log=log, LOG_FORMAT="json", LOG_LEVEL="DEBUG", EMAIL_URL="memorymail://", **failing) as site:
            life = Life(site.url)
            life.sign_in()
            life.use_an_app()
            life.register(initial_access_tokens.issue(uses=1, lifetime=None)[1])
            life.err()
    text = path.read_text(encoding="utf-8")
    assert len(life.kept) > 30
    assert [secret for secret in life.kept if secret in text] == []
    # The server itself warns in its own way.
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines() if not line.startswith("[WARNING] ")]
    _tells_what_happened(lines)
    assert {line["level"] for line in lines} == {"DEBUG", "INFO", "WARNING", "ERROR"}


def _tells_what_happened(lines: list[dict[str, Any]]) -> None:
    """A log that says nothing would hold no secret either."""
    assert all(line["request_id"] != "-" for line in lines if line["level"] != "INFO")
    [failure] = [line for line in lines if line["level"] == "ERROR"]
    assert failure["exception"].startswith("Traceback")
    assert "RuntimeError" in failure["exception"]
    assert "[redacted]" in failure["exception"]
    messages = " ".join(line["message"] for line in lines)
    assert "/oauth/token invalid_grant" in messages
    assert "/accounts/invitation/[redacted]/" in messages
    assert "/nowhere/[redacted]/" in messages
