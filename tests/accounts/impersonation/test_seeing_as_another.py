"""An administrator sees the site as a person does, and comes back: what is shown, noted and told on the way."""

import json
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from accounts.conf import IMPERSONATION_LIFETIME
from accounts.models import Session, User
from accounts.services import person_export
from tests.impersonation import ask, impersonating, impersonation_on, root, the_impersonation
from tests.mail_queue import deliver_mail
from tests.people import PASSWORD, MakePerson
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent
from trust.lib import clock

__all__ = ["impersonation_on", "root"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impersonation_on")]


def test_it_is_asked_first_and_for_a_reason(root: User, person: User) -> None:
    browser = Client()
    sign_in_strongly(browser, root)
    assert "See the site as this person" in browser.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert "told by mail" in browser.get(ask(person)).content.decode()
    assert "reason" in browser.post(ask(person), {"reason": " "}).context["form"].errors
    assert not Session.objects.filter(impersonator__isnull=False).exists()


def test_who_has_a_second_factor_proves_themselves_by_it_and_comes_back(root: User, person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(root, secret)
    browser, codes = Client(), pyotp.TOTP(secret)
    browser.post("/accounts/login/", {"login": "root", "password": PASSWORD})
    browser.post("/accounts/2fa/authenticate/", {"code": codes.now()})
    Session.objects.filter(user=root).update(auth_time=clock.now() - timedelta(minutes=6))
    way = browser.get(ask(person))["Location"]
    assert way.startswith("/accounts/2fa/prove-again/?next=%2Fadmin%2F")
    page = browser.get(way)["Location"]
    back = browser.post(page, {"code": codes.at(clock.now() + timedelta(seconds=30))})["Location"]
    assert back == ask(person)
    assert browser.post(back, {"reason": "x"})["Location"] == "/accounts/"


def test_every_page_says_who_sees_it_as_whom(root: User, person: User) -> None:
    browser = impersonating(root, person)
    for path, status in (("/accounts/", 200), ("/", 200), ("/accounts/password/change/", 403), ("/nowhere/", 404)):
        answer = browser.get(path)
        page = answer.content.decode()
        assert answer.status_code == status
        head = page[page.index("<body") : page.index("<header")]
        assert "<strong>root</strong>" in head
        assert "<strong>alice</strong>" in head
        assert 'action="/accounts/impersonation/stop/"' in head
        assert "csrfmiddlewaretoken" in head


def test_it_is_the_persons_page_and_the_session_is_marked_there(root: User, person: User) -> None:
    browser = impersonating(root, person)
    assert "Hello, alice" in browser.get("/accounts/").content.decode()
    assert "An administrator, who sees the site as you" in browser.get("/accounts/sessions/").content.decode()


def test_from_where_it_is_seen_is_not_the_persons_to_know(root: User, person: User) -> None:
    browser = impersonating(root, person, Client(REMOTE_ADDR="203.0.113.99", HTTP_USER_AGENT="Mozilla Firefox/140"))
    Session.objects.filter(impersonator=root).update(last_seen=clock.now() - timedelta(minutes=5))
    browser.get("/accounts/")
    own = Client()
    own.force_login(person)
    pages = own.get("/accounts/sessions/").content.decode() + own.get("/accounts/activity/").content.decode()
    pages += json.dumps(person_export.export(person, now=clock.now()), cls=DjangoJSONEncoder)
    assert "203.0.113.99" not in pages
    assert "Firefox" not in pages
    assert AuditEvent.objects.of_action("impersonation.started").get().client_address == "203.0.113.99"


def test_stopping_leads_back_to_oneself(root: User, person: User) -> None:
    browser = impersonating(root, person)
    answer = browser.post("/accounts/impersonation/stop/", follow=True)
    assert answer.request["PATH_INFO"] == f"/admin/accounts/user/{person.pk}/change/"
    assert "You see the site as yourself again." in answer.content.decode()
    assert the_impersonation(person).ended_at is not None
    assert "impersonation" not in browser.get("/accounts/").content.decode()
    assert browser.post("/accounts/impersonation/stop/")["Location"] == "/"


def test_it_lasts_half_an_hour_and_no_longer_than_ones_own_session(root: User, person: User) -> None:
    browser = impersonating(root, person)
    session = the_impersonation(person)
    assert timedelta(0) < session.expires_at - clock.now() <= IMPERSONATION_LIFETIME
    own = Session.objects.get(pk=session.impersonated_from)
    browser.post("/accounts/impersonation/stop/")
    Session.objects.filter(pk=own.pk).update(expires_at=clock.now() + timedelta(minutes=3))
    browser.post(ask(person), {"reason": "again"})
    newest = Session.objects.filter(user=person, ended_at=None).get()
    assert newest.expires_at - clock.now() <= timedelta(minutes=3)


def test_the_level_is_the_lower_of_the_two(root: User, person: User, make_person: MakePerson) -> None:
    impersonating(root, person)
    assert (the_impersonation(person).acr, the_impersonation(person).amr) == ("aal1", "")


def test_the_level_is_what_the_person_could_reach(root: User, person: User, totp: Any) -> None:
    impersonating(root, person)
    assert the_impersonation(person).acr == "aal2"


def test_the_trail_says_who_and_why_and_the_person_is_told(root: User, person: User) -> None:
    browser = impersonating(root, person, reason="cannot find the invoice")
    browser.post("/accounts/impersonation/stop/")
    started = AuditEvent.objects.of_action("impersonation.started").get()
    ended = AuditEvent.objects.of_action("impersonation.ended").get()
    assert (started.subject, started.actor) == (ended.subject, ended.actor) == (person.pk, root.pk)
    assert started.session == ended.session == the_impersonation(person).pk
    assert started.details == {"reason": "cannot find the invoice", "acr": "aal1"}
    assert ended.details == {"reason": "stopped"}
    [mail] = deliver_mail()
    assert mail.to == ["alice@example.com"]
    assert "An administrator looked at your account" in mail.subject
    assert "invoice" not in mail.body
    assert "http://testserver/accounts/activity/" in mail.body


def test_the_person_reads_of_it_and_not_why(root: User, person: User) -> None:
    impersonating(root, person, reason="secret matter")
    own = Client()
    own.force_login(person)
    page = own.get("/accounts/activity/").content.decode()
    assert "An administrator began to look at your account" in page
    assert "by an administrator" in page
    assert "secret matter" not in page


def test_the_person_ends_it(root: User, person: User) -> None:
    browser = impersonating(root, person)
    own = Client()
    own.force_login(person)
    own.post(f"/accounts/sessions/{the_impersonation(person).pk}/end/")
    assert browser.get("/accounts/")["Location"] == "/accounts/impersonation/over/"
    assert AuditEvent.objects.of_action("impersonation.ended").get().actor is None
    assert browser.get(f"/admin/accounts/user/{person.pk}/change/").status_code == 200


def test_nobody_is_counted_as_signed_in(root: User, person: User) -> None:
    impersonating(root, person)
    person.refresh_from_db()
    assert person.last_login is None
    assert not AuditEvent.objects.about(person.pk).of_action("session.started").exists()


def test_who_does_it_again_ends_the_first(root: User, person: User, make_person: MakePerson) -> None:
    first, bob = impersonating(root, person), make_person("bob")
    impersonating(root, bob)
    assert first.get("/accounts/")["Location"] == "/accounts/impersonation/over/"
    assert AuditEvent.objects.of_action("impersonation.ended").get().details == {"reason": "begun_anew"}


def test_it_is_not_offered_where_it_is_off(root: User, person: User, settings: Any) -> None:
    settings.IMPERSONATION = False
    browser = Client()
    sign_in_strongly(browser, root)
    assert "See the site as" not in browser.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert browser.post(ask(person), {"reason": "x"})["Location"].endswith("/change/")
    assert not Session.objects.filter(impersonator__isnull=False).exists()
