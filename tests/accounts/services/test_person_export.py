"""The copy of a person's data: everything is in it or left out on purpose, and nothing secret is."""

import json
import uuid
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import DataExport, KnownDevice, Session, User
from accounts.services import person_export
from oauth.services import person_export as of_clients
from tests.whole_person import SECRETS, hold_everything
from trust.audit.models import AuditEvent
from trust.lib import clock

pytestmark = pytest.mark.django_db

# Where each relation to a person is in the export.
EXPORTED = {
    "accounts.DataExport": "exports",
    "accounts.KnownDevice": "known_devices",
    "accounts.Session": "sessions",
    "account.EmailAddress": "addresses",
    "mfa.Authenticator": "factors",
    "socialaccount.SocialAccount": "external_accounts",
    "oauth.AccessToken": "access_tokens",
    "oauth.AuthorizationCode": "authorization_codes",
    "oauth.Client": "own_clients",
    "oauth.Consent": "connected_apps",
    "oauth.DeviceAuthorization": "device_authorizations",
    "oauth.PairwiseSubject": "pairwise_subjects",
    "oauth.PersonalAccessToken": "personal_access_tokens",
    "oauth.RefreshToken": "refresh_tokens",
    "auth.Group": "groups",
}
LEFT_OUT = {
    "accounts.Invitation": "what was sent to others is theirs",
    "accounts.SignInChallenge": "five minutes of one sign-in; the session that comes of it is there",
    "admin.LogEntry": "what staff did to others is in the activity, which names them by nothing",
    "auth.Permission": "what staff may do in the administration is the operator's",
    "oauth.IDToken": "the table stays empty",
}
# Columns that are not given out: secrets, what they are found by, and what only tells how a row is kept.
LEFT_OUT_COLUMNS = {
    "accounts.User": {"password", "attributes"},  # attributes have a place of their own
    # Who of the administration saw the site as the person is theirs to know; that somebody did is in the activity.
    "accounts.Session": {"user", "generation", "rotated_at", "impersonator", "impersonated_from"},
    "accounts.KnownDevice": {"id", "user", "digest"},
    "accounts.DataExport": {"user", "sealed"},
    "account.EmailAddress": {"id", "user"},
    "mfa.Authenticator": {"id", "user", "data"},
    "socialaccount.SocialAccount": {"id", "user"},
    "audit.AuditEvent": {"id", "subject", "actor", "salt", "personal_digest", "sequence", "chain_hash"},
    "oauth.RefreshToken": {"user", "application", "session", "generation", "updated", "act", "dpop_jkt"},
    "oauth.AuthorizationCode": {
        *("id", "user", "application", "code", "session", "redirect_uri_given", "acr", "nonce"),
        *("code_challenge", "code_challenge_method", "updated", "act", "dpop_jkt"),
    },
    "oauth.AccessToken": {
        *("id", "user", "application", "session", "token_checksum", "audience", "amr", "acr"),
        *("told_session_id", "updated", "resource", "act", "cnf", "exchanged_from"),
    },
    "oauth.DeviceAuthorization": {
        *("id", "user", "application", "session", "device_code", "user_code", "acr", "act", "dpop_jkt", "resource"),
        *("interval", "last_polled", "polled_early", "status", "client_id", "last_checked"),
    },
    "oauth.PairwiseSubject": {"id", "user"},
    "oauth.PersonalAccessToken": {"user", "digest"},
}


def exported(person: User) -> dict[str, Any]:
    text = json.dumps(person_export.export(person, now=clock.now()), cls=DjangoJSONEncoder)
    document: dict[str, Any] = json.loads(text)
    return document


