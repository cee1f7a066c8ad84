"""The official MCP SDK: its client finds this server by an MCP server that is guarded by it, and calls a tool there.

The MCP server is docs/samples/mcp-server. What is asked follows MCP's specification of authorization (2026-07-28).
"""

import json
import os
import socket
import sys
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import requests

from accounts.models import User
from oauth.models import Client
from oauth.scope_description import ResourceDescription
from oauth.services import scope_registration
from tests.architecture.house import HOUSE
from tests.clients import SECRET, make_client
from tests.interop.conftest import outbound
from tests.interop.mcp_client import NAME, REDIRECT_URI, Agent
from tests.interop.person import Person
from tests.live_site import LiveSite, live_site
from tests.loopback import Authority, Server, saying
from tests.recipes.programs import free_port, run, serving
from tests.signing_keys import put_back

pytestmark = pytest.mark.django_db(transaction=True)

WELL_KNOWN: Final = "/.well-known/oauth-authorization-server"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, authority) -> Iterator[LiveSite]:
    """This server, open to agents and to whoever registers."""
    with django_db_blocker.unblock():
        put_back(django_db_setup)
    with pytest.MonkeyPatch.context() as environment:
        for variable in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            environment.setenv(variable, str(authority.path))
        variables = {"AGENT_CLIENTS": "1", "DCR": "open", **outbound(authority)}
        with live_site(own_issuer=True, authority=authority, **variables) as running:
            yield running


@pytest.fixture(scope="module")
def notes(site, authority) -> Iterator[str]:
    """The address of the MCP server that the site's tokens are for."""
    port = free_port()
    resource = f"http://127.0.0.1:{port}/mcp"
    environment = {"ISSUER": site.url, "RESOURCE": resource, "SSL_CERT_FILE": str(authority.path)}
    command = [sys.executable, "docs/samples/mcp-server/mcp_notes.py"]
    with serving(command, port=port, folder=HOUSE, environment=environment):
        yield resource


@pytest.fixture
def open_to_agents(notes: str, db: None) -> None:
    """The MCP server as staff registered it."""
    scopes = ("notes.read", "notes.write")
    described = ResourceDescription(identifier=notes, name_en="Notes", scopes=scopes, is_registrable=True)
    scope_registration.put_resource(described)


@pytest.fixture
def agent(site, alice: User, authority, open_to_agents) -> Agent:
    """An agent that nobody knows, and that will register itself."""
    return Agent(Person(site), authority.trusted())


@pytest.fixture
def published(agent: Agent, authority: Authority) -> Iterator[Agent]:
    """An agent that publishes what it is."""
    said: dict[str, object] = {
        "client_name": NAME,
        "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    }

    def answer(connection: socket.socket, request: bytes) -> None:
        saying(json.dumps(said).encode())(connection, request)

    with Server(answer, authority.serving("127.0.0.1")) as server:
        agent.document = f"https://127.0.0.1:{server.port}/agent.json"
        said["client_id"] = agent.document
        yield agent


def claims(agent: Agent) -> dict[str, str]:
    assert agent.tokens
    return jwt.decode(agent.tokens.access_token, options={"verify_signature": False})


def asked(agent: Agent, place: int = -1) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(agent.asked[place]).query))


@pytest.mark.spec("MCP authorization", "Overview")
def test_an_agent_that_publishes_what_it_is_finds_its_way_and_calls_a_tool(
    published: Agent, notes: str, site: LiveSite, alice: User
) -> None:
    assert published.call(notes, "list_notes") == ["Buy milk"]
    request = asked(published)
    assert (request["client_id"], request["resource"]) == (published.document, notes)
    assert (request["scope"], request["code_challenge_method"]) == ("notes.read offline_access", "S256")
    said = claims(published)
    assert (said["aud"], said["client_id"], said["sub"]) == (notes, published.document, str(alice.pk))
    assert said["scope"] == "notes.read"
    _took_the_way(published, notes, site)
    assert Client.objects.get(client_id=published.document).registration_source == "cimd"
    assert f"<strong>{urlsplit(published.document).netloc}</strong>" in published.person.shown[-1]


