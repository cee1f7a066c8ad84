"""What is told of each event of the trail, and what never is."""

import uuid

import pytest

from accounts.views.activity_words import NOT_SHOWN, SENTENCES
from trust.events import catalogue
from trust.events.catalogue import Recorded, told_of
from trust.events.vocabulary import EventType, uri_of
from trust.lib import clock

ALICE, ROOT, SESSION = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def recorded(action, *, subject=ALICE, actor=None, session=None, client_id="", **details) -> Recorded:
    return Recorded(1, clock.now(), action, subject, actor, session, client_id, details)


def test_every_action_of_the_catalogue_is_one_that_the_trail_knows():
    assert set(catalogue._CATALOGUE) <= {*SENTENCES, *NOT_SHOWN}


def test_every_kind_that_can_be_chosen_comes_of_some_action():
    assert {entry.kind for entry in catalogue._CATALOGUE.values()} == set(EventType.subscribable())


@pytest.mark.parametrize(
    ("event", "kind", "claims"),
    [
        (
            recorded("session.started", session=SESSION, kind="browser", amr="pwd otp mfa", acr="aal2"),
            "session.established",
            {"sid": str(SESSION), "acr": "aal2", "amr": ["pwd", "otp", "mfa"], "initiating_entity": "user"},
        ),
        (
            recorded("impersonation.started", session=SESSION, actor=ROOT, reason="ticket 7", acr="aal1"),
            "session.established",
            {"sid": str(SESSION), "acr": "aal1", "initiating_entity": "admin"},
        ),
        (
            recorded("impersonation.ended", session=SESSION, actor=ROOT, reason="stopped"),
            "session.revoked",
            {"sid": str(SESSION), "reason": "stopped", "initiating_entity": "admin"},
        ),
        (
            recorded("session.ended", session=SESSION, reason="global_revocation", kind="browser"),
            "session.revoked",
            {"sid": str(SESSION), "reason": "global_revocation", "initiating_entity": "policy"},
        ),
        (
            recorded("session.ended", session=SESSION, actor=ROOT, reason="administrator", kind="browser"),
            "session.revoked",
            {"sid": str(SESSION), "reason": "administrator", "initiating_entity": "admin"},
        ),
        (
            recorded("session.ended", session=SESSION, reason="refresh_token_reused"),
            "session.revoked",
            {"sid": str(SESSION), "reason": "refresh_token_reused", "initiating_entity": "policy"},
        ),
        (
            recorded("person.password_replaced"),
            "credential.changed",
            {"credential_type": "password", "change_type": "update", "initiating_entity": "user"},
        ),
        (
            recorded("personal_access_token.made", token="t", scope="profile", expires="tomorrow"),
            "credential.changed",
            {"credential_type": "personal-access-token", "change_type": "create", "initiating_entity": "user"},
        ),
        (
            recorded("personal_access_token.ended", token="t", reason="ended_by_person"),
            "credential.changed",
            {
                "credential_type": "personal-access-token",
                "change_type": "delete",
                "reason": "ended_by_person",
                "initiating_entity": "user",
            },
        ),
        (
            recorded("person.factor_changed", factor="totp", change="added"),
            "credential.changed",
            {"credential_type": "app", "change_type": "create", "initiating_entity": "user"},
        ),
        (
            recorded("person.factor_changed", factor="webauthn"),
            "credential.changed",
            {"credential_type": "fido2", "change_type": "update", "initiating_entity": "user"},
        ),
        (
            recorded("person.factor_changed", factor="external:some-provider", change="removed"),
            "credential.changed",
            {"credential_type": "external-account", "change_type": "delete", "initiating_entity": "user"},
        ),
        (
            recorded("person.not_me", undone="factor"),
            "credential.changed",
            {"credential_type": "password", "change_type": "revoke", "reason": "not_me", "initiating_entity": "user"},
        ),
        (recorded("person.created", staff=True), "account.created", {"initiating_entity": "admin"}),
        (
            recorded("person.closed"),
            "account.disabled",
            {"reason": "closed", "initiating_entity": "user"},
        ),
        (recorded("person.came_back"), "account.enabled", {"initiating_entity": "user"}),
        (recorded("person.removed_unverified"), "account.purged", {"initiating_entity": "system"}),
        (recorded("person.deleted", actor=ROOT), "account.purged", {"initiating_entity": "admin"}),
        (
            recorded("grant.ended", client_id="shop", grant="g", reason="app_revoked"),
            "grant.revoked",
            {"client_id": "shop", "grant": "g", "reason": "app_revoked", "initiating_entity": "user"},
        ),
        (
            recorded("refresh_token.reused", session=SESSION, grant="g"),
            "refresh_token.reused",
            {"sid": str(SESSION), "grant": "g", "initiating_entity": "policy"},
        ),
    ],
)
def test_says_what_happened_in_words_and_ids_alone(event, kind, claims):
    told = told_of(event)
    assert (told.kind, told.claims) == (kind, claims)


@pytest.mark.parametrize("action", ["person.profile_changed", "sign_in.refused", "client.changed", "receiver.created"])
def test_tells_nobody_of_other_events(action):
    assert told_of(recorded(action)) is None


def test_tells_nobody_of_an_event_about_nobody():
    assert told_of(recorded("grant.ended", subject=None)) is None


def test_own_kinds_have_uris_of_the_issuer():
    assert (
        uri_of(EventType.REFRESH_TOKEN_REUSED, issuer="https://id.example")
        == "https://id.example/events/refresh-token-reused"
    )
    assert len({uri_of(kind, issuer="https://id.example") for kind in EventType}) == len(EventType)
