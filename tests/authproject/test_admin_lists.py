"""Every list of the administration, of whatever app: nothing in it is counted, sorted or gathered among all rows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.lib.quick_list import QuickList

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OF_ALL = re.compile(r"COUNT\(|DISTINCT|GROUP BY|^SELECT (?!.*\bWHERE\b)", re.IGNORECASE)
BOUNDED = re.compile(r"\bLIMIT \d+", re.IGNORECASE)
OF_FEW = "explain_explanation"  # its rows are bounded in number


@pytest.fixture
def root(make_person: MakePerson) -> Client:
    browser = Client()
    sign_in_strongly(browser, make_person("root", staff=True, superuser=True))
    return browser


def _unbounded(root: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        answer = root.get(address)
    assert answer.status_code == 200, address
    statements = [each["sql"].replace("\n", " ") for each in asked]
    return [sql for sql in statements if OF_ALL.search(sql) and not BOUNDED.search(sql) and OF_FEW not in sql]


def _addresses(root: Client, model: Any) -> Iterator[str]:
    """Yield the list's own address, a search, and each choice of each filter."""
    home = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    yield home
    page = root.get(home)
    if page.context["cl"].search_fields:
        yield f"{home}?q=alice+smith"
    for spec in page.context["cl"].filter_specs:
        yield from (f"{home}{choice['query_string']}" for choice in spec.choices(page.context["cl"]))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_list_reads_all_rows(root: Client, model: Any) -> None:
    assert {address: found for address in _addresses(root, model) if (found := _unbounded(root, address))} == {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_address_makes_a_list_sort_by_a_column_without_an_index(model: Any) -> None:
    site = admin.site.get_model_admin(model)
    assert isinstance(site, QuickList)
    assert set(site.sortable_by) <= set(site.list_display)


def test_a_column_cannot_be_guessed_by_its_beginning(root: Client) -> None:
    for lookup in ("password__startswith=argon2", "groups__user__password__startswith=a", "email__contains=a"):
        assert root.get(f"/admin/accounts/user/?{lookup}").status_code == 400


def test_sorting_by_what_has_no_index_is_ignored(root: Client) -> None:
    page = root.get("/admin/accounts/user/?o=3")
    assert "name" not in page.context["cl"].queryset.query.order_by
    assert page.context["cl"].get_ordering_field("email") == "email"


def test_nothing_is_done_to_rows_that_are_not_in_view(root: Client, make_person: MakePerson) -> None:
    alice = make_person("alice")
    chosen = {"action": "deactivate", "select_across": "1", "_selected_action": [str(alice.pk)]}
    page = root.post("/admin/accounts/user/", chosen, follow=True)
    assert "Tick the rows themselves" in page.content.decode()
    alice.refresh_from_db()
    assert alice.is_active


def test_more_rows_than_are_counted_are_said_so(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trust.lib.bounded_paginator.COUNTED", 0)
    page = root.get("/admin/accounts/user/?q=root").content.decode()
    assert "more than 0 people" in page
    assert "more than 0 results" in page
