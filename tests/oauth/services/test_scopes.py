"""Scopes and resources: written by services, remembered by the process, and there without a database."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from oauth.models import Resource, Scope
from oauth.scope_description import BUILT_IN_SCOPES, ResourceDescription, ScopeDescription
from oauth.services import scope_registration, scopes
from oauth.services.scope_registration import ScopeInUse
from tests.clients import make_client
from trust.audit.models import AuditEvent

ORDERS = ScopeDescription(name="orders:read", title_en="See your orders", title_ko="주문을 봅니다", is_offered=True)
API = ResourceDescription(identifier="https://orders.example/api", name_en="Orders", scopes=("orders:read",))


def _actions() -> list[str]:
    events = AuditEvent.objects.exclude(action__startswith="signing_key").order_by("pk")
    return list(events.values_list("action", flat=True))


@pytest.mark.django_db
def test_the_migration_gives_a_row_to_built_in_scopes_and_to_those_that_clients_have() -> None:
    Scope.objects.all().delete()
    make_client(scopes="openid read")
    import_module("oauth.migrations.0004_scopes_and_resources").add_those_that_are_used(apps, None)
    rows = {scope.name: scopes.described(scope) for scope in Scope.objects.all()}
    # Which of them people may give to tokens of their own, a later migration says.
    as_then = {name: replace(scope, is_personal=False) for name, scope in BUILT_IN_SCOPES.items()}
    assert {name: rows[name] for name in BUILT_IN_SCOPES} == as_then
    assert set(rows) - set(BUILT_IN_SCOPES) == {"read"}


@pytest.mark.django_db
def test_a_scope_is_put_once_and_changed_by_its_name() -> None:
    assert scope_registration.put_scope(ORDERS)
    assert not scope_registration.put_scope(ORDERS)
    assert scope_registration.put_scope(ScopeDescription(name="orders:read", title_en="Look at your orders"))
    assert Scope.objects.get(name="orders:read").title_en == "Look at your orders"
    assert _actions() == ["scope.created", "scope.changed"]
    assert AuditEvent.objects.order_by("pk").last().details == {  # type: ignore[union-attr]
        "name": "orders:read",
        "title_en": "Look at your orders",
        "title_ko": "",
        "is_offered": False,
    }


@pytest.mark.django_db
def test_built_in_scopes_are_offered_first_and_stand_without_rows() -> None:
    Scope.objects.all().delete()
    scopes.memory.forget()
    built_in = ("openid", "profile", "email", "address", "phone", "roles", "offline_access")
    assert scopes.offered() == built_in
    assert scopes.given_by_default() == ("openid", "profile", "email", "offline_access")
    scope_registration.put_scope(ORDERS)
    scope_registration.put_scope(ScopeDescription(name="phone", is_offered=False))
    scopes.memory.forget()
    assert scopes.offered() == (*(name for name in built_in if name != "phone"), "orders:read")


@pytest.mark.django_db
def test_a_built_in_scope_is_not_deleted() -> None:
    with pytest.raises(ValueError, match="built-in"):
        scope_registration.delete_scope(name="openid")


@pytest.mark.django_db
def test_a_scope_is_not_deleted_while_a_client_may_ask_for_it() -> None:
    scope_registration.put_scope(ORDERS)
    other = make_client("other", name="Other", scopes="orders:read:all")
    client = make_client(name="Shop", scopes="openid orders:read")
    with pytest.raises(ScopeInUse) as refused:
        scope_registration.delete_scope(name="orders:read")
    assert refused.value.clients == [str(client)]
    client.delete()
    assert scope_registration.delete_scope(name="orders:read")
    assert not scope_registration.delete_scope(name="orders:read")
    assert _actions().count("scope.deleted") == 1
    assert other.scopes == "orders:read:all"


@pytest.mark.django_db
def test_a_resource_is_put_with_its_scopes_and_deleted_without_them() -> None:
    assert scope_registration.put_resource(API)
    assert not scope_registration.put_resource(API)
    assert scopes.read().resources == (API,)
    wider = ResourceDescription(identifier=API.identifier, name_en="Orders", scopes=("orders:read", "orders:write"))
    assert scope_registration.put_resource(wider)
    assert scopes.read().resources == (wider,)
    assert scope_registration.delete_resource(identifier=API.identifier)
    assert not scope_registration.delete_resource(identifier=API.identifier)
    assert Scope.objects.filter(name__startswith="orders:").count() == 2
    assert [action for action in _actions() if action.startswith("resource.")] == [
        *("resource.created", "resource.changed", "resource.deleted"),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_this_process_changes_it_knows_at_once_and_reads_nothing_twice() -> None:
    assert "orders:read" not in scopes.offered()
    scope_registration.put_scope(ORDERS)
    assert "orders:read" in scopes.offered()
    with CaptureQueriesContext(connection) as seen:
        assert "orders:read" in scopes.offered()
    assert not seen.captured_queries


@pytest.mark.django_db
def test_discovery_answers_without_a_database(monkeypatch: pytest.MonkeyPatch, client: Any) -> None:
    def down(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(Scope.objects, "order_by", down)
    monkeypatch.setattr(Resource.objects, "order_by", down)
    answer = client.get("/.well-known/openid-configuration")
    assert answer.json()["scopes_supported"][:2] == ["openid", "profile"]
