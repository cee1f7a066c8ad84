"""A person's attributes in the administration: a JSON object, changed by superusers, since clients may trust them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.admin.test_user import _fields, _page
from trust.audit.models import AuditEvent
from trust.revocation.models import Revocation

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[User], Client]


def _change(browser: Client, person: User, text: str) -> Any:
    return browser.post(_page(person), _fields(browser, person, attributes=text))


def test_an_object_is_kept_and_shown_over_several_lines(browser_of: BrowserOf, root: User, person: User) -> None:
    browser = browser_of(root)
    assert _change(browser, person, '{"소속": "서울", "teams": ["a", "b"]}').status_code == 302
    person.refresh_from_db()
    assert person.attributes == {"소속": "서울", "teams": ["a", "b"]}
    shown = browser.get(_page(person)).context["adminform"].form["attributes"].value()
    assert shown == json.dumps(person.attributes, ensure_ascii=False, indent=2)
    event = AuditEvent.objects.of_action("person.changed").get()
    assert (event.actor, event.details) == (root.pk, {"fields": ["attributes"]})
    assert not Revocation.objects.exists()
    assert _change(browser, person, "").status_code == 302
    person.refresh_from_db()
    assert person.attributes == {}


def test_what_was_not_changed_is_not_saved(browser_of: BrowserOf, root: User, person: User) -> None:
    browser = browser_of(root)
    User.objects.by_id(person.pk).update(attributes={"a": 1})
    _change(browser, person, '  {"a":\r\n 1}')
    assert not AuditEvent.objects.of_action("person.changed").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{", "This is no JSON"),
        ('{"a": 1, "a": 2}', "This is no JSON, or a name stands in it twice"),
        ("[" * 5000, "This is no JSON"),
        ('{"a": NaN}', "This is no JSON"),
        ('{"a": "\\u0000"}', "This is no JSON"),
        ('["a"]', "Write a JSON object"),
        ("null", "Write a JSON object"),
        ('{"two words": 1}', "visible characters"),
        ('{"": 1}', "visible characters"),
        (json.dumps({"big": "x" * 8192}), "larger than 8 KiB"),
    ],
    ids=lambda value: value[:20],
)
def test_a_fault_is_shown_beside_it(browser_of: BrowserOf, root: User, person: User, typed: str, said: str) -> None:
    answer = _change(browser_of(root), person, typed)
    assert said in answer.context["adminform"].form.errors["attributes"][0]
    assert answer.context["adminform"].form["attributes"].value() == typed
    person.refresh_from_db()
    assert person.attributes == {}


def test_staff_see_them_and_superusers_alone_change_them(browser_of: BrowserOf, clerk: User, person: User) -> None:
    User.objects.by_id(person.pk).update(attributes={"role": "Viewer"})
    browser = browser_of(clerk)
    assert "Viewer" in browser.get(_page(person)).content.decode()
    for user in (person, clerk):
        _change(browser, user, '{"role": "Admin"}')
    assert [user.attributes for user in User.objects.order_by("username")] == [{"role": "Viewer"}, {}]


def test_a_new_person_is_asked_for_none(browser_of: BrowserOf, root: User) -> None:
    browser = browser_of(root)
    assert "attributes" not in browser.get("/admin/accounts/user/add/").context["adminform"].form.fields
    new = {"username": "bob", "email": "bob@example.com", "attributes": '{"role": "Admin"}'}
    browser.post("/admin/accounts/user/add/", new)
    assert User.objects.by_username("bob").get().attributes == {}
