"""Erasing people: nothing of them is left that names them, what others use stays, and it can be cut short anywhere."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.mail import send_mail
from django.db import connection

from accounts.models import Invitation, User
from accounts.services import administration, closing, erasure, housekeeping, people
from oauth.models import Client
from tests.people import MakePerson
from tests.whole_person import MARKS, hold_everything, owner_of, places_with
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.lib import clock
from trust.lib.origin import Origin
from trust.limits.models import GuessCounter
from trust.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
OnCommit = Callable[..., AbstractContextManager[list[Any]]]
SOON = timedelta(days=15)

# Where a person's id may stay, without a relation: it leads to nobody any more.
ID_MAY_STAY = {
    "audit.AuditEvent": {"subject", "actor"},  # the trail outlives what it speaks of
    "admin.LogEntry": {"object_id"},
    "revocation.Revocation": {"key"},  # for as long as a token could live
    "oauth.ClientSession": {"person", "subject"},  # until its client has heard of the session's end
}


@pytest.fixture
def erased(person: User, django_capture_on_commit_callbacks: OnCommit) -> User:
    hold_everything(person)
    user_id = person.pk
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(user=person, action=erasure.ERASED)
    person.pk = user_id
    return person


def test_nothing_names_the_person_any_more(erased: User) -> None:
    assert places_with(*MARKS) == {}


def test_the_test_would_find_what_names_the_person(person: User) -> None:
    hold_everything(person)
    found = places_with(*MARKS)
    assert {"accounts.User", "accounts.Session", "audit.AuditEvent", "admin.LogEntry", "account.EmailAddress"} <= {
        *found
    }
    assert {"mfa.Authenticator", "socialaccount.SocialAccount"} <= {*found}


def test_the_id_stays_where_it_names_nobody(erased: User) -> None:
    places = places_with(str(erased.pk))
    assert "audit.AuditEvent" in places
    assert [label for label, columns in places.items() if not ID_MAY_STAY.get(label, set()).issuperset(columns)] == []


def test_every_relation_to_a_person_goes_with_them_or_lets_go() -> None:
    """A new relation that keeps a person from being erased, or that is left behind, is found here."""
    relations = {(rel.related_model._meta.label, rel.on_delete.__name__) for rel in User._meta.related_objects}
    assert {how for _, how in relations} <= {"CASCADE", "SET_NULL"}
    assert {label for label, how in relations if how == "SET_NULL"} == {"accounts.Invitation"}


def test_whoever_names_people_without_a_relation_is_known() -> None:
    named = {"person", "subject", "actor", "user_id", "owner"}
    by_value = {
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.concrete_fields
        if field.name in named and not field.is_relation
    }
    assert by_value == {
        "audit.AuditEvent.subject",
        "audit.AuditEvent.actor",
        "events.Delivery.subject",  # as the trail has it, for the days that a delivery is kept
        "explain.Explanation.person",  # for an hour
        "oauth.ClientSession.person",
        "oauth.ClientSession.subject",
        "oauth.AccessToken.subject",
        "oauth.PairwiseSubject.subject",
        "oauth.Workload.subject",  # what an issuer says of a program
    }


def test_what_others_use_stays(erased: User) -> None:
    assert Client.objects.by_client_id("app").exists()
    assert owner_of("app") is None
    assert [(row.email, row.invited_by) for row in Invitation.objects.all()] == [("bob@example.com", None)]
    assert LogEntry.objects.get().object_repr == ""
    assert OutgoingMail.objects.count() == 1  # Bob's


def test_the_trail_goes_on(erased: User) -> None:
    events = AuditEvent.objects.about(erased.pk)
    assert events.first().action == "person.erased"
    assert len(events) > 5
    assert not events.with_personal_fields().exists()


def test_guesses_at_the_person_are_forgotten(person: User) -> None:
    hold_everything(person)
    assert GuessCounter.objects.count() == 2
    erasure.erase(user=person, action=erasure.ERASED)
    assert GuessCounter.objects.count() == 0


def test_the_daily_work_erases_those_whose_days_are_over_and_no_others(make_person: MakePerson) -> None:
    alice, bob, carol = (make_person(name) for name in ("alice", "bob", "carol"))
    now = clock.now()
    closing.close(user=alice, now=now, origin=Origin())
    closing.close(user=bob, now=now + timedelta(days=2), origin=Origin())
    assert housekeeping.clear(now=now + timedelta(days=14) - timedelta(minutes=1))["erased"] == 0
    assert housekeeping.clear(now=now + timedelta(days=14))["erased"] == 1
    assert {user.username for user in User.objects.administrators() | User.objects.by_id(bob.pk)} == {"bob"}
    assert not User.objects.by_id(alice.pk).exists()
    assert User.objects.by_id(carol.pk).exists()
    assert housekeeping.clear(now=now + timedelta(days=14))["erased"] == 0


def test_who_was_let_in_again_is_not_erased(person: User) -> None:
    closing.close(user=person, now=clock.now(), origin=Origin())
    people.activate(user=person, actor=None)
    assert erasure.erase_due(now=clock.now() + SOON) == 0
    assert User.objects.by_id(person.pk).get().erase_at is None


def test_one_person_who_cannot_be_erased_does_not_keep_the_others(
    make_person: MakePerson, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = make_person("alice"), make_person("bob")
    for user in (alice, bob):
        closing.close(user=user, now=clock.now(), origin=Origin())
    settings.PERSON_ERASED = [f"{__name__}.refuse_alice"]
    assert erasure.erase_due(now=clock.now() + SOON) == 1
    assert [user.username for user in User.objects.all()] == ["alice"]
    assert "could not be erased: ValueError" in caplog.text
    assert "secret" not in caplog.text


def refuse_alice(*, user_id: Any) -> None:
    if User.objects.by_id(user_id).get().username == "alice":
        raise ValueError("a secret of alice")


def test_an_erasure_that_was_cut_short_is_gone_on_with(person: User) -> None:
    """The process died after the commit, before the audit's fields were erased."""
    hold_everything(person)
    user_id = person.pk
    erasure.erase(user=person, action=erasure.ERASED)  # no callback runs here
    left = AuditEvent.objects.about(user_id).with_personal_fields().count()
    assert left > 0
    assert housekeeping.clear(now=clock.now())["erasures_gone_on_with"] >= left
    assert not AuditEvent.objects.about(user_id).with_personal_fields().exists()
    assert housekeeping.clear(now=clock.now())["erasures_gone_on_with"] == 0


