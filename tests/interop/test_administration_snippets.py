"""The pieces of programs that the administration gives with a client, run as they are."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import RequestFactory

from accounts.models import User
from oauth.admin.connecting import connection_to
from oauth.admin.snippets import snippets
from oauth.models import Client
from oauth.services import clients
from tests.clients import SECRET, make_client
from tests.interop.person import Person
from tests.live_site import LiveSite
from tests.needs import node

pytestmark = pytest.mark.django_db(transaction=True)
_PATIENCE: Final = 60.0
_HERE: Final = Path(__file__).resolve().parent
_THEN: Final = """
console.log(JSON.stringify({ visit: String(url) }));
process.stdin.once("data", async (line) => {
  console.log(JSON.stringify({ told: await signedIn(String(line).trim()) }));
  process.exit(0);
});
"""


@pytest.fixture(autouse=True)
def ours(site: LiveSite, settings: Any) -> None:
    settings.ISSUER = site.url


@pytest.fixture
def service(db: None) -> Client:
    """A service whose client_id needs quoting, which may ask for one scope and introspects."""
    return make_client("it's:one", grant_types="client_credentials", redirect_uris="", scopes="read", introspects="all")


@pytest.fixture
def web(db: None) -> Client:
    return make_client("web", scopes="openid profile email")


def _piece(name: str, client: Client) -> str:
    connection = connection_to(client.client_id, clients.metadata_of(client), secret=SECRET)
    return next(snippet.text for snippet in snippets(connection) if name in snippet.name)


def _printed(*command: str) -> str:
    trusting = os.environ | {"CURL_CA_BUNDLE": os.environ["REQUESTS_CA_BUNDLE"]}
    done = subprocess.run(command, capture_output=True, text=True, env=trusting, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("method", ["", "client_secret_post"])
def test_curl_gets_a_token_and_asks_about_one(service: Client, method: str) -> None:
    service.token_endpoint_auth_method = method
    service.save()
    for_a_token, about_one = _piece("curl", service).split("\n# ")
    token = json.loads(_printed("sh", "-c", for_a_token))
    assert token["scope"] == "read"
    asking = about_one.partition("\n")[2].replace("THE-TOKEN", token["access_token"])
    told = json.loads(_printed("sh", "-c", asking))
    assert (told["active"], told["client_id"]) == (True, "it's:one")


@pytest.mark.parametrize("method", ["", "client_secret_post"])
def test_requests_gets_a_token(service: Client, method: str) -> None:
    service.token_endpoint_auth_method = method
    service.save()
    printed = _printed(sys.executable, "-c", _piece("requests", service) + "\nprint(token['scope'])")
    assert printed.strip() == "read"


@pytest.mark.parametrize("method", ["", "client_secret_post"])
def test_authlib_signs_in(web: Client, alice: User, browser_of_alice: Person, method: str) -> None:
    web.token_endpoint_auth_method = method
    web.save()
    module: dict[str, Any] = {}
    exec(compile(_piece("Authlib", web), "views.py", "exec"), module)
    going = RequestFactory().get("/login")
    going.session = {}  # type: ignore[assignment]
    back = RequestFactory().get(browser_of_alice.visit(module["login"](going)["Location"]))
    back.session = going.session
    claims = module["callback"](back)
    assert (claims["sub"], claims["email"]) == (str(alice.pk), "alice@example.com")


@pytest.mark.node
@pytest.mark.parametrize("method", ["", "client_secret_post"])
def test_openid_client_signs_in(web: Client, alice: User, browser_of_alice: Person, method: str) -> None:
    web.token_endpoint_auth_method = method
    web.save()
    command = [str(node()), "--input-type=module", "-e", _piece("Node.js", web) + _THEN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_HERE) as program:
        assert program.stdin
        assert program.stdout
        try:
            led_to = browser_of_alice.visit(json.loads(program.stdout.readline())["visit"])
            program.stdin.write(f"{led_to}\n")
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["told"]["sub"] == str(alice.pk)
        finally:
            program.kill()
