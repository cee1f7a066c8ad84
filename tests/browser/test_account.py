"""The whole way of a person: sign up, verify, sign in, change the password, reset it, sign out; in both languages."""

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import OpenMail, Visit
from tests.browser.visitor import Visitor, follow
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser
EMAIL = "dana@example.com"
NEW_PASSWORD = "another sentence to remember"


@pytest.mark.parametrize(("language", "lang"), [("en-GB", "en"), ("ko-KR", "ko")])
def test_a_person_signs_up_verifies_signs_in_changes_the_password_and_signs_out(
    visit: Visit, open_mail: OpenMail, language: str, lang: str
) -> None:
    dana = visit(language)
    sign_up(dana)
    assert dana.path == "/accounts/confirm-email/"
    confirm(dana, open_mail(EMAIL))

    dana.sign_in("dana", PASSWORD)
    assert (dana.path, dana.is_signed_in, dana.language) == ("/accounts/", True, lang)

    dana.go("/accounts/password/change/")
    dana.send(oldpassword=PASSWORD, password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    assert dana.page.locator(".messages .alert-success").count() == 1
    assert dana.is_signed_in
    dana.sign_out()
    assert (dana.path, dana.is_signed_in) == ("/", False)

    dana.sign_in(EMAIL, PASSWORD)
    assert (dana.path, dana.is_signed_in) == ("/accounts/login/", False)
    dana.sign_in(EMAIL, NEW_PASSWORD)
    assert dana.is_signed_in


def test_nobody_signs_in_before_the_address_is_verified(visit: Visit) -> None:
    dana = visit()
    sign_up(dana)
    stranger = visit()
    stranger.sign_in(EMAIL, PASSWORD)
    assert (stranger.path, stranger.is_signed_in) == ("/accounts/confirm-email/", False)


def test_the_language_follows_the_switch_and_stays(visit: Visit) -> None:
    dana = visit("en-GB")
    dana.go("/accounts/login/")
    follow(dana.page.get_by_role("button", name="한국어"))
    assert (dana.path, dana.language) == ("/accounts/login/", "ko")
    dana.go("/")
    assert dana.language == "ko"
    follow(dana.page.get_by_role("button", name="English"))
    assert (dana.path, dana.language) == ("/", "en")


def test_a_forgotten_password_is_replaced_by_the_mailed_link(
    visit: Visit, open_mail: OpenMail, make_person: MakePerson
) -> None:
    make_person("alice")
    alice = visit()
    alice.go("/accounts/password/reset/")
    alice.send(email="alice@example.com")
    link = open_mail("alice@example.com")
    alice.go(link)
    alice.send(password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    alice.sign_in("alice", NEW_PASSWORD)
    assert alice.is_signed_in

    other = visit()
    other.go(link)
    assert other.page.locator("main input[type=password]").count() == 0


def test_pages_work_without_scripts(visit: Visit, make_person: MakePerson) -> None:
    make_person("alice")
    alice = visit(java_script_enabled=False)
    alice.go("/accounts/login/")
    alice.send(login="alice", password=PASSWORD)
    assert alice.page.url.endswith("/accounts/")
    assert alice.is_signed_in


def test_a_violation_of_the_policy_would_be_noticed(visit: Visit) -> None:
    dana = visit()
    dana.page.route("**/accounts/login/", _with_inline_style)
    with dana.page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        dana.go("/accounts/login/")
    assert "Content Security Policy" in "".join(dana.faults)
    dana.faults.clear()


def _with_inline_style(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("<h1>", '<h1 style="color: red">'))


def sign_up(visitor: Visitor) -> None:
    visitor.go("/accounts/signup/")
    visitor.send(email=EMAIL, username="dana", password1=PASSWORD, password2=PASSWORD)


def confirm(visitor: Visitor, path: str) -> None:
    visitor.go(path)
    page: Page = visitor.page
    assert EMAIL in page.get_by_role("main").inner_text()
    visitor.send()