def _took_the_way(agent: Agent, notes: str, site: LiveSite) -> None:
    """Check what was asked of whom, in order: 401, whose tokens it takes, who that is, and the token."""
    origin = notes.removesuffix("/mcp")
    way = list(dict.fromkeys(agent.sent))
    assert way[0] == f"POST {notes}"
    assert way[1:4] == [
        f"GET {origin}/.well-known/oauth-protected-resource/mcp",
        f"GET {site.url}{WELL_KNOWN}",
        f"POST {site.url}/oauth/token",
    ]


@pytest.mark.spec("MCP authorization", "Scope Challenge Handling")
def test_it_asks_its_person_for_more_when_a_tool_needs_more(published: Agent, notes: str) -> None:
    published.call(notes, "list_notes")
    assert published.call(notes, "add_note", text="Call the plumber") == ["Buy milk", "Call the plumber"]
    assert set(asked(published)["scope"].split()) == {"notes.read", "offline_access", "notes.write"}
    assert len(published.asked) == 2
    assert claims(published)["scope"].split() == ["notes.read", "notes.write"]


@pytest.mark.spec("MCP authorization", "Refresh Tokens")
def test_it_refreshes_without_its_person(published: Agent, notes: str) -> None:
    before, after = published.call_and_refresh(notes, "list_notes")
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token, "that of a public client is replaced"
    assert len(published.asked) == 1
    assert claims(published)["aud"] == notes


@pytest.mark.spec("MCP authorization", "Client Registration")
def test_an_agent_that_registers_itself_calls_a_tool(agent: Agent, notes: str, site: LiveSite) -> None:
    assert agent.call(notes, "list_notes") == ["Buy milk"]
    assert f"POST {site.url}/oauth/register" in agent.sent
    assert agent.registered
    assert asked(agent)["client_id"] == agent.registered.client_id
    assert claims(agent)["aud"] == notes
    assert Client.objects.get(client_id=agent.registered.client_id).registration_source == "dcr"
    assert agent.call(notes, "add_note", text="Water the plants")[-1] == "Water the plants"
    assert len(agent.asked) == 2


def test_the_sample_agent_calls_a_tool_and_is_asked_for_more_where_it_must(agent: Agent, notes: str) -> None:
    """docs/agents.md, step 4."""
    environment = {
        "RESOURCE": notes,
        "ISSUER": agent.person.site.url,
        "CALLBACK_PORT": str(free_port()),
        "BROWSER": f"{sys.executable} -m tests.recipes.browser %s",
    }
    command = [sys.executable, "docs/samples/mcp-server/mcp_agent.py", "add_note", "text=Feed the cat"]
    status, printed, complained = run(command, folder=HOUSE, environment=os.environ | environment)
    assert (status, "Feed the cat" in printed) == (0, True), complained
    assert complained.count("Continue in your browser:") == 2


@pytest.mark.spec("MCP authorization", "Token Audience Binding and Validation")
def test_the_mcp_server_takes_no_token_that_is_for_another(agent: Agent, notes: str, site: LiveSite) -> None:
    make_client("robot", scopes="notes.read")
    form = {"grant_type": "client_credentials", "scope": "notes.read"}
    answers = {}
    for resource in ("", notes):
        named = form | ({"resource": resource} if resource else {})
        token = requests.post(f"{site.url}/oauth/token", data=named, auth=("robot", SECRET), timeout=30).json()
        headers = {"Authorization": f"Bearer {token['access_token']}", "Accept": "application/json, text/event-stream"}
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        answers[resource] = requests.post(notes, json=ping, headers=headers, timeout=30)
    assert answers[""].status_code == 401
    origin = notes.removesuffix("/mcp")
    where = f'resource_metadata="{origin}/.well-known/oauth-protected-resource/mcp"'
    assert where in answers[""].headers["WWW-Authenticate"]
    assert answers[notes].status_code not in {401, 403}
