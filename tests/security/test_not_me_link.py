"""The link "this was not me" in the wrong hands: forged, altered, old, replayed, pointed at another, or used as a key."""

import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import connection
from django.test import Client

from accounts.models import Session, User
from accounts.services import not_me_link, notices, people, provisioning
from accounts.services.not_me_link import Change, Undo
from accounts.services.notices import Notice
from tests.notices import Deliver, not_me_path
from tests.people import PASSWORD, MakePerson
from trust.audit.models import AuditEvent
from trust.lib.origin import Origin
from trust.limits.conf import NOT_ME_BY_ADDRESS

pytestmark = pytest.mark.django_db


def path_for(person: User, to: str = "alice@example.com", undo: Undo | None = None) -> str:
    return not_me_link.url_for(user=person, to=to, undo=undo).removeprefix("http://testserver")


def is_untouched(person: User) -> bool:
    person.refresh_from_db()
    return person.check_password(PASSWORD) and not AuditEvent.objects.of_action("person.not_me").exists()


def refused(path: str) -> bool:
    answers = [Client().get(path), Client().post(path)]
    return {answer.status_code for answer in answers} == {404}


def test_an_altered_link_does_nothing(person: User) -> None:
    token = path_for(person).split("/")[-2]
    body, time, signature = token.split(":")
    bodies = {**signing.loads(token, salt="accounts.not-me"), "undo": "factor", "what": "1", "first": "1"}
    other = signing.dumps(bodies, key="another key of at least some length", salt="accounts.not-me")
    for altered in (
        token[:-1],
        f"{token}x",
        f"{body}:{time}x:{signature}",
        f"{other.split(':')[0]}:{time}:{signature}",
        other,
        f"{body}::{signature}",
        "nonsense",
        "a:b:c",
        ":::",
        "é",
        "x" * 4000,
    ):
        assert refused(f"/accounts/not-me/{altered}/"), altered
    assert is_untouched(person)


def test_what_is_signed_for_another_purpose_is_no_such_link(person: User) -> None:
    held = signing.loads(path_for(person).split("/")[-2], salt="accounts.not-me")
    for salt in ("django.core.signing", "account", "accounts.not-me2"):
        assert refused(f"/accounts/not-me/{signing.dumps(held, salt=salt)}/")
    assert is_untouched(person)


def test_a_link_is_good_for_a_week(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = path_for(person), signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + timedelta(days=7, minutes=1).total_seconds())
    assert refused(path)
    assert is_untouched(person)
    monkeypatch.setattr(signing.time, "time", lambda: real() + timedelta(days=6, hours=23).total_seconds())
    assert Client().get(path).status_code == 200


def test_a_link_is_for_its_person_alone(person: User, make_person: MakePerson) -> None:
    bob = make_person("bob")
    Client().post(path_for(person))
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_it_takes_a_form_of_ours(person: User) -> None:
    """A page elsewhere cannot post it, even where it knows the link."""
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(path_for(person), headers={"origin": "https://evil.example"}).status_code == 403
    assert is_untouched(person)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_other_method_does_it(person: User, method: str) -> None:
    assert Client().generic(method, path_for(person)).status_code == 405
    assert is_untouched(person)


def test_it_signs_nobody_in(person: User) -> None:
    browser = Client()
    browser.get(path_for(person))
    browser.post(path_for(person))
    assert "_auth_user_id" not in browser.session
    assert not Session.objects.exists()


def test_a_mailbox_that_was_the_persons_once_has_no_say(person: User) -> None:
    path = path_for(person)
    provisioning.set_address(user=person, email="new@example.com", verified=True)
    assert refused(path)
    assert is_untouched(person)


def test_who_stole_the_mailbox_rids_nobody_of_a_second_factor(person: User, totp: object) -> None:
    """A factor that came in place of another within the week is all that is left, and stays."""
    added = Authenticator.objects.create(user=person, type="webauthn", data={})
    undo = people.added_factor(user=person, row_id=added.pk)
    person.authenticator_set.get(type="totp").delete()
    Client().post(path_for(person, undo=undo))
    assert person.authenticator_set.get() == added


@pytest.mark.parametrize("change", [Change.FACTOR, Change.EXTERNAL_ACCOUNT])
def test_nothing_of_another_person_is_undone(person: User, make_person: MakePerson, change: Change) -> None:
    bobs = Authenticator.objects.create(user=make_person("bob"), type="webauthn", data={})
    Client().post(path_for(person, undo=Undo(change, str(bobs.pk))))
    assert Authenticator.objects.get() == bobs


def test_the_link_shows_no_address(person: User) -> None:
    """Links end in the logs of proxies and in the history of browsers."""
    token = path_for(person, undo=Undo(Change.ADDRESS, "alice@example.com")).split("/")[-2]
    assert "alice" not in str(signing.loads(token, salt="accounts.not-me"))
    page = Client().get(path_for(person))
    assert "alice" not in page.content.decode()
    assert page["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "no-store" in page["Cache-Control"]


def test_its_host_is_ours_whatever_the_request_said(client: Client, person: User, deliver_mail: Deliver) -> None:
    """GHSA-2wmj-46rj-qm2w."""
    Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}, headers={"host": "localhost"})
    (message,) = deliver_mail()
    assert "http://testserver/accounts/not-me/" in message.body
    assert "localhost" not in message.body


def test_names_of_others_are_no_markup_in_a_notice(person: User, deliver_mail: Deliver) -> None:
    origin = Origin("203.0.113.5", "<script>alert(1)</script>\r\nBcc: all@example.com")
    name = "</strong><a href='https://evil.example'>Sign in</a>\r\nBcc: all@example.com"
    notices.refresh_token_stolen(user=person, origin=origin, client_name=name)
    notices.send(Notice("socialaccount/email/account_connected", {"provider": name}), user=person, origin=origin)
    for message in deliver_mail():
        page = str(message.alternatives[0][0])  # type: ignore[attr-defined]
        assert "<script" not in page
        assert "<a href='https://evil.example'" not in page
        assert message.recipients() == ["alice@example.com"]
        assert "\n" not in message.subject


@pytest.mark.usefixtures("early_in_the_minute")
def test_links_are_not_guessed_at_scale(client: Client, person: User) -> None:
    statuses = [client.get("/accounts/not-me/a:b:c/").status_code for _ in range(NOT_ME_BY_ADDRESS.attempts + 1)]
    assert statuses == [404] * NOT_ME_BY_ADDRESS.attempts + [429]
    assert client.post(path_for(person)).status_code == 429
    assert is_untouched(person)


@pytest.mark.django_db(transaction=True)
def test_a_link_used_by_many_at_once_works_once(person: User) -> None:
    path, answers = path_for(person), []

    def use() -> None:
        try:
            answers.append(Client().post(path).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 5 + [302]
    assert AuditEvent.objects.of_action("person.not_me").count() == 1


def test_the_path_of_a_real_notice_is_such_a_link(person: User, deliver_mail: Deliver) -> None:
    notices.send(notices.PASSWORD_CHANGED, user=person, origin=Origin())
    assert Client().get(not_me_path(deliver_mail()[0])).status_code == 200
