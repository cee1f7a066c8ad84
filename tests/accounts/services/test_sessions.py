import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.authentication import by_password
from accounts.errors import RefreshRefused
from accounts.models import Session
from accounts.services import people, sessions
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin
from trust.lib.waiting import at_once
from trust.revocation.models import Revocation
from trust.tokens.refresh_token import RefreshToken

pytestmark = pytest.mark.django_db

HOME = Origin("203.0.113.5", "Firefox")
ended = []


def started(user, kind=Session.Kind.API):
    return sessions.start(user=user, kind=kind, authentication=by_password(auth_time=clock.now()), origin=HOME)


def counter(session, generation=None):
    return RefreshToken(session.pk, generation or session.generation, int(session.expires_at.timestamp()))


def note_ended(*, user_id, session_id, reason):
    ended.append((user_id, session_id, reason))


def test_a_sign_in_leaves_a_session_and_an_audit_row(person):
    session = started(person)
    assert Session.objects.alive().get() == session
    assert session.expires_at - session.auth_time == timedelta(days=30)
    event = AuditEvent.objects.of_action("session.started").get()
    assert (event.subject, event.session, event.client_address) == (person.pk, session.pk, "203.0.113.5")


def test_ending_revokes_and_audits_once(person):
    session = started(person)
    assert sessions.end(session_id=session.pk, reason="test")
    assert not sessions.end(session_id=session.pk, reason="test")
    assert not Session.objects.alive().exists()
    assert [entry.key for entry in Revocation.objects.all()] == [str(session.pk)]
    assert AuditEvent.objects.of_action("session.ended").count() == 1


def test_ending_an_unknown_session_changes_nothing(person):
    assert not sessions.end(session_id=uuid.uuid4(), reason="test")
    assert not Revocation.objects.exists()


def test_ends_all_but_the_one_to_keep(person, make_person):
    kept, _, _ = started(person), started(person), started(person)
    other = started(make_person("bob"))
    assert sessions.end_all(user=person, reason="test", keep=kept.pk) == 2
    assert set(Session.objects.alive()) == {kept, other}


def test_tells_the_hooks_of_settings_that_a_session_ended(person, settings):
    settings.SESSION_ENDED = ["tests.accounts.services.test_sessions.note_ended"]
    ended.clear()
    session = started(person)
    sessions.end(session_id=session.pk, reason="signed_out")
    sessions.end_all(user=person, reason="deactivated")
    assert ended == [(person.pk, session.pk, "signed_out"), (person.pk, None, "deactivated")]


def test_refresh_moves_the_counter_and_notes_the_use(person):
    session = started(person)
    away = Origin("198.51.100.7", "curl")
    refreshed = at_once(sessions.refresh(counter=counter(session), origin=away))
    assert refreshed.generation == session.generation + 1
    stored = Session.objects.get()
    assert (stored.client_address, stored.user_agent) == ("198.51.100.7", "curl")
    assert stored.last_seen > session.last_seen
    assert stored.expires_at == session.expires_at


def test_the_just_replaced_generation_gets_the_current_one_within_the_grace(person):
    session = started(person)
    first = at_once(sessions.refresh(counter=counter(session), origin=HOME))
    again = at_once(sessions.refresh(counter=counter(session), origin=HOME))
    assert again.generation == first.generation


@pytest.mark.spec("RFC 9700", "4.14.2")
def test_an_older_generation_is_theft_and_ends_the_session(person):
    session = started(person)
    for generation in (1, 2):
        at_once(sessions.refresh(counter=counter(session, generation), origin=HOME))
    with pytest.raises(RefreshRefused):
        at_once(sessions.refresh(counter=counter(session, 1), origin=HOME))
    assert not Session.objects.alive().exists()
    assert AuditEvent.objects.of_action("refresh_token.reused").count() == 1
    assert Revocation.objects.get().key == str(session.pk)


def test_the_replaced_generation_after_the_grace_is_theft(person):
    session = started(person)
    at_once(sessions.refresh(counter=counter(session), origin=HOME))
    Session.objects.update(rotated_at=clock.now() - timedelta(seconds=11))
    with pytest.raises(RefreshRefused):
        at_once(sessions.refresh(counter=counter(session), origin=HOME))
    assert not Session.objects.alive().exists()


def test_a_generation_that_was_never_reached_ends_nothing(person):
    """A restored backup knows an older counter than the tokens that are out."""
    session = started(person)
    with pytest.raises(RefreshRefused):
        at_once(sessions.refresh(counter=counter(session, 7), origin=HOME))
    assert Session.objects.alive().exists()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: sessions.end(session_id=s.pk, reason="test"), id="ended"),
        pytest.param(lambda s: people.deactivate(user=s.user, actor=None), id="person deactivated"),
        pytest.param(lambda s: Session.objects.update(expires_at=clock.now()), id="past its absolute end"),
        pytest.param(lambda s: s.user.delete(), id="person deleted"),
    ],
)
def test_refuses_to_refresh_what_is_over(person, change):
    session = started(person)
    change(session)
    with pytest.raises(RefreshRefused):
        at_once(sessions.refresh(counter=counter(session), origin=HOME))


def test_deactivation_ends_every_session_at_once(person):
    started(person), started(person, Session.Kind.BROWSER)
    people.deactivate(user=person, actor=None)
    assert not Session.objects.alive().exists()
    people.activate(user=person, actor=None)
    assert not Session.objects.alive().exists()


def test_a_replaced_password_ends_the_other_sessions_in_its_transaction(person):
    kept, _ = started(person, Session.Kind.BROWSER), started(person)
    people.replace_password(user=person, password="another long passphrase", keep=kept.pk, origin=HOME)
    assert list(Session.objects.alive()) == [kept]
    assert person.check_password("another long passphrase")


def test_a_changed_role_revokes_what_names_the_old_ones(person):
    editors = Group.objects.create(name="editors")
    person.groups.add(editors)
    editors.user_set.remove(person)
    person.groups.set([editors])
    editors.name = "writers"
    editors.save()
    editors.delete()
    entries = Revocation.objects.order_by("id")
    assert [(entry.kind, entry.key) for entry in entries] == [("user", str(person.pk))] * 5


def test_last_seen_is_written_no_more_than_once_a_minute(person, django_assert_num_queries):
    session = started(person)
    with django_assert_num_queries(0):
        sessions.note_seen(session=session, now=session.last_seen + timedelta(seconds=59), origin=HOME)
    with django_assert_num_queries(1):
        sessions.note_seen(session=session, now=session.last_seen + timedelta(seconds=61), origin=HOME)
