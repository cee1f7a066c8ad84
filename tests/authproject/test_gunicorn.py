"""The WSGI application under a server that knows nothing of us: gunicorn, as docs/operations.md starts it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import User
from tests.live_site import LiveSite, database_url
from tests.people import PASSWORD
from tests.served import until
from trust.lib import clock
from trust.statistics.models import Count, Resolution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Iterator[LiveSite]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    site = LiveSite(f"http://{address}")
    command = [
        *(sys.executable, "-m", "gunicorn", "authproject.wsgi:application", "--bind", address),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "10"),
        *("--chdir", str(settings.BASE_DIR), "--log-level", "warning"),
    ]
    with subprocess.Popen(
        command, env=os.environ | {"DATABASE_URL": database_url(), "STATISTICS_SECONDS": "1"}
    ) as process:
        try:
            until(lambda: is_ready(site), within=60)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=20)


def is_ready(site: LiveSite) -> bool:
    try:
        return site.call("GET", "/health/ready").status == 200
    except OSError:
        return False


def test_serves_the_site_as_a_person_and_as_a_program_ask_for_it(person: User, site: LiveSite) -> None:
    before = clock.now() - timedelta(minutes=1)
    pair = site.call("POST", "/api/token/", {"username": "alice", "password": PASSWORD}).body
    assert site.call("GET", "/api/me/", authorization=f"Bearer {pair['access']}").body["username"] == "alice"
    assert site.call("POST", "/api/token/refresh/", {"refresh": pair["refresh"]}).status == 200
    assert site.call("GET", "/.well-known/openid-configuration").body["issuer"] == settings.ISSUER
    assert b"<form" in site.call("GET", "/accounts/login/", content_type="text/html").body
    until(lambda: Count.objects.since(Resolution.MINUTE, before).exists(), within=20)  # what it counted is kept by time