def test_every_relation_to_a_person_is_exported_or_left_out_on_purpose(person: User) -> None:
    hold_everything(person)
    relations = {rel.related_model._meta.label for rel in User._meta.related_objects}
    relations |= {field.related_model._meta.label for field in User._meta.many_to_many}
    assert relations == {*EXPORTED, *LEFT_OUT}
    document = exported(person)
    assert [place for place in EXPORTED.values() if not document[place]] == []


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (User, {*person_export.ACCOUNT, *person_export.CLAIMS}),
        (Session, {*person_export.SESSION}),
        (KnownDevice, {*person_export.DEVICE}),
        (DataExport, {*person_export.EXPORT}),
        (AuditEvent, {*person_export.EVENT, *person_export.WHERE}),
        ("account.EmailAddress", {*person_export.ADDRESS}),
        ("mfa.Authenticator", {*person_export.FACTOR}),
        ("socialaccount.SocialAccount", {*person_export.EXTERNAL_ACCOUNT}),
        ("oauth.RefreshToken", {*of_clients.REFRESH_TOKEN}),
        ("oauth.AuthorizationCode", {*of_clients.AUTHORIZATION_CODE}),
        ("oauth.AccessToken", {*of_clients.ACCESS_TOKEN}),
        ("oauth.DeviceAuthorization", {*of_clients.DEVICE_AUTHORIZATION}),
        ("oauth.PairwiseSubject", {*of_clients.PAIRWISE_SUBJECT}),
        ("oauth.PersonalAccessToken", {*of_clients.PERSONAL_ACCESS_TOKEN}),
    ],
)
def test_every_column_is_exported_or_left_out_on_purpose(model: Any, names: set[str]) -> None:
    from django.apps import apps

    meta = (apps.get_model(model) if isinstance(model, str) else model)._meta
    assert {field.name for field in meta.concrete_fields} == names | LEFT_OUT_COLUMNS[meta.label]


def test_the_shape_is_as_documented(person: User) -> None:
    hold_everything(person)
    document = exported(person)
    assert list(document) == [
        *("version", "issuer", "made_at", "account", "claims", "attributes", "addresses", "groups", "sessions"),
        *("known_devices", "factors", "external_accounts", "activity", "exports", "connected_apps", "refresh_tokens"),
        *("authorization_codes", "access_tokens", "device_authorizations", "personal_access_tokens"),
        *("pairwise_subjects", "client_sessions", "own_clients"),
    ]
    assert (document["version"], document["issuer"]) == (1, "http://testserver")
    assert document["account"]["id"] == str(person.pk)
    assert document["claims"]["family_name"] == "Liddell"
    assert document["groups"] == ["editors"]
    assert [row["email"] for row in document["addresses"]] == ["alice@example.com", "liddell@alice.example"]
    assert document["sessions"][0]["client_address"] == "198.51.100.77"
    assert [(row["type"], row.get("name")) for row in document["factors"]] == [
        ("totp", None),
        ("recovery_codes", None),
        ("webauthn", "Liddell's key"),
    ]
    assert document["connected_apps"][0]["client_id"] == "app"
    assert document["refresh_tokens"][0]["client_id"] == "app"
    assert document["client_sessions"][0]["subject"] == str(person.pk)
    assert uuid.UUID(document["pairwise_subjects"][0]["subject"])


def test_nothing_that_opens_anything_is_in_it(person: User) -> None:
    application = hold_everything(person)
    text = json.dumps(exported(person))
    row = person.oauth_accesstoken.get()
    code = person.oauth_authorizationcode.get()
    kept = [person.password, row.token_checksum, code.code, code.code_challenge, application.verifier]
    factors = [str(value) for factor in person.authenticator_set.all() for value in _leaves(factor.data)]
    secrets = [*SECRETS, *kept, *(value for value in factors if len(value) > 13)]
    assert [secret for secret in secrets if secret in text] == []


def test_where_an_administrator_acted_from_is_not_told(person: User) -> None:
    hold_everything(person)
    document = exported(person)
    assert "192.0.2.1" not in json.dumps(document)
    acted = [event for event in document["activity"] if event["by"] == "administrator"]
    assert [(event["action"], "user_agent" in event) for event in acted] == [("person.deactivated", False)]


def test_whom_the_person_acted_upon_is_not_told(person: User) -> None:
    hold_everything(person)
    root = User.objects.by_username("root").get()
    document = exported(person)
    assert str(root.pk) not in json.dumps(document)
    done = [event for event in document["activity"] if event["action"] == "person.changed"]
    assert done == [
        {
            "at": done[0]["at"],
            "action": "person.changed",
            "by": "person",
            "client_address": "198.51.100.77",
            "user_agent": "Wonderbrowser/1.0",
        }
    ]


def test_others_are_not_in_it(person: User, make_person: Any) -> None:
    make_person("bob")
    hold_everything(person)
    assert "bob" not in json.dumps(exported(person))


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]
