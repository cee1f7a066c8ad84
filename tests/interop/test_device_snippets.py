"""The pieces of programs for devices that the administration gives, run as they are, but for their patience."""

import json
import os
import subprocess
import sys
import time
from typing import Any, Final

import pytest

from accounts.models import User
from oauth.admin.connecting import connection_to
from oauth.admin.kinds import Kind
from oauth.admin.snippets import snippets
from oauth.models import Client, DeviceAuthorization
from oauth.services import clients, device_authorizations
from oauth.services.device_authorizations import Decision
from tests.clients import SECRET
from tests.devices import make_device_client
from tests.live_site import LiveSite
from tests.oauth.grants import session_of
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db(transaction=True)
_PATIENCE: Final = 60.0


@pytest.fixture(autouse=True)
def ours(site: LiveSite, settings: Any) -> None:
    settings.ISSUER = site.url


def _piece(name: str, client: Client) -> str:
    connection = connection_to(client.client_id, clients.metadata_of(client), secret=SECRET)
    assert connection.kind is Kind.DEVICE
    return next(snippet.text for snippet in snippets(connection) if name in snippet.name)


def _approve(person: User) -> None:
    """Decide as the page does, which has tests of its own."""
    session = session_of(person)
    waiting = device_authorizations.waiting(DeviceAuthorization.objects.get().pk)
    assert waiting
    decision = Decision(user_id=person.pk, session_id=session.pk, scope=waiting.scope, consented=waiting.scope)
    assert device_authorizations.approve(waiting, decision, origin=Origin())


@pytest.mark.parametrize("method", ["none", "", "client_secret_post"])
def test_requests_shows_a_code_and_gets_a_token(alice: User, method: str) -> None:
    client = make_device_client("it's:one", public=method == "none", token_endpoint_auth_method=method, scopes="openid")
    piece = _piece("requests", client).replace("time.sleep(interval)", "time.sleep(0.2)")
    command = [sys.executable, "-u", "-c", piece + "\nprint(answer['scope'])"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        try:
            assert "/oauth/device and type " in program.stdout.readline()
            time.sleep(0.3)
            _approve(alice)
            assert program.stdout.readline().strip() == "openid"
        finally:
            program.kill()


def test_curl_shows_a_code_and_gets_a_token(alice: User) -> None:
    asking, polling = _piece("curl", make_device_client("it's:one", scopes="openid")).split("\n\n")
    codes = json.loads(_printed(asking))
    polling = polling.replace("THE-DEVICE-CODE", codes["device_code"])
    assert json.loads(_printed(polling))["error"] == "authorization_pending"
    _approve(alice)
    assert json.loads(_printed(polling))["scope"] == "openid"


def _printed(commands: str) -> str:
    trusting = os.environ | {"CURL_CA_BUNDLE": os.environ["REQUESTS_CA_BUNDLE"]}
    words = ("sh", "-c", commands)
    done = subprocess.run(words, capture_output=True, text=True, env=trusting, timeout=_PATIENCE, check=True)
    return done.stdout
