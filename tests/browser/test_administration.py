"""The administration under our strict Content-Security-Policy, from the sign-in to a deleted person."""

import pyotp
import pytest
from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, follow
from tests.people import PASSWORD, MakePerson
from trust.keys.models import SigningKey

pytestmark = pytest.mark.browser


@pytest.fixture
def administrator(visit: Visit, make_person: MakePerson) -> Visitor:
    """Root, who came from /admin/ by password and code, and is there."""
    root = make_person("root", staff=True, superuser=True)
    secret = pyotp.random_base32()
    TOTP.activate(root, secret)
    visitor = visit()
    visitor.go("/admin/")
    assert visitor.path == "/accounts/login/"
    visitor.send(login="root", password=PASSWORD)
    visitor.send(code=pyotp.TOTP(secret).now())
    assert visitor.path == "/admin/"
    return visitor


def test_every_page_of_it_keeps_the_policy(administrator: Visitor, person: User) -> None:
    key = SigningKey.objects.first()
    assert key is not None
    for path in (
        *("/admin/accounts/user/", "/admin/accounts/user/?q=ali&is_active__exact=1", "/admin/accounts/user/add/"),
        *(f"/admin/accounts/user/{person.pk}/{page}/" for page in ("change", "history", "delete", "do/end_sessions")),
        *("/admin/accounts/session/", "/admin/accounts/", "/admin/auth/group/", "/admin/auth/group/add/"),
        *("/admin/keys/signingkey/", f"/admin/keys/signingkey/{key.pk}/change/"),
        *("/admin/audit/auditevent/", "/admin/audit/signedhead/", "/admin/revocation/revocation/"),
    ):
        administrator.go(path)
        assert administrator.path == path.partition("?")[0]
        assert administrator.page.locator("#content").count() == 1


def test_a_person_is_added_changed_deactivated_and_deleted(administrator: Visitor) -> None:
    page = administrator.page
    administrator.go("/admin/accounts/user/add/")
    page.locator("[name=username]").fill("bob")
    page.locator("[name=email]").fill("bob@example.com")
    follow(page.locator("[name=_save]"))
    page.locator("[name=given_name]").fill("Bob")
    follow(page.locator("[name=_save]"))
    bob = User.objects.by_username("bob").get()
    assert bob.given_name == "Bob"
    page.locator(f"[name=_selected_action][value='{bob.pk}']").check()
    page.locator("[name=action]").select_option("deactivate")
    follow(page.locator("[name=index]"))
    follow(page.locator(".submit-row [type=submit]"))
    bob.refresh_from_db()
    assert not bob.is_active
    administrator.go(f"/admin/accounts/user/{bob.pk}/delete/")
    follow(page.locator("#content input[type=submit]"))
    assert not User.objects.by_username("bob").exists()


def test_the_keys_are_rotated_by_a_button(administrator: Visitor) -> None:
    before = SigningKey.objects.count()
    administrator.go("/admin/keys/signingkey/")
    follow(administrator.page.get_by_role("link", name="Rotate the keys"))
    administrator.page.get_by_label("In an hour", exact=False).check()
    follow(administrator.page.get_by_role("button", name="Rotate the keys"))
    assert SigningKey.objects.count() == 2 * before


def test_its_lists_are_shown_in_the_dark_and_on_a_phone(administrator: Visitor) -> None:
    administrator.page.set_viewport_size({"width": 390, "height": 800})
    administrator.page.emulate_media(color_scheme="dark")
    administrator.go("/admin/accounts/user/")
    administrator.page.locator(".theme-toggle").first.click()
    administrator.page.locator("html[data-theme=light]").wait_for()
    assert administrator.page.locator("#result_list").is_visible()


def test_its_sign_out_signs_out(administrator: Visitor) -> None:
    follow(administrator.page.locator("#logout-form button"))
    administrator.go("/admin/")
    assert administrator.path == "/accounts/login/"
