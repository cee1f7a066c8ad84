"""Closing one's account: shut at once for everybody, and a way back for its person alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client as Browser
from django.utils import translation

from accounts.authentication import by_password
from accounts.errors import LastAdministrator, SignInOvertaken
from accounts.models import Session, User
from accounts.services import closing, people, sessions
from tests.accounts.api.client import Api
from tests.people import PASSWORD, MakePerson
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
HOME = Origin("198.51.100.1", "Firefox")


def close(user: User) -> closing.WayBack:
    now = clock.now()
    erase_at = closing.close(user=user, now=now, origin=HOME)
    assert erase_at == now + timedelta(days=14)
    return closing.WayBack(user.pk, erase_at)


def reloaded(user: User) -> User:
    found: User = User.objects.by_id(user.pk).get()
    return found


def link_in(mail: EmailMessage) -> str:
    return mail.body.partition("http://testserver/accounts/way-back/")[2].partition("/")[0]


def test_closing_shuts_the_account_at_once(person: User) -> None:
    api = Api()
    api.sign_in(person)
    browser = Browser()
    browser.force_login(person)
    close(person)
    assert reloaded(person).is_active is False
    assert not Session.objects.alive().exists()
    assert browser.get("/accounts/").status_code == 302
    assert api.http.get("/api/me/", headers={"authorization": f"Bearer {api.bearer}"}).status_code == 401
    assert Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 401


def test_closing_leaves_a_row_in_the_trail_and_happens_once(person: User) -> None:
    close(person)
    assert closing.close(user=person, now=clock.now(), origin=HOME) is None
    event = AuditEvent.objects.of_action("person.closed").get()
    assert (event.subject, event.client_address) == (person.pk, "198.51.100.1")


def test_the_mailed_link_leads_back(person: User, deliver_mail: Any) -> None:
    way_back = close(person)
    mail = deliver_mail()[-1]
    assert mail.to == ["alice@example.com"]
    assert closing.load_way_back(link_in(mail)) == way_back
    assert closing.come_back(way_back=way_back, origin=HOME)
    assert (reloaded(person).is_active, reloaded(person).erase_at) == (True, None)
    assert AuditEvent.objects.of_action("person.came_back").count() == 1


def test_the_mail_is_in_the_persons_language(person: User, deliver_mail: Any) -> None:
    person.locale = "ko-KR"
    person.save()
    close(person)
    with translation.override("ko"):
        from django.utils.formats import date_format

        day = date_format(reloaded(person).erase_at, "DATE_FORMAT")
    assert day in deliver_mail()[-1].body


def test_a_link_is_good_once(person: User) -> None:
    way_back = close(person)
    link = closing._link(way_back)
    closing.come_back(way_back=way_back, origin=HOME)
    assert closing.load_way_back(link) is None
    assert not closing.come_back(way_back=way_back, origin=HOME)


def test_the_link_of_one_closing_does_not_open_the_next(person: User) -> None:
    first = close(person)
    closing.come_back(way_back=first, origin=HOME)
    second = close(person)
    assert closing.load_way_back(closing._link(first)) is None
    assert closing.load_way_back(closing._link(second)) == second


def test_what_an_administrator_activates_is_not_erased_and_the_link_is_spent(person: User) -> None:
    way_back = close(person)
    people.activate(user=person, actor=None)
    assert reloaded(person).erase_at is None
    assert not closing.come_back(way_back=way_back, origin=HOME)


def test_what_an_administrator_deactivates_has_no_way_back_and_is_still_erased_when_it_was_asked(
    person: User, make_person: MakePerson
) -> None:
    way_back = close(person)
    people.deactivate(user=person, actor=make_person("root", staff=True, superuser=True))
    assert closing.load_way_back(closing._link(way_back)) is None
    assert not closing.come_back(way_back=way_back, origin=HOME)
    assert reloaded(person).is_active is False
    assert way_back.erase_at - reloaded(person).erase_at < timedelta(seconds=1)


def test_who_was_only_deactivated_is_never_erased(person: User) -> None:
    people.deactivate(user=person, actor=None)
    assert reloaded(person).erase_at is None


def test_the_last_administrator_stays(make_person: MakePerson) -> None:
    root, other = (make_person(name, staff=True, superuser=True) for name in ("root", "other"))
    close(other)
    with pytest.raises(LastAdministrator):
        closing.close(user=root, now=clock.now(), origin=HOME)
    assert reloaded(root).is_active
    make_person("third", staff=True, superuser=True)
    close(root)


def test_a_sign_in_that_was_under_way_begins_nothing_that_would_come_back_with_the_account(person: User) -> None:
    """The password was right before the closing, the session was to begin after it."""
    way_back = close(person)
    with pytest.raises(SignInOvertaken):
        sessions.start(
            user=person, kind=Session.Kind.API, authentication=by_password(auth_time=clock.now()), origin=HOME
        )
    closing.come_back(way_back=way_back, origin=HOME)
    assert not Session.objects.alive().exists()
