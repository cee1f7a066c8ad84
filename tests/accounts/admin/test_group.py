from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[User], Client]


def test_superusers_alone_make_and_change_groups(browser_of: BrowserOf, root: User, clerk: User) -> None:
    clerk.user_permissions.add(*Permission.objects.filter(content_type__app_label="auth"))
    group = Group.objects.create(name="editors")
    page = f"/admin/auth/group/{group.pk}/change/"
    staff = browser_of(clerk)
    assert staff.get(page).status_code == 200
    assert staff.post(page, {"name": "taken"}).status_code == 403
    assert staff.post("/admin/auth/group/add/", {"name": "mine"}).status_code == 403
    assert browser_of(root).post(page, {"name": "writers"}).status_code == 302
    assert list(Group.objects.values_list("name", flat=True)) == ["writers"]


def test_addresses_and_factors_have_no_pages_of_their_own() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    assert {"account.EmailAddress", "mfa.Authenticator"}.isdisjoint(registered)
    assert {"accounts.User", "accounts.Session", "auth.Group", "keys.SigningKey", "audit.AuditEvent"} <= registered


def test_permissions_are_said_in_the_language_of_whoever_looks(browser_of: BrowserOf, root: User) -> None:
    page = browser_of(root).get("/admin/auth/group/add/", headers={"accept-language": "ko"}).content.decode()
    assert "계정 | 세션 | 변경" in page
    assert "Can change" not in page
