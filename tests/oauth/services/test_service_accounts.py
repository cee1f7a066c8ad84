"""Service accounts: clients that act as themselves, with the roles that they have now."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oauth.models import Client
from oauth.services import access_tokens, clients, registration, service_accounts
from tests.clients import SECRET, basic, make_client, post_form
from tests.oauth.grants import groups
from trust.audit.models import AuditEvent
from trust.keys.ring import InvalidToken
from trust.lib import clock
from trust.revocation.feed import feed
from trust.tokens.access_token import AccessToken

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["jwt", "opaque"])
def worker(request: Any) -> Client:
    """A service account with the role `editors`."""
    made = make_client(
        "worker",
        grant_types="client_credentials",
        redirect_uris="",
        scopes="read roles",
        access_token_format=request.param,
    )
    made.roles.set(groups("editors"))
    return made


def token_for(scope: str) -> str:
    form = {"grant_type": "client_credentials", "scope": scope}
    answer = post_form("/oauth/token", form, authorization=basic("worker", SECRET))
    assert answer.status_code == 200, answer.content
    value: str = answer.json()["access_token"]
    return value


def said_by(value: str) -> AccessToken:
    return access_tokens.read(value, now=clock.now())


def is_good(value: str) -> bool:
    try:
        return not feed.is_revoked(said_by(value))
    except InvalidToken:
        return False


def test_its_token_names_its_roles_with_the_scope_alone(worker: Client) -> None:
    assert said_by(token_for("read roles")).roles == ("editors",)
    assert said_by(token_for("read")).roles == ()


def test_a_token_without_the_scope_costs_no_look_at_roles(worker: Client) -> None:
    token_for("read")
    counts = {}
    for scope in ("read", "read roles"):
        clients.find_known("worker")
        feed.refresh(older_than=0)
        with CaptureQueriesContext(connection) as seen:
            token_for(scope)
        counts[scope] = sum("auth_group" in query["sql"] for query in seen)
    assert counts["read"] == 0
    assert counts["read roles"] >= 1


@pytest.mark.parametrize("how", ["taken away", "renamed", "deleted"])
def test_a_role_that_is_gone_is_gone_at_the_next_request(worker: Client, how: str) -> None:
    value, editors = token_for("read roles"), Group.objects.get(name="editors")
    assert is_good(value)
    match how:
        case "taken away":
            call_command("create_client", client_id="worker", roles=[""])
        case "renamed":
            editors.name = "writers"
            editors.save()
        case "deleted":
            editors.delete()
    assert not is_good(value)
    assert said_by(token_for("read roles")).roles == (("writers",) if how == "renamed" else ())


def test_another_group_that_changes_does_not_touch_it(worker: Client) -> None:
    value, (others,) = token_for("read roles"), groups("others")
    others.name = "strangers"
    others.save()
    others.delete()
    assert is_good(value)


def test_a_role_that_ends_is_in_the_trail(worker: Client) -> None:
    Group.objects.get(name="editors").delete()
    assert AuditEvent.objects.filter(action="client.roles_changed", client_id="worker").count() == 1


def test_a_disabled_one_is_refused_and_its_tokens_die(worker: Client) -> None:
    value = token_for("read roles")
    registration.disable(client_pk=worker.pk)
    assert not is_good(value)
    form = {"grant_type": "client_credentials", "scope": "read"}
    refused = post_form("/oauth/token", form, authorization=basic("worker", SECRET))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_staff_who_give_people_a_role_may_change_who_has_it(make_person: Any) -> None:
    client = make_client("worker")
    nobody, boss = make_person("nobody"), make_person("boss", staff=True, superuser=True)
    assert service_accounts.may_act_on(nobody, client)
    client.roles.set(groups("editors"))
    assert not service_accounts.may_act_on(nobody, client)
    assert service_accounts.may_act_on(boss, client)
