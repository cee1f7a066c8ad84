"""Rows of clients that publish what they are: what they cost, and that scripts and configuration leave them alone."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from authproject.configuration.clients import Clients
from authproject.configuration.section import WrongEntry
from oauth.conf import REGISTRABLE_SCOPES
from oauth.models import Client
from oauth.scope_description import ResourceDescription
from oauth.services import clients, scope_registration
from oauth.services import scopes as scopes_service
from oauth.views.known_clients import look_up_published, where_a_request_begins
from tests.at_once import at_once
from tests.clients import CALLBACK, make_client, post_form
from tests.published_client import PublishedClient, forget_fetched
from tests.published_client import agent as agent
from tests.published_client import agents as agents
from tests.registration import registered
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

API = "https://notes.example/mcp"


def put_api(*, is_registrable: bool, scopes: tuple[str, ...] = ("notes.read",)) -> None:
    described = ResourceDescription(identifier=API, name_en="Notes", scopes=scopes, is_registrable=is_registrable)
    scope_registration.put_resource(described)
    scopes_service.memory.forget()


def statements(client_id: str) -> int:
    find = where_a_request_begins(Origin(client_address="192.0.2.1"))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        find(client_id)
    return len(captured)


def test_a_plain_client_costs_the_statement_that_it_always_cost(agent: PublishedClient, settings: Any) -> None:
    make_client("plain")
    assert statements("plain") == 1
    assert statements("nobody") == 1
    settings.AGENT_CLIENTS = False
    assert statements("plain") == 1
    with CaptureQueriesContext(connection) as captured:
        look_up_published("plain", Origin())
        look_up_published(agent.client_id, Origin())
    assert len(captured) == 0


def test_a_published_one_that_is_fresh_costs_no_more(agent: PublishedClient) -> None:
    agent.authorize()
    assert statements(agent.client_id) == 1


def test_it_leaves_a_trace_when_it_comes_and_when_it_changes(agent: PublishedClient) -> None:
    agent.authorize()
    assert AuditEvent.objects.of_action("client.registered").get().client_id == agent.client_id
    Client.objects.published().good_until(agent.row.created)
    forget_fetched()
    agent.authorize()
    assert not AuditEvent.objects.of_action("client.changed").exists(), "the same again changes nothing"
    version = agent.row.updated
    Client.objects.published().good_until(agent.row.created)
    agent.publish(client_name="Another name")
    agent.authorize()
    assert AuditEvent.objects.of_action("client.changed").get().details == {"name": "Another name"}
    assert agent.row.updated > version


def test_it_may_push_its_request(agent: PublishedClient) -> None:
    answer = post_form("/oauth/par", agent.parameters())
    assert answer.status_code == 201, answer.content
    assert agent.row.registration_source == "cimd"
    agent.site.publish("/other.json", "")
    refused = post_form("/oauth/par", agent.parameters(client_id=f"{agent.site.url}/other.json"))
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


def test_it_may_have_the_scopes_of_open_apis_and_of_no_other(agent: PublishedClient) -> None:
    put_api(is_registrable=False)
    agent.authorize()
    assert agent.row.scopes.split() == list(REGISTRABLE_SCOPES)
    for is_open in (True, False):
        put_api(is_registrable=is_open)
        left = agent.row.cimd_expires_at - clock.now()
        assert timedelta() < left <= timedelta(seconds=10), "it is looked at again when all processes know of the API"
        Client.objects.published().good_until(agent.row.created)
        forget_fetched()
        agent.authorize()
        assert ("notes.read" in agent.row.scopes.split()) is is_open


def test_who_registers_may_have_them_too(db: None) -> None:
    put_api(is_registrable=True, scopes=("notes.read", "notes.write"))
    assert "notes.write" in registered()["scope"].split()
    assert registered(scope="openid roles")["scope"] == "openid"
    assert registered(scope="notes.read roles")["scope"] == "notes.read notes.write", "it may ask for the rest later"
    put_api(is_registrable=False)
    assert registered(scope="openid notes.read")["scope"] == "openid"


def test_scripts_and_configuration_do_not_make_one_over(agent: PublishedClient) -> None:
    agent.authorize()
    with pytest.raises(CommandError, match="describes itself"):
        call_command("create_client", "--client-id", agent.client_id, "--name", "Mine", stdout=io.StringIO())
    with pytest.raises(WrongEntry, match="describes itself"):
        Clients().wanted({"client_id": agent.client_id, "redirect_uris": [CALLBACK]})
    assert not Clients().standing(with_secrets=False)
    assert agent.row.name == "The Agent"


def test_what_is_remembered_of_it_is_forgotten_when_it_changes(
    agent: PublishedClient, django_capture_on_commit_callbacks: Any
) -> None:
    agent.authorize()
    known = clients.find_known(agent.client_id)
    assert known is not None
    Client.objects.published().good_until(agent.row.created)
    agent.publish(redirect_uris=["https://app.example/new"])
    with django_capture_on_commit_callbacks(execute=True):
        agent.authorize()
    now = clients.find_known(agent.client_id)
    assert now is not None
    assert now.redirect_uris == ("https://app.example/new",)


@pytest.mark.django_db(transaction=True)
def test_many_who_bring_it_first_at_once_find_one_client(agent: PublishedClient) -> None:
    answers = at_once(8, lambda: Browser().get(agent.authorize_url()).status_code)
    assert answers == [303] * 8
    assert Client.objects.get().client_id == agent.client_id
    assert agent.looked_up == 1
