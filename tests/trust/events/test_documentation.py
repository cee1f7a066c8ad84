"""docs/events.md: its examples are what is sent, and its table has every event."""

import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.architecture.house import HOUSE
from trust.events import catalogue, standard_webhooks
from trust.events.catalogue import Recorded, told_of
from trust.events.notice import Notice
from trust.events.rfc8417_security_event_token import claims_of
from trust.events.vocabulary import EventType, uri_of

PAGE = (HOUSE / "docs" / "events.md").read_text(encoding="utf-8")
ISSUER, AUDIENCE = "https://id.example.com", "https://shop.example/events"
SUB = uuid.UUID("5b0c2f9e-7d1a-4c61-9a55-3f0a8e4d2b10")
SID = uuid.UUID("c2a4d7b8-90e1-4f3c-8b6d-1e5f7a9c0d24")
JTI = uuid.UUID("0d9e8c7b-6a5f-4e3d-8c1b-2a3f4e5d6c70")
ADMIN = uuid.UUID("11111111-2222-4333-8444-555555555555")
GRANT = "8f14e45f-ceea-467f-a8b5-0a1b2c3d4e5f"
AT = datetime(2026, 11, 20, 9, 30, 15, 250000, tzinfo=UTC)
FOLLOWED = datetime(2026, 11, 20, 9, 30, 17, tzinfo=UTC)
EXAMPLES: dict[EventType, tuple[str, dict[str, Any]]] = {
    EventType.SESSION_ESTABLISHED: (
        "session.started",
        {"session": SID, "details": {"acr": "aal2", "amr": "pwd otp mfa"}},
    ),
    EventType.SESSION_REVOKED: (
        "session.ended",
        {"session": SID, "actor": ADMIN, "details": {"reason": "administrator", "kind": "browser"}},
    ),
    EventType.CREDENTIAL_CHANGED: ("person.factor_changed", {"details": {"factor": "totp", "change": "added"}}),
    EventType.ACCOUNT_CREATED: ("person.signed_up", {}),
    EventType.ACCOUNT_DISABLED: ("person.deactivated", {"actor": ADMIN}),
    EventType.ACCOUNT_ENABLED: ("person.activated", {"actor": ADMIN}),
    EventType.ACCOUNT_PURGED: ("person.erased", {}),
    EventType.GRANT_REVOKED: (
        "grant.ended",
        {"client_id": "shop", "details": {"grant": GRANT, "reason": "app_revoked"}},
    ),
    EventType.REFRESH_TOKEN_REUSED: (
        "refresh_token.reused",
        {"session": SID, "client_id": "shop", "details": {"grant": GRANT}},
    ),
}


def example(kind: EventType) -> Notice:
    """Return the event of the page."""
    claims: dict[str, Any] = {}
    if kind in EXAMPLES:
        action, named = EXAMPLES[kind]
        columns = {"actor": None, "session": None, "client_id": "", "details": {}} | named
        told = told_of(Recorded(sequence=1, at=AT, action=action, subject=SUB, **columns))
        assert told is not None
        assert told.kind is kind
        claims = told.claims
    subject = SUB if kind in EXAMPLES else None
    return Notice(jti=JTI, receiver=ADMIN, kind=kind, at=AT, issued_at=FOLLOWED, subject=subject, claims=claims)


def written(kind: EventType) -> list[Any]:
    """Return the two examples of an event as they stand on the page: the JSON body, the token's claims."""
    section = PAGE.split(f"### `{kind.value}`\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]


def sent(kind: EventType) -> list[Any]:
    body = json.loads(standard_webhooks.body_of(example(kind), issuer=ISSUER))
    return [body, claims_of(example(kind), audience=AUDIENCE, issuer=ISSUER)]


@pytest.mark.parametrize("kind", EventType)
def test_the_examples_are_what_is_sent(kind):
    assert written(kind) == sent(kind)


@pytest.mark.parametrize("kind", EventType)
def test_the_table_names_each_event_with_its_uri(kind):
    uri = uri_of(kind, issuer="ISSUER")
    assert re.search(rf"^\| `{re.escape(kind.value)}` \| .* \| `{re.escape(uri)}` \|$", PAGE, re.MULTILINE)


def test_every_word_of_a_claim_is_explained():
    said = {name for kind in EventType for name in example(kind).claims}
    assert {name for name in said if f"`{name}`" not in PAGE} == set()
    credentials = {*catalogue._CREDENTIALS.values(), "password", "external-account"}
    assert {name for name in credentials if f"`{name}`" not in PAGE} == set()
