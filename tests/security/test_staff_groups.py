"""What each group of staff may do at every address of the administration, of whatever app, against the one table.

Whoever adds a page of their own is asked by this test who may use it.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import StaffGroup, User
from accounts.services import staff_groups
from accounts.services.staff_groups import STAFF_GROUPS
from tests.clients import make_client
from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.lib.read_only_admin import ReadOnlyAdmin

pytestmark = pytest.mark.django_db
REFUSED: Final = {403, 404}
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
# Every page beside those that Django has for each model, and the permissions that it takes.
PAGES: Final = {
    "accounts_user_ask": {"accounts.view_user", "accounts.change_session"},  # asked here to end sessions
    "accounts_user_end_session": {"accounts.view_user", "accounts.change_session"},
    "audit_auditevent_export": {"audit.view_auditevent", "audit.export_auditevent"},
    "audit_signedhead_file": {"audit.view_signedhead"},
    "events_delivery_again": {"events.change_delivery"},
    "events_receiver_end-old-secret": {"events.change_receiver"},
    "events_receiver_secret": {"events.change_receiver"},
    "events_receiver_test": {"events.change_receiver"},
    "keys_signingkey_rotate": {"keys.change_signingkey"},
    "oauth_client_preview": {"oauth.view_client", "accounts.view_user"},
    "oauth_client_secret": {"oauth.change_client"},
    "oauth_client_setup": {"oauth.view_client"},
}
# Where rows are read only, but made by a page.
ADDED: Final = {"accounts.Invitation"}


def _ours(model: Any) -> list[Any]:
    """The patterns that a model's pages have beside Django's."""
    stem = f"{model._meta.app_label}_{model._meta.model_name}_"
    usual = {f"{stem}{page}" for page in ("changelist", "add", "history", "delete", "change")}
    urls = admin.site.get_model_admin(model).get_urls()
    return [url for url in urls if getattr(url, "name", None) and url.name not in usual]


def _values(url: Any, key: Any) -> dict[str, Any]:
    """What stands in the address."""
    given = {"pk": key, "client_pk": key, "sid": NOBODY, "name": "end_sessions", "kind": "csv"}
    return {name: given[name] for name in url.pattern.converters}


def _addresses(person: User) -> Iterator[tuple[str, str, set[str]]]:
    """Yield each address, how it is asked, and one of which permissions it takes; of ours all of them."""
    for model, site in admin.site._registry.items():
        app, name = model._meta.app_label, model._meta.model_name
        stem = f"admin:{app}_{name}_"
        row = person if model is User else model._default_manager.order_by("pk").first()
        absent = NOBODY if model._meta.pk.get_internal_type() == "UUIDField" else 0
        key = row.pk if row else absent
        looking = {f"{app}.view_{name}", f"{app}.change_{name}"}
        read_only = isinstance(site, ReadOnlyAdmin)
        adding = {f"{app}.add_{name}"} if not read_only or model._meta.label in ADDED else set()
        yield reverse(f"{stem}changelist"), "any", looking
        yield reverse(f"{stem}change", args=[key]), "any", looking
        yield reverse(f"{stem}add"), "any", adding
        yield reverse(f"{stem}delete", args=[absent]), "any", set() if read_only else {f"{app}.delete_{name}"}
        if row:
            yield reverse(f"{stem}history", args=[key]), "any", looking
        for url in _ours(model):
            yield reverse(f"admin:{url.name}", kwargs=_values(url, key)), "all", PAGES[url.name]


def _is_open(kind: str, how: str, permissions: set[str]) -> bool:
    has = [STAFF_GROUPS[kind].include(name) for name in permissions]
    return all(has) if how == "all" else any(has)


@pytest.fixture
def member(make_person: MakePerson, request: pytest.FixtureRequest) -> Client:
    """The browser of somebody in the group that the test names."""
    staff_groups.provide()
    person = make_person("member", staff=True)
    person.groups.add(Group.objects.get(name=request.param))
    browser = Client()
    sign_in_strongly(browser, person)
    return browser


def test_every_page_of_its_own_is_in_the_table() -> None:
    assert {url.name for model in admin.site._registry for url in _ours(model)} == set(PAGES)


@pytest.mark.parametrize(("member", "kind"), [(kind, kind) for kind in STAFF_GROUPS], indirect=["member"])
def test_every_address_is_open_to_whom_the_table_says(member: Client, kind: str, person: User) -> None:
    make_client("web")
    wrong = {}
    for address, how, permissions in _addresses(person):
        status = member.get(address).status_code
        is_open = _is_open(kind, how, permissions)
        if status >= 500 or (status == 403 if is_open else status not in {*REFUSED, 405}):
            wrong[address] = (status, is_open)
    assert wrong == {}


@pytest.mark.parametrize(("member", "kind"), [(kind, kind) for kind in STAFF_GROUPS], indirect=["member"])
def test_what_is_not_open_takes_no_form_either(member: Client, kind: str, person: User) -> None:
    make_client("web")
    for address, how, permissions in _addresses(person):
        if not _is_open(kind, how, permissions):
            assert member.post(address, {"post": "yes"}).status_code in REFUSED, address


@pytest.mark.parametrize("member", ["auditor"], indirect=True)
def test_an_auditor_changes_nothing(member: Client, person: User) -> None:
    names = [_name_of(permission) for permission in Permission.objects.all()]
    may = {name for name in names if STAFF_GROUPS["auditor"].include(name)}
    assert {name.partition(".")[2].partition("_")[0] for name in may} == {"view", "export"}
    assert member.post(f"/admin/accounts/user/{person.pk}/change/", {"username": "taken"}).status_code == 403


@pytest.mark.parametrize("member", ["administrator"], indirect=True)
def test_an_administrator_makes_no_superuser_and_touches_none(member: Client, make_person: MakePerson) -> None:
    root, alice = make_person("root", staff=True, superuser=True), make_person("alice")
    new = {"username": "alice", "attributes": "{}", "is_superuser": "on", "is_staff": "on"}
    assert member.post(f"/admin/accounts/user/{alice.pk}/change/", new).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (True, False)
    for name in ("deactivate", "reset_factors", "mail_password_reset", "end_sessions"):
        assert member.post(f"/admin/accounts/user/{root.pk}/do/{name}/", {"reason": "x"}).status_code == 403
    assert member.post(f"/admin/accounts/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("member", ["administrator"], indirect=True)
def test_an_administrator_gives_groups_what_they_have_and_no_more(member: Client) -> None:
    above = Permission.objects.get(codename="change_socialapp")
    within = Permission.objects.get(codename="view_user")
    member.post("/admin/auth/group/add/", {"name": "mine", "permissions": [above.pk, within.pk]})
    assert not Group.objects.filter(name="mine").exists()
    member.post("/admin/auth/group/add/", {"name": "mine", "permissions": [within.pk]})
    assert list(Group.objects.get(name="mine").permissions.all()) == [within]
    higher = Group.objects.create(name="higher")
    higher.permissions.add(above)
    for page in ("change", "delete"):
        assert member.post(f"/admin/auth/group/{higher.pk}/{page}/", {"name": "x", "post": "yes"}).status_code == 403
    assert higher.permissions.get() == above


def test_what_an_operator_changed_stays_so() -> None:
    staff_groups.provide()
    support = Group.objects.get(name="support")
    taken, added = Permission.objects.get(codename="send_links"), Permission.objects.get(codename="change_user")
    support.permissions.remove(taken)
    support.permissions.add(added)
    Group.objects.get(name="auditor").delete()
    Group.objects.get(name="client manager").delete()
    Group.objects.create(name="client manager")
    staff_groups.provide()
    assert taken not in support.permissions.all()
    assert added in support.permissions.all()
    assert not Group.objects.filter(name="auditor").exists()
    assert not Group.objects.get(name="client manager").permissions.exists()


def test_the_permissions_of_a_new_app_are_picked_up() -> None:
    staff_groups.provide()
    new = Permission.objects.create(
        codename="view_novelty", name="x", content_type=ContentType.objects.get(app_label="explain")
    )
    staff_groups.provide()
    having = {each.group.name for each in StaffGroup.objects.all() if each.group.permissions.contains(new)}
    assert having == {"support", "client manager", "auditor", "administrator"}


def test_a_role_of_the_same_name_is_left_alone() -> None:
    role = Group.objects.create(name="administrator")
    staff_groups.provide()
    assert not role.permissions.exists()
    assert Group.objects.get(name="administrator (staff)").permissions.exists()


def _name_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"
