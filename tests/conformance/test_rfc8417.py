"""RFC 8417: Security Event Tokens, their subjects by RFC 9493, their events by CAEP 1.0, RISC 1.0 and ourselves."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.models import Session
from accounts.services import people, sessions
from tests.clients import Application, make_client
from tests.relying_party import header_of, verified
from tests.trust.events.receiving import ACCEPTED, BROKEN, EventReceiver, make_receiver, run_events
from trust.events import deliveries
from trust.events.models import Receiver
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
CAEP, RISC = (f"https://schemas.openid.net/secevent/{profile}/event-type/" for profile in ("caep", "risc"))
ISSUER = "http://testserver"


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[EventReceiver]:
    with EventReceiver() as server:
        make_receiver(server, audience="shop")
        yield server


@pytest.fixture
def told(receiver):
    """The claims of what the receiver was sent, by the URI of the event; each token has one event."""

    def told() -> dict[str, dict[str, Any]]:
        run_events()
        claims = [verified(token, audience="shop") for token in receiver.texts]
        assert all(len(each["events"]) == 1 for each in claims)
        return {next(iter(each["events"])): each for each in claims}

    return told


@pytest.mark.spec("RFC 8417", "2.2")
def test_a_token_says_who_issued_it_for_whom_when_and_what_happened(person, receiver, told):
    people.activate(user=person, actor=None)
    [claims] = told().values()
    assert set(claims) == {"iss", "iat", "jti", "aud", "sub_id", "toe", "events"}
    assert (claims["iss"], claims["aud"]) == (ISSUER, "shop")
    assert abs(claims["toe"] - time.time()) < 30
    assert claims["toe"] <= claims["iat"]


@pytest.mark.spec("RFC 8417", "2.2")
def test_each_token_has_an_id_of_its_own_that_stays_when_it_is_sent_again(person, receiver, told):
    receiver.answers = BROKEN
    people.activate(user=person, actor=None)
    people.deactivate(user=person, actor=None)
    told()
    Receiver.objects.update(rest_until=None)
    receiver.answers = ACCEPTED
    told()
    ids = [verified(token, audience="shop")["jti"] for token in receiver.texts]
    assert len(ids) == 3
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.spec("RFC 8417", "2.3")
def test_the_header_says_that_it_is_a_security_event_token(person, receiver, told):
    people.activate(user=person, actor=None)
    told()
    assert {name: header_of(receiver.texts[0])[name] for name in ("typ", "alg")} == {
        "typ": "secevent+jwt",
        "alg": "RS256",
    }


@pytest.mark.spec("RFC 8417", "4.5")
@pytest.mark.spec("RFC 8417", "4.6")
def test_it_lacks_what_other_tokens_must_have(person, receiver, told):
    people.activate(user=person, actor=None)
    [claims] = told().values()
    assert not {"sub", "exp", "nonce", "sid", "scope", "client_id", "auth_time"} & set(claims)


@pytest.mark.spec("RFC 8417", "2.3")
def test_a_library_of_others_verifies_it_by_the_published_keys(person, receiver, told):
    people.activate(user=person, actor=None)
    told()
    keys = KeySet.import_key_set(Browser().get("/oauth/jwks").json())
    claims = jwt.decode(receiver.texts[0], keys, algorithms=["RS256"]).claims
    assert claims["events"] == {
        f"{RISC}account-enabled": {"initiating_entity": "admin", "event_timestamp": claims["toe"]}
    }


@pytest.mark.spec("RFC 9493", "3.2.3")
def test_a_person_is_named_by_issuer_and_subject(person, told):
    people.activate(user=person, actor=None)
    assert told()[f"{RISC}account-enabled"]["sub_id"] == {"format": "iss_sub", "iss": ISSUER, "sub": str(person.pk)}


@pytest.mark.spec("OpenID Continuous Access Evaluation Profile 1.0", "3.1")
def test_a_session_that_ended_is_named_with_its_person_so_that_no_other_is_meant(person, told):
    application = Application(make_client())
    application.sign_in()
    session = Session.objects.get()
    sessions.end(session_id=session.pk, reason="signed_out")
    claims = told()[f"{CAEP}session-revoked"]
    assert claims["sub_id"] == {
        "format": "complex",
        "user": {"format": "iss_sub", "iss": ISSUER, "sub": str(person.pk)},
        "session": {"format": "opaque", "id": str(session.pk)},
    }
    assert claims["events"][f"{CAEP}session-revoked"] == {
        "initiating_entity": "user",
        "reason_admin": {"en": "signed_out"},
        "event_timestamp": claims["toe"],
    }


@pytest.mark.spec("OpenID Continuous Access Evaluation Profile 1.0", "3.6")
def test_a_sign_in_says_how_strong_it_was(person, told):
    application = Application(make_client())
    application.sign_in()
    session = Session.objects.get()
    claims = told()[f"{CAEP}session-established"]
    said = claims["events"][f"{CAEP}session-established"]
    assert (said["acr"], said["amr"]) == (session.acr, session.amr.split())
    assert claims["sub_id"]["session"]["id"] == str(session.pk)


@pytest.mark.spec("OpenID Continuous Access Evaluation Profile 1.0", "3.3")
def test_a_changed_credential_says_which_kind_and_how(person, told):
    people.replace_password(user=person, password="a quite different passphrase", keep=None, origin=Origin())
    said = told()[f"{CAEP}credential-change"]["events"][f"{CAEP}credential-change"]
    assert (said["credential_type"], said["change_type"]) == ("password", "update")


@pytest.mark.spec("OpenID RISC Profile 1.0", "2.3")
def test_deactivation_is_told_as_a_disabled_account(person, make_person, told):
    people.deactivate(user=person, actor=make_person("root"))
    claims = told()[f"{RISC}account-disabled"]
    assert claims["sub_id"]["sub"] == str(person.pk)
    assert claims["events"][f"{RISC}account-disabled"]["initiating_entity"] == "admin"


@pytest.mark.spec("OpenID Shared Signals Framework 1.0", "8.1.4")
def test_a_test_event_is_about_the_receiver_itself(receiver, told):
    made = Receiver.objects.get()
    assert deliveries.send_test(made.pk, now=clock.now(), actor=None, origin=Origin())
    [(uri, claims)] = told().items()
    assert uri == "https://schemas.openid.net/secevent/ssf/event-type/verification"
    assert claims["sub_id"] == {"format": "opaque", "id": str(made.pk)}
    assert claims["events"][uri] == {}
