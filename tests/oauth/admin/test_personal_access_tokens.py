"""Personal access tokens in the administration: seen and ended by those who may."""

import pytest
from django.test import Client as Browser

from accounts.models import User
from oauth.models import PersonalAccessToken
from tests.oauth.admin.conftest import BrowserOf
from tests.people import MakePerson
from tests.personal_tokens import token_of
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

LIST = "/admin/oauth/personalaccesstoken/"
VIEW, CHANGE = "view_personalaccesstoken", "change_personalaccesstoken"


def end(browser: Browser, *tokens: PersonalAccessToken) -> str:
    """Send the action; return the page that follows."""
    form = {"action": "end", "_selected_action": [str(token.pk) for token in tokens]}
    page: str = browser.post(LIST, form, follow=True).content.decode()
    return page


def test_staff_see_whose_they_are_and_no_value(browser_of: BrowserOf, person: User) -> None:
    row, value = token_of(person, "profile", name="Nightly backups")
    browser = browser_of(VIEW)
    for path in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}?q={person.pk}", f"{LIST}?q=alice", f"{LIST}?state=open"):
        page = browser.get(path).content.decode()
        assert "Nightly backups" in page, path
        assert value[5:] not in page
        assert row.digest not in page
    assert "Nightly backups" not in browser.get(f"{LIST}?q=bob").content.decode()
    assert "Nightly backups" not in browser.get(f"{LIST}?state=expired").content.decode()


def test_staff_end_them(browser_of: BrowserOf, person: User, staff_id) -> None:
    row, _value = token_of(person, "profile")
    kept, _value = token_of(person, "profile")
    end(browser_of(CHANGE), row)
    assert PersonalAccessToken.objects.get().pk == kept.pk
    event = AuditEvent.objects.get(action="personal_access_token.ended")
    assert (event.subject, event.actor) == (person.pk, staff_id())
    assert event.details == {"token": str(row.pk), "reason": "administrator"}


@pytest.mark.parametrize("permission", [VIEW, "change_refreshtoken", "view_user"])
def test_nobody_else_ends_them(browser_of: BrowserOf, person: User, permission: str) -> None:
    row, _value = token_of(person, "profile")
    end(browser_of(permission), row)
    assert PersonalAccessToken.objects.count() == 1


def test_those_of_staff_who_may_more_are_ended_by_others(browser_of: BrowserOf, make_person: MakePerson) -> None:
    bosses, _value = token_of(make_person("boss", staff=True, superuser=True), "profile")
    theirs, _value = token_of(make_person("bob"), "profile")
    page = end(browser_of(CHANGE), bosses, theirs)
    assert "Tokens of staff who may more than you are ended by others." in page
    assert PersonalAccessToken.objects.get().pk == bosses.pk


def test_nothing_is_added_changed_or_deleted_by_hand(browser_of: BrowserOf, person: User) -> None:
    row, _value = token_of(person, "profile")
    browser = browser_of()
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{row.pk}/change/", {"scope": "email"}).status_code == 403
    assert browser.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(("permissions", "is_shown"), [((VIEW,), True), ((CHANGE,), True), ((), False)])
def test_a_persons_page_shows_theirs(
    browser_of: BrowserOf, person: User, permissions: tuple[str, ...], is_shown: bool
) -> None:
    token_of(person, "profile", name="Nightly backups")
    page = browser_of("view_user", *permissions).get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert ("Nightly backups" in page) is is_shown
    assert (f"{LIST}?q={person.pk}" in page) is is_shown
