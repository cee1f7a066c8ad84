"""What is done for a person from their page: asked first, done by POST, noted with who did it."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.admin.person_actions import PERSON_ACTIONS
from accounts.models import Session, User
from tests.mail_queue import deliver_mail
from tests.people import PASSWORD, MakePerson
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[User], Client]
LIST = "/admin/accounts/user/"
NAMES = [action.name for action in PERSON_ACTIONS]
SUPPORT = ("view_user", "send_links", "view_session", "change_session")


def _page(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def _ask(user: User, name: str) -> str:
    return f"{LIST}{user.pk}/do/{name}/"


def _offered(browser: Client, user: User) -> list[str]:
    return [action.name for action in browser.get(_page(user)).context["person_actions"]]


@pytest.fixture
def helper(make_person: MakePerson) -> User:
    """Somebody of the support: sees people, ends sessions, sends links."""
    helper = make_person("helper", staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=SUPPORT))
    return helper


def test_offers_what_there_is_to_do(browser_of: BrowserOf, root: User, person: User, totp: Any) -> None:
    browser = browser_of(root)
    assert _offered(browser, person) == ["end_sessions", "mail_password_reset", "reset_factors", "deactivate"]
    EmailAddress.objects.filter(user=person).update(verified=False)
    User.objects.by_id(person.pk).update(is_active=False)
    assert _offered(browser, person) == ["end_sessions", "reset_factors", "activate"]


def test_offers_support_its_part(browser_of: BrowserOf, helper: User, person: User, totp: Any) -> None:
    assert _offered(browser_of(helper), person) == ["end_sessions", "mail_password_reset"]


@pytest.mark.parametrize("name", NAMES)
def test_looking_does_nothing(browser_of: BrowserOf, root: User, person: User, totp: Any, name: str) -> None:
    browser_of(person)
    count = AuditEvent.objects.about(person.pk).count()
    assert browser_of(root).get(_ask(person, name)).status_code in {200, 302}
    assert AuditEvent.objects.about(person.pk).count() == count


@pytest.mark.parametrize("name", NAMES)
def test_another_site_can_do_nothing(root: User, person: User, totp: Any, name: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in_strongly(browser, root)
    count = AuditEvent.objects.about(person.pk).count()
    assert browser.post(_ask(person, name), {"reason": "x"}).status_code == 403
    assert AuditEvent.objects.about(person.pk).count() == count


@pytest.mark.parametrize("name", NAMES)
def test_who_only_looks_does_nothing(browser_of: BrowserOf, helper: User, person: User, totp: Any, name: str) -> None:
    helper.user_permissions.set(Permission.objects.filter(codename="view_user"))
    browser = browser_of(helper)
    assert _offered(browser, person) == []
    assert browser.get(_ask(person, name)).status_code == browser.post(_ask(person, name)).status_code == 403


def test_who_may_send_links_but_not_look_sends_none(browser_of: BrowserOf, helper: User, person: User) -> None:
    helper.user_permissions.set(Permission.objects.filter(codename="send_links"))
    assert browser_of(helper).post(_ask(person, "mail_password_reset")).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_support_does_not_touch_staff(browser_of: BrowserOf, helper: User, root: User, clerk: User, name: str) -> None:
    helper.user_permissions.set(Permission.objects.exclude(codename="manage_staff"))
    browser = browser_of(helper)
    for staff in (root, clerk):
        assert _offered(browser, staff) == []
        assert browser.post(_ask(staff, name), {"reason": "x"}).status_code == 403


def test_a_link_to_a_new_password_is_mailed_and_not_shown(browser_of: BrowserOf, helper: User, person: User) -> None:
    page = browser_of(helper).post(_ask(person, "mail_password_reset"), follow=True)
    [mail] = deliver_mail()
    assert mail.to == ["alice@example.com"]
    assert "/accounts/password/reset/key/" in mail.body
    assert "/password/reset/key/" not in page.content.decode()
    event = AuditEvent.objects.of_action("password_reset.sent").get()
    assert (event.subject, event.actor) == (person.pk, helper.pk)
    assert person.check_password(PASSWORD)


def test_a_mailbox_is_not_flooded(browser_of: BrowserOf, helper: User, person: User) -> None:
    """After ten mails each waits twice as long as the one before: however slow the machine is, one comes too soon."""
    browser = browser_of(helper)
    pages = [browser.post(_ask(person, "mail_password_reset"), follow=True).content.decode() for _ in range(18)]
    assert any("Too many mails went to this address" in page for page in pages)
    assert 0 < len(deliver_mail()) < 18
    assert AuditEvent.objects.of_action("password_reset.sent").count() == len([p for p in pages if "Too many" not in p])


def test_a_link_to_confirm_the_address_is_mailed(browser_of: BrowserOf, helper: User, person: User) -> None:
    EmailAddress.objects.filter(user=person).update(verified=False)
    browser_of(helper).post(_ask(person, "mail_confirmation"))
    [mail] = deliver_mail()
    assert "/accounts/confirm-email/" in mail.body
    assert AuditEvent.objects.of_action("email_confirmation.sent").get().actor == helper.pk
    assert not person.has_verified_email


def test_factors_go_for_a_reason_and_the_person_is_told(
    browser_of: BrowserOf, root: User, person: User, recovery_codes: Any
) -> None:
    theirs, browser = browser_of(person), browser_of(root)
    assert "reason" in browser.post(_ask(person, "reset_factors"), {"reason": " "}).context["form"].errors
    assert User.objects.factors(person.pk).count() == 2
    browser.post(_ask(person, "reset_factors"), {"reason": "showed a passport"})
    assert not User.objects.factors(person.pk).exists()
    assert theirs.get("/accounts/profile/").status_code == 302
    event = AuditEvent.objects.of_action("person.factors_reset").get()
    assert (event.subject, event.actor) == (person.pk, root.pk)
    assert event.details == {"reason": "showed a passport", "factors": ["recovery_codes", "totp"]}
    [mail] = deliver_mail()
    assert (mail.to, "passport" in mail.body) == (["alice@example.com"], False)
    assert "http://testserver/accounts/2fa/" in mail.body
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_short_password_does_not_stay_alone(browser_of: BrowserOf, root: User, person: User, totp: Any) -> None:
    User.objects.by_id(person.pk).update(has_long_password=False)
    browser_of(root).post(_ask(person, "reset_factors"), {"reason": "showed a passport"})
    person.refresh_from_db()
    assert not person.has_usable_password()
    [mail] = deliver_mail()
    assert "http://testserver/accounts/password/reset/" in mail.body


def test_one_session_is_ended_and_no_other(browser_of: BrowserOf, helper: User, person: User) -> None:
    for _ in range(2):
        browser_of(person)
    ending, staying = Session.objects.of_user(person.pk)
    browser = browser_of(helper)
    page = f"{LIST}{person.pk}/sessions/{ending.pk}/end/"
    assert page in browser.get(_page(person)).content.decode()
    assert browser.get(page).status_code == 200
    assert Session.objects.of_user(person.pk).not_ended().count() == 2
    browser.post(page)
    assert list(Session.objects.of_user(person.pk).not_ended()) == [staying]
    assert AuditEvent.objects.of_action("session.ended").get().actor == helper.pk


def test_a_session_is_ended_from_its_own_persons_page_alone(
    browser_of: BrowserOf, helper: User, root: User, person: User
) -> None:
    browser_of(root)
    session = Session.objects.of_user(root.pk).get()
    browser = browser_of(helper)
    assert browser.post(f"{LIST}{person.pk}/sessions/{session.pk}/end/").status_code == 404
    assert browser.post(f"{LIST}{root.pk}/sessions/{session.pk}/end/").status_code == 403
    assert Session.objects.of_user(root.pk).not_ended().exists()


@pytest.mark.parametrize("path", ["do/nothing/", "do/set_password/", "password/", "set_password/"])
def test_there_is_no_such_thing_to_do(browser_of: BrowserOf, root: User, person: User, path: str) -> None:
    answer = browser_of(root).post(f"{LIST}{person.pk}/{path}", {"password": "chosen by staff", "password1": "x"})
    assert answer.status_code in {302, 404}
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_no_form_of_the_administration_has_a_field_for_a_persons_password(
    browser_of: BrowserOf, root: User, person: User, totp: Any
) -> None:
    browser = browser_of(root)
    for page in (_page(person), f"{LIST}add/", *(_ask(person, name) for name in NAMES)):
        assert 'type="password"' not in browser.get(page).content.decode()


def test_nobody_is_asked_about_in_vain(browser_of: BrowserOf, root: User, person: User) -> None:
    browser = browser_of(root)
    assert browser.get(f"{LIST}00000000-0000-4000-8000-000000000000/do/deactivate/").status_code == 404
    assert (
        browser.get(_ask(person, "activate"), follow=True).content.decode().count("There is nothing to be done.") == 1
    )


def test_the_trail_is_shown_to_who_may_read_it(browser_of: BrowserOf, root: User, helper: User, person: User) -> None:
    browser_of(person)
    assert "session.started" in browser_of(root).get(_page(person)).content.decode()
    assert "session.started" not in browser_of(helper).get(_page(person)).content.decode()


def test_who_manages_staff_lifts_nobody_above_themselves(
    browser_of: BrowserOf, make_person: MakePerson, person: User
) -> None:
    below, above = Group.objects.create(name="below"), Group.objects.create(name="above")
    mine = Permission.objects.filter(codename__in=("view_user", "change_user", "add_user", "manage_staff"))
    below.permissions.set(mine)
    above.permissions.set(Permission.objects.filter(codename__in=("view_user", "delete_client")))
    boss = make_person("boss", staff=True)
    boss.groups.add(below)
    browser = browser_of(boss)
    form = browser.get(_page(person)).context["adminform"].form
    assert list(form.fields["groups"].queryset) == [below]
    assert "is_superuser" not in form.fields
    names = {"username": "alice", "attributes": "{}"}
    browser.post(_page(person), names | {"groups": [above.pk], "is_superuser": "on"})
    assert not person.groups.exists()
    person.groups.add(above)
    assert "is_staff" not in browser.get(_page(person)).context["adminform"].form.fields
    person.groups.set([])
    browser.post(_page(person), names | {"groups": [below.pk], "is_staff": "on"})
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.roles) == (True, False, ["below"])


def test_groups_that_are_not_to_be_given_stay(browser_of: BrowserOf, make_person: MakePerson, person: User) -> None:
    role, above = Group.objects.create(name="editors"), Group.objects.create(name="above")
    above.permissions.set(Permission.objects.filter(codename="delete_client"))
    person.groups.set([above])
    boss = make_person("boss", staff=True)
    codenames = ("view_user", "change_user", "manage_staff")
    boss.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    fields = {"username": "alice", "attributes": "{}", "groups": [role.pk]}
    browser_of(boss).post(_page(person), fields)
    assert person.roles in (["above"], ["above", "editors"])
