"""Clients in the administration, under our strict Content-Security-Policy: from the choice of a kind to the end."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from oauth.admin.kinds import Kind
from oauth.models import Client, Scope
from oauth.services.digests import secret_is_right
from tests.browser.test_administration import administrator as administrator
from tests.browser.visitor import Visitor, follow
from tests.clients import make_client

pytestmark = pytest.mark.browser


def test_a_client_is_added_changed_given_a_new_secret_and_deleted(administrator: Visitor) -> None:
    Group.objects.create(name="editors")
    page = administrator.page
    administrator.go("/admin/oauth/client/add/")
    follow(page.get_by_role("link", name="Web application"))
    page.locator("[name=client_name]").fill("The Shop")
    page.locator("[name=redirect_uris]").fill("http://shop.example/callback")
    follow(page.locator("[name=_save]"))
    assert "must be https" in page.locator(".field-redirect_uris .errorlist").inner_text()
    page.locator("[name=redirect_uris]").fill("https://shop.example/callback")
    page.locator("#id_x_groups_from").select_option("editors")
    page.locator("#id_x_groups_add").click()
    page.locator("#id_x_groups_to option", has_text="editors").wait_for()
    follow(page.locator("[name=_save]"))
    first = page.locator("#client-secret").input_value()
    assert secret_is_right(Client.objects.get().client_secret, first)
    follow(page.get_by_role("link", name="I have copied it"))
    assert Client.objects.get().groups.get().name == "editors"
    follow(page.get_by_role("link", name="New secret"))
    follow(page.get_by_role("button", name="Make a new secret"))
    assert page.locator("#client-secret").input_value() != first
    assert secret_is_right(Client.objects.get().previous_secret, first)
    administrator.go(f"/admin/oauth/client/{Client.objects.get().pk}/secret/")
    follow(page.get_by_role("button", name="Refuse the old secret now"))
    assert Client.objects.get().previous_secret == ""
    administrator.go(f"/admin/oauth/client/{Client.objects.get().pk}/delete/")
    follow(page.locator("#content input[type=submit]"))
    assert not Client.objects.exists()


def test_what_is_folded_opens_without_a_script_of_ours_and_shows_its_faults(administrator: Visitor) -> None:
    page = administrator.page
    administrator.go(f"/admin/oauth/client/{make_client().pk}/change/")
    assert not page.locator("[name=logo_uri]").is_visible()
    page.get_by_text("What people are shown").click()
    page.locator("[name=logo_uri]").wait_for()
    page.locator("[name=logo_uri]").fill("http://shop.example/logo.png")
    follow(page.locator("[name=_save]"))
    assert "must be an https address" in page.locator(".field-logo_uri .errorlist").inner_text()
    page.locator("[name=logo_uri]").fill("https://shop.example/logo.png")
    page.locator("[name=x_claims]").fill("groups = groups\nrole = attributes.role")
    follow(page.locator("[name=_save]"))
    client = Client.objects.get()
    assert client.logo_uri == "https://shop.example/logo.png"
    assert client.claims == {"groups": "groups", "role": "attributes.role"}


def test_what_a_client_is_told_is_previewed(administrator: Visitor, person: User) -> None:
    page = administrator.page
    administrator.go(f"/admin/accounts/user/{person.pk}/change/")
    page.locator("[name=attributes]").fill('{"role": "Admin"}')
    follow(page.locator("[name=_save]"))
    client = make_client(claims={"role": "attributes.role"})
    administrator.go(f"/admin/oauth/client/{client.pk}/change/")
    follow(page.get_by_role("link", name="Preview what it is told"))
    page.locator("[name=person]").fill("nobody")
    follow(page.get_by_role("button", name="Show"))
    assert "Nobody has this username" in page.locator(".errorlist").inner_text()
    page.locator("[name=person]").fill("alice")
    follow(page.get_by_role("button", name="Show"))
    told = page.locator(".claims").all_inner_texts()
    assert len(told) == 3
    assert ['"role": "Admin"' in claims for claims in told] == [False, True, True]


@pytest.mark.parametrize("width", [390, 1280])
def test_its_pages_keep_the_policy_and_fit(administrator: Visitor, width: int) -> None:
    page = administrator.page
    page.set_viewport_size({"width": width, "height": 800})
    client, scope = make_client(), Scope.objects.create(name="orders:read")
    for path in (
        *("client/", "client/add/", *(f"client/add/?kind={kind}" for kind in Kind)),
        *("consent/", "refreshtoken/", "scope/", "scope/add/", "resource/", "resource/add/"),
        *(f"client/{client.pk}/{page}/" for page in ("change", "preview", "setup", "secret")),
        *(f"scope/{scope.pk}/change/", "../keys/signingkey/", "../keys/signingkey/rotate/"),
    ):
        administrator.go(f"/admin/oauth/{path}")
        for heading in page.locator("fieldset.collapse summary").all():
            heading.click()
            heading.locator("xpath=../..").locator(".form-row").first.wait_for()
        assert page.locator("#content").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
