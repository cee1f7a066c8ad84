"""Somebody who can write to the database by SQL, and has no key, changes what the audit trail says."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.trail import ALICE, NO_TIME, make_trail, tamper, verify
from trust.audit.chain import GENESIS, chain_hash
from trust.audit.erase import erase, erase_mentions
from trust.audit.lines import read_lines
from trust.audit.models import AuditEvent, SignedHead
from trust.audit.record import record
from trust.audit.sealer import seal_waiting
from trust.keys.models import SigningKey
from trust.keys.ring import ring
from trust.lib import clock
from trust.notary import heads, retention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trail() -> None:
    make_trail(9)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A head that an operator keeps elsewhere."""
    printed = io.StringIO()
    call_command("audit_head", stdout=printed)
    path = tmp_path / "head.json"
    path.write_text(printed.getvalue())
    return path


def chain_anew() -> None:
    """Hash all rows again, as whoever knows the source can."""
    previous = GENESIS
    for sequence, line in enumerate(read_lines(AuditEvent.objects.sealed()), 1):
        previous = chain_hash(previous, line | {"sequence": sequence})
        tamper("UPDATE audit_auditevent SET chain_hash = %s WHERE id = %s", previous, line["id"])


def test_an_honest_trail_holds(kept: Path) -> None:
    status, said = verify(head=kept)
    assert status == 0, said
    assert "Read 9 events" in said
    assert "ends at place 9" in said
    assert "Not sealed yet: 0 events" in said


@pytest.mark.parametrize(
    "change",
    [
        "details = '{\"number\": 99}'",
        "action = 'session.ended'",
        "subject = NULL",
        "actor = subject",
        "client_id = 'other'",
        "at = '2020-01-01 00:00:00.000000+00:00'",
    ],
)
def test_altered_columns(change: str) -> None:
    tamper(f"UPDATE audit_auditevent SET {change} WHERE sequence = 5")
    status, said = verify()
    assert status == 1
    assert "FOUND place 5: altered" in said
    assert "1 findings" in said


def test_what_cannot_be_read_is_found_and_hides_nothing_else() -> None:
    tamper("UPDATE audit_auditevent SET at = %s WHERE sequence = 5", NO_TIME)
    tamper("UPDATE audit_auditevent SET action = 'x' WHERE sequence = 8")
    status, said = verify()
    assert status == 1
    assert "FOUND place 5: altered" in said
    assert "FOUND place 8: altered" in said


@pytest.mark.parametrize("change", ["client_address = '203.0.113.9'", "identifier = 'bob'", "salt = NULL"])
def test_altered_personal_fields(change: str) -> None:
    tamper(f"UPDATE audit_auditevent SET {change} WHERE sequence = 5")
    status, said = verify()
    assert status == 1
    assert "FOUND place 5: altered: the personal fields" in said


def test_an_altered_event_that_was_hashed_again_breaks_the_next_one() -> None:
    tamper("UPDATE audit_auditevent SET action = 'x' WHERE sequence = 5")
    line, before = (read_lines(AuditEvent.objects.sealed_after(place)[:1])[0] for place in (4, 3))
    forged = chain_hash(bytes.fromhex(before["chain_hash"]), line)
    tamper("UPDATE audit_auditevent SET chain_hash = %s WHERE sequence = 5", forged)
    status, said = verify()
    assert status == 1
    assert "FOUND place 6: altered: the event" in said


def test_a_deleted_event_in_the_middle() -> None:
    tamper("DELETE FROM audit_auditevent WHERE sequence = 5")
    status, said = verify()
    assert status == 1
    assert "FOUND place 5: removed: its event is gone" in said


def test_a_deleted_event_whose_gap_was_closed() -> None:
    tamper("DELETE FROM audit_auditevent WHERE sequence = 5")
    for place in range(6, 10):
        tamper("UPDATE audit_auditevent SET sequence = %s WHERE sequence = %s", place - 1, place)
    status, said = verify()
    assert status == 1
    assert "FOUND place 5: altered" in said


def test_deleted_first_events() -> None:
    tamper("DELETE FROM audit_auditevent WHERE sequence <= 3")
    status, said = verify()
    assert status == 1
    assert "FOUND place 1: removed: the events up to place 3 are gone" in said


def test_swapped_events() -> None:
    for place, other in ((4, 40), (5, 4), (40, 5)):
        tamper("UPDATE audit_auditevent SET sequence = %s WHERE sequence = %s", other, place)
    status, said = verify()
    assert status == 1
    assert "FOUND place 4: altered" in said
    assert "FOUND place 5: altered" in said


def test_an_inserted_event_with_a_copied_hash() -> None:
    record("session.started", subject=ALICE)
    [copied] = AuditEvent.objects.sealed().values_list("chain_hash", flat=True)[8:9]
    tamper("UPDATE audit_auditevent SET sequence = 10, chain_hash = %s WHERE sequence IS NULL", copied)
    status, said = verify()
    assert status == 1
    assert "FOUND place 10: altered" in said


@pytest.mark.parametrize("place", [0, -7])
def test_an_event_inserted_before_the_first(place: int) -> None:
    record("session.started", subject=ALICE)
    tamper("UPDATE audit_auditevent SET sequence = %s, chain_hash = %s WHERE sequence IS NULL", place, b"x" * 32)
    status, said = verify()
    assert status == 1, said
    assert "inserted: 1 events" in said


def test_an_inserted_event_with_a_hash_and_no_place() -> None:
    record("session.started", subject=ALICE)
    tamper("UPDATE audit_auditevent SET chain_hash = %s WHERE sequence IS NULL", b"x" * 32)
    status, said = verify()
    assert status == 1
    assert "FOUND inserted: 1 events have a hash, and no place" in said


