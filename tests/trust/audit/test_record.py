"""The audit trail: inserted with what it describes, personal fields beside a salt."""

import hashlib
import json
import uuid

import pytest
from django.db import transaction

from trust.audit.models import AuditEvent
from trust.audit.record import personal_digest, record
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

HOME = Origin("198.51.100.1", "Firefox")


def recorded(**named) -> AuditEvent:
    record("session.started", **named)
    return AuditEvent.objects.latest("id")


def test_an_event_says_what_happened_to_whom_by_whom():
    subject, actor, session = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    event = recorded(
        subject=subject,
        actor=actor,
        session=session,
        client_id="client",
        origin=HOME,
        identifier="alice@example.com",
        details={"reason": "test"},
    )
    assert (event.action, event.subject, event.actor, event.session) == ("session.started", subject, actor, session)
    assert (event.client_id, event.details) == ("client", {"reason": "test"})
    assert (event.client_address, event.user_agent, event.identifier) == (
        "198.51.100.1",
        "Firefox",
        "alice@example.com",
    )
    assert abs((event.at - clock.now()).total_seconds()) < 5


def test_an_event_is_not_sealed_when_it_is_inserted():
    event = recorded()
    assert (event.sequence, event.chain_hash) == (None, None)


def test_the_digest_covers_the_personal_fields_and_the_salt():
    event = recorded(origin=HOME, identifier="alice")
    assert len(event.salt) == 16
    fields = json.dumps(["198.51.100.1", "Firefox", "alice"]).encode()
    assert bytes(event.personal_digest) == hashlib.sha256(bytes(event.salt) + fields).digest()


def test_equal_fields_have_unequal_digests():
    first, second = recorded(origin=HOME), recorded(origin=HOME)
    assert bytes(first.salt) != bytes(second.salt)
    assert bytes(first.personal_digest) != bytes(second.personal_digest)


def test_fields_cannot_be_moved_into_one_another():
    salt = b"s" * 16
    digests = {
        personal_digest(salt, *fields)
        for fields in [("ab", "c", ""), ("a", "bc", ""), ("a", "b", "c"), ("", "", "abc")]
    }
    assert len(digests) == 4


def test_the_digest_can_be_checked_after_reading_the_row_back():
    event = recorded(origin=Origin("::1", "브라우저 \u2028 \U0001f600"), identifier="앨리스")
    event.refresh_from_db()
    again = personal_digest(bytes(event.salt), event.client_address, event.user_agent, event.identifier)
    assert bytes(event.personal_digest) == again


def test_what_was_typed_in_is_cut_to_its_column_before_it_is_digested():
    event = recorded(identifier="x" * 10_000)
    event.refresh_from_db()
    assert event.identifier == "x" * 254
    assert bytes(event.personal_digest) == personal_digest(bytes(event.salt), "", "", event.identifier)


def test_an_event_goes_with_its_transaction():
    with transaction.atomic():
        record("session.started")
        transaction.set_rollback(True)
    assert not AuditEvent.objects.of_action("session.started").exists()


def test_recording_is_one_insert(django_assert_num_queries):
    with django_assert_num_queries(1):
        record("session.started", origin=HOME)


def test_events_are_found_by_person_and_kind_the_newest_first():
    alice, bob = uuid.uuid4(), uuid.uuid4()
    record("session.started", subject=alice)
    record("session.started", subject=bob)
    record("session.ended", subject=alice)
    assert [event.action for event in AuditEvent.objects.about(alice)] == ["session.ended", "session.started"]
    assert [event.subject for event in AuditEvent.objects.of_action("session.started")] == [bob, alice]


def test_an_event_names_itself_without_personal_fields():
    assert "198.51.100.1" not in str(recorded(origin=HOME, identifier="alice"))
