"""Clients in the administration, under our strict Content-Security-Policy: from the choice of a kind to the end."""

import pytest
from django.contrib.auth.models import Group

from oauth.models import Client
from oauth.services.digests import secret_is_right
from tests.browser.test_administration import administrator as administrator
from tests.browser.visitor import Visitor, follow

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
    administrator.go(f"/admin/oauth/client/{Client.objects.get().pk}/delete/")
    follow(page.locator("#content input[type=submit]"))
    assert not Client.objects.exists()


@pytest.mark.parametrize("width", [390, 1280])
def test_its_pages_keep_the_policy_and_fit(administrator: Visitor, width: int) -> None:
    page = administrator.page
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        *("client/", "client/add/", "client/add/?kind=web", "client/add/?kind=public", "client/add/?kind=service"),
        *("consent/", "refreshtoken/"),
    ):
        administrator.go(f"/admin/oauth/{path}")
        assert page.locator("#content").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
