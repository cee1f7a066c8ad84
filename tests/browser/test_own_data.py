"""Activity, a copy of one's data, and the deletion of one's account with its way back, in a browser."""

import json
from pathlib import Path

import pytest

from accounts.models import User
from tests.browser.conftest import OpenMail, Visit
from tests.browser.visitor import Visitor, follow
from tests.job_queue import run_queue
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def alice(live_server: object, make_person: MakePerson) -> User:
    return make_person("alice")


def signed_in(visit: Visit, **context: object) -> Visitor:
    at_home = visit(**context)
    at_home.sign_in("alice", PASSWORD)
    return at_home


def go_to_tile(visitor: Visitor, link: str) -> None:
    """Go by the links of the overview."""
    visitor.go("/accounts/")
    follow(visitor.page.locator("main .tiles").get_by_role("link", name=link))


def test_activity_tells_of_the_sign_in_and_leads_to_older_events(visit: Visit) -> None:
    at_home = signed_in(visit)
    for number in range(26):
        at_home.go("/accounts/profile/")
        at_home.send(nickname=f"A{number}")
    go_to_tile(at_home, "See activity")
    rows = at_home.page.locator("main ol > li")
    assert (at_home.heading, rows.count()) == ("Activity", 25)
    assert "The profile was changed." in rows.first.inner_text()
    assert "Chrome on Linux" in rows.first.inner_text()
    follow(at_home.page.get_by_role("link", name="Older"))
    assert "Signed in." in "".join(rows.all_inner_texts())
    assert at_home.page.get_by_role("link", name="Older").count() == 0
    follow(at_home.page.get_by_role("link", name="Newest"))
    assert rows.count() == 25


def test_a_copy_of_the_data_is_asked_for_told_of_by_mail_and_downloaded(
    visit: Visit, open_mail: OpenMail, alice: User, tmp_path: Path
) -> None:
    at_home = signed_in(visit)
    go_to_tile(at_home, "Take a copy")
    assert at_home.path == "/accounts/reauthenticate/"
    at_home.send(password=PASSWORD)
    assert at_home.heading == "Your data"
    at_home.send()
    assert at_home.page.get_by_role("button", name="Ask for").count() == 0
    run_queue("default")
    at_home.go(open_mail("alice@example.com"))
    with at_home.page.expect_download() as coming:
        at_home.page.get_by_role("link", name="Download").click(no_wait_after=True)
    coming.value.save_as(tmp_path / "copy.json")
    copy = json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))
    assert copy["account"]["id"] == str(alice.pk)
    assert coming.value.suggested_filename.endswith(".json")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_an_account_is_deleted_and_comes_back_by_the_mailed_link(
    visit: Visit, open_mail: OpenMail, alice: User, java_script_enabled: bool
) -> None:
    at_home, at_work = signed_in(visit, java_script_enabled=java_script_enabled), signed_in(visit)
    at_home.go("/accounts/delete/")
    at_home.send(password=PASSWORD)
    at_home.send(confirmation="bob")
    assert at_home.page.locator("[name=confirmation]").get_attribute("aria-invalid") == "true"
    at_home.send(confirmation="alice")
    assert at_home.page.url.endswith("/")
    assert "Your account is closed" in at_home.page.locator(".messages").inner_text()
    assert not at_home.is_signed_in
    at_work.go("/accounts/")
    assert at_work.path == "/accounts/login/"
    at_work.send(login="alice", password=PASSWORD)
    assert at_work.heading == "Account closed"

    at_home.go(open_mail("alice@example.com"))
    assert at_home.heading == "Keep your account?"
    at_home.send()
    at_home.send(login="alice", password=PASSWORD)
    assert at_home.is_signed_in


@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_the_pages_fit_a_narrow_screen_and_name_their_parts(visit: Visit, language: str) -> None:
    narrow = visit(language, width=360)
    narrow.sign_in("alice", PASSWORD)
    narrow.go("/accounts/reauthenticate/")
    narrow.send(password=PASSWORD)
    for path in ("/accounts/activity/", "/accounts/data/", "/accounts/delete/", "/accounts/inactive/"):
        narrow.go(path)
        assert narrow.page.locator("h1").count() == 1
        assert narrow.page.title().strip(" ·")
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not narrow.page.evaluate(wide), path
        unlabelled = "[...document.querySelectorAll('main input:not([type=hidden])')].filter(f => !f.labels.length)"
        assert narrow.page.evaluate(f"{unlabelled}.length") == 0, path