def test_a_deleted_tail_is_found_by_the_kept_heads(kept: Path) -> None:
    tamper("DELETE FROM audit_auditevent WHERE sequence > 6")
    status, said = verify()
    assert status == 1
    assert "says events up to place 9" in said


def test_a_deleted_tail_is_found_by_an_exported_head_though_the_kept_ones_are_gone_too(kept: Path) -> None:
    tamper("DELETE FROM audit_auditevent WHERE sequence > 6")
    tamper("DELETE FROM audit_signedhead")
    assert verify()[0] == 0  # nothing here can tell
    record("session.started")
    seal_waiting()
    status, said = verify(head=kept)
    assert status == 1
    assert "FOUND removed: the head that you gave says events up to place 9" in said


def test_a_deleted_tail_that_others_grew_over_is_found_by_an_exported_head(kept: Path) -> None:
    tamper("DELETE FROM audit_auditevent WHERE sequence > 6")
    tamper("DELETE FROM audit_signedhead")
    for _ in range(5):
        record("session.started")
    seal_waiting()
    status, said = verify(head=kept)
    assert status == 1
    assert "FOUND place 9: rewritten" in said


def test_everything_chained_anew_is_found_by_the_kept_and_by_the_exported_head(kept: Path) -> None:
    tamper("UPDATE audit_auditevent SET details = '{}' WHERE sequence = 2")
    chain_anew()
    status, said = verify()
    assert status == 1
    assert "FOUND place 9: rewritten" in said
    tamper("DELETE FROM audit_signedhead")
    assert verify()[0] == 0
    assert verify(head=kept)[0] == 1


def test_a_rewritten_past_is_not_signed(kept: Path) -> None:
    tamper("UPDATE audit_auditevent SET details = '{}' WHERE sequence = 2")
    chain_anew()
    later = clock.now() + timedelta(days=1)
    with pytest.raises(heads.ChainBroken):
        heads.sign_due(now=later)
    record("session.started")
    seal_waiting()
    with pytest.raises(heads.ChainBroken):
        heads.sign_due(now=later)


def test_a_head_that_was_forged_with_another_key(kept: Path) -> None:
    head = SignedHead.objects.heads().get()
    tamper("UPDATE audit_auditevent SET details = '{}' WHERE sequence = 2")
    chain_anew()
    tamper("DELETE FROM audit_signedhead")
    SigningKey.objects.all().delete()  # as if it were made elsewhere
    ring.forget()
    from trust.keys.rotation import ensure_keys

    ensure_keys(now=clock.now())
    ring.forget()
    forged = heads.sign_next(now=clock.now())
    assert forged is not None
    SigningKey.objects.all().delete()
    ring.forget()
    status, said = verify()
    assert status == 1
    assert "the last head, of place 9, is not signed by a key of this site" in said
    assert forged.jwk["kid"] != head.jwk["kid"]


@pytest.mark.parametrize("change", ["sequence = 8", "chain_hash = chain_anew", "jws = 'x.y.z'", "jwk = '{}'"])
def test_a_head_that_does_not_say_what_was_signed(kept: Path, change: str) -> None:
    tamper(
        f"UPDATE audit_signedhead SET {change.replace('chain_anew', '%s')}", *([b"x" * 32] if "anew" in change else [])
    )
    status, said = verify()
    assert status == 1
    assert "FOUND altered: the head of place" in said


def test_a_checkpoint_that_nobody_signed_takes_nothing_away_and_is_found(settings: Any) -> None:
    settings.AUDIT_RETENTION_DAYS = 60
    [digest] = AuditEvent.objects.sealed().values_list("chain_hash", flat=True)[4:5]
    SignedHead.objects.create(
        kind="checkpoint", sequence=5, chain_hash=digest, count=5, at=clock.now(), jws="a.b.c", jwk={}
    )
    with pytest.raises(heads.ChainBroken):
        retention.delete_old(now=clock.now())
    assert AuditEvent.objects.sealed().count() == 9
    status, said = verify()
    assert status == 1
    assert "the checkpoint of place 5 is not signed by a key of this site" in said


def test_a_signed_head_does_not_pass_for_a_checkpoint(kept: Path) -> None:
    tamper("UPDATE audit_signedhead SET kind = 'checkpoint'")
    tamper("DELETE FROM audit_auditevent WHERE sequence <= 9")
    status, said = verify()
    assert status == 1
    assert "is not signed by a key of this site" in said


def test_events_made_old_to_be_deleted_by_the_site_itself_are_not(settings: Any) -> None:
    settings.AUDIT_RETENTION_DAYS = 60
    tamper("UPDATE audit_auditevent SET at = '2020-01-01 00:00:00.000000+00:00' WHERE sequence <= 4")
    with pytest.raises(heads.ChainBroken):
        retention.delete_old(now=clock.now())
    assert AuditEvent.objects.sealed().count() == 9
    assert not SignedHead.objects.checkpoints().exists()


def test_a_head_is_no_bearer_token(kept: Path, client: Any) -> None:
    signed = json.loads(kept.read_text())["jws"]
    assert client.get("/api/me/", headers={"authorization": f"Bearer {signed}"}).status_code == 401


def test_erasing_a_person_leaves_the_chain_valid(kept: Path) -> None:
    assert erase(ALICE) == 5
    assert erase_mentions({"person-2"}) == 1
    status, said = verify(head=kept)
    assert status == 0, said


def test_a_changed_head_file_is_refused(kept: Path) -> None:
    from django.core.management.base import CommandError

    whole = json.loads(kept.read_text())
    first, _, last = whole["jws"].split(".")
    for broken in (whole | {"jws": f"{first}.e30.{last}"}, whole | {"jwk": None}, {}, [1]):
        kept.write_text(json.dumps(broken))
        with pytest.raises(CommandError):
            verify(head=kept)