def test_an_administrators_deletion_erases_as_thoroughly(
    person: User, make_person: MakePerson, django_capture_on_commit_callbacks: OnCommit
) -> None:
    hold_everything(person)
    user_id = person.pk
    clerk = make_person("clerk", staff=True)
    with django_capture_on_commit_callbacks(execute=True):
        administration.delete_person(user=person, actor=clerk, origin=Origin("192.0.2.9", "Clerkbrowser"))
    assert places_with(*MARKS) == {}
    last = AuditEvent.objects.about(user_id).first()
    assert (last.action, last.actor, last.client_address) == ("person.deleted", clerk.pk, "")


def test_an_account_never_verified_is_erased_as_thoroughly(
    make_person: MakePerson, django_capture_on_commit_callbacks: OnCommit
) -> None:
    stranger = make_person("alice", verified=False)
    people.note(action="person.signed_up", user=stranger, origin=Origin("198.51.100.77", "x"), identifier="alice")
    with django_capture_on_commit_callbacks(execute=True):
        assert housekeeping.clear(now=clock.now() + timedelta(days=8))["unverified"] == 1
    assert places_with(*MARKS) == {}


def test_an_address_that_was_only_claimed_is_somebody_elses(
    make_person: MakePerson, django_capture_on_commit_callbacks: OnCommit
) -> None:
    """Nobody wipes the traces of another's address, or their mail, by claiming it and going."""
    squatter = make_person("squatter", email="bob@example.com", verified=False)
    record("sign_in.refused", origin=Origin("192.0.2.7", "curl"), identifier="bob@example.com")
    send_mail("Hello", "A link", None, ["bob@example.com"])
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(user=squatter, action=erasure.ERASED)
    assert AuditEvent.objects.of_action("sign_in.refused").get().identifier == "bob@example.com"
    assert OutgoingMail.objects.count() == 1


def test_the_names_are_free_again_and_the_subject_is_not(person: User, make_person: MakePerson) -> None:
    subject = person.pk
    erasure.erase(user=person, action=erasure.ERASED)
    again = make_person("alice")
    assert again.email == "alice@example.com"
    assert again.pk != subject


def _models() -> list[Any]:
    from django.apps import apps

    tables = set(connection.introspection.table_names())
    return [model for model in apps.get_models() if model._meta.db_table in tables]
