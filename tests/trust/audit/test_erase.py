"""Erasing a person from the trail: the personal fields go, and what the chain covers stays as it was."""

import uuid
from datetime import timedelta

import pytest

from trust.audit import erase as erasing
from trust.audit.chain import GENESIS, chain_hash
from trust.audit.erase import erase, erase_mentions, unfinished
from trust.audit.lines import read_lines
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

HOME = Origin("198.51.100.1", "Firefox")
ALICE, BOB = uuid.UUID(int=1), uuid.UUID(int=2)


def trail() -> None:
    record("session.started", subject=ALICE, origin=HOME, identifier="alice")
    record("person.changed", subject=BOB, actor=ALICE, origin=HOME)
    record("session.started", subject=BOB, origin=HOME, identifier="bob")
    record("sign_in.refused", origin=HOME, identifier="nobody@example.com")


def personal(event: AuditEvent) -> tuple[object, ...]:
    return (event.salt, event.client_address, event.user_agent, event.identifier)


def covered() -> bytes:
    """Chain the rows as the sealer does."""
    link = GENESIS
    for line in read_lines(AuditEvent.objects.order_by("id")):
        link = chain_hash(link, line)
    return link


def test_erases_what_is_personal_in_events_about_a_person_and_in_those_that_they_did() -> None:
    trail()
    assert erase(ALICE) == 2
    theirs = [AuditEvent.objects.about(ALICE).get(), AuditEvent.objects.done_by(ALICE).get()]
    assert [personal(event) for event in theirs] == [(None, "", "", "")] * 2


def test_leaves_everybody_else_as_they_were() -> None:
    trail()
    erase(ALICE)
    others = AuditEvent.objects.exclude(identifier="").order_by("id")
    assert [(event.client_address, event.identifier) for event in others] == [
        ("198.51.100.1", "bob"),
        ("198.51.100.1", "nobody@example.com"),
    ]
    assert all(event.salt for event in others)


def test_the_chain_over_the_rows_still_holds() -> None:
    trail()
    before = covered()
    assert erase(ALICE) > 0
    assert covered() == before


def test_erasing_again_finds_nothing() -> None:
    trail()
    erase(ALICE)
    assert erase(ALICE) == 0


def test_erases_the_events_at_which_an_address_was_given_whatever_its_case() -> None:
    trail()
    record("sign_in.refused", origin=HOME, identifier="Nobody@Example.com")
    record("sign_in.refused", origin=HOME, identifier="nobody@example.com.evil")
    assert erase_mentions({"nobody@EXAMPLE.com"}) == 2
    assert AuditEvent.objects.filter(identifier__icontains="nobody").get().identifier == "nobody@example.com.evil"
    assert AuditEvent.objects.about(BOB).filter(identifier="bob").exists()


def test_no_address_is_nobodys() -> None:
    trail()
    assert erase_mentions(set()) == 0
    assert erase_mentions({""}) == 0


def test_many_events_are_erased_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "_BATCH", 2)
    for _ in range(5):
        record("session.started", subject=ALICE, origin=HOME)
    assert erase(ALICE) == 5
    assert not AuditEvent.objects.about(ALICE).with_personal_fields().exists()


def test_an_erasure_that_was_cut_short_is_found_by_its_last_event() -> None:
    trail()
    record("person.erased", subject=ALICE, origin=HOME)
    record("person.erased", subject=BOB, origin=HOME)
    erase(BOB)
    since = clock.now() - timedelta(days=1)
    assert unfinished("person.erased", since=since) == {ALICE}
    assert unfinished("person.erased", since=clock.now() + timedelta(days=1)) == set()
    assert unfinished("person.deleted", since=since) == set()
