"""OpenID Connect Back-Channel Logout 1.0: what the plan of that name looks at, and the rest of the specification."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from accounts.models import Session
from tests.clients import Application, answer_of, make_client
from tests.logout_receiver import LogoutReceiver, run_logouts
from tests.loopback import saying
from tests.people import PASSWORD
from tests.relying_party import header_of, verified

pytestmark = pytest.mark.django_db

BYE = "https://app.example/bye"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[LogoutReceiver]:
    with LogoutReceiver() as server:
        yield server


@pytest.fixture
def application(person, receiver):
    program = Application(make_client(backchannel_logout_uri=receiver.uri, post_logout_redirect_uris=BYE))
    program.sign_in()
    return program


def other(application, client_id, receiver, **named):
    """Another client that the same browser signs in to."""
    callback = f"https://{client_id}.example/callback"
    made = make_client(client_id, redirect_uris=callback, backchannel_logout_uri=receiver.uri, **named)
    program = Application(made)
    program.browser = application.browser
    return program


def sign_out(application):
    application.browser.post("/accounts/logout/")
    run_logouts()


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.1")
def test_the_metadata_says_that_clients_are_told_and_of_which_session():
    said = Browser().get("/.well-known/openid-configuration").json()
    assert said["backchannel_logout_supported"] is True
    assert said["backchannel_logout_session_supported"] is True


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.4")
def test_a_logout_token_says_who_and_which_session_as_the_id_token_did(application, receiver):
    told = verified(application.tokens()["id_token"], audience="app")
    sign_out(application)
    [claims] = receiver.claims("app")
    assert {name: claims[name] for name in ("iss", "sub", "sid")} == {
        name: told[name] for name in ("iss", "sub", "sid")
    }
    assert claims["aud"] == "app"
    assert claims["events"] == {EVENT: {}}
    assert 0 < claims["exp"] - claims["iat"] <= 120
    assert claims["jti"]
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "jti", "sid", "events"}  # and no nonce


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.4")
@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_it_is_signed_as_the_id_tokens_of_the_client_are_and_typed_as_what_it_is(application, receiver, algorithm):
    application.client.algorithm = algorithm
    application.client.save()
    application.tokens()
    sign_out(application)
    [token] = receiver.tokens
    assert (header_of(token)["alg"], header_of(token)["typ"]) == (algorithm, "logout+jwt")
    assert verified(token, audience="app")


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.5")
def test_the_request_is_a_form_posted_to_the_registered_address(application, receiver):
    application.tokens()
    sign_out(application)
    [request] = receiver.requests
    head = request.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"post /backchannel-logout http/1.1\r\n")
    assert b"\r\ncontent-type: application/x-www-form-urlencoded" in head
    assert len(receiver.tokens) == 1


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.3")
def test_every_client_of_the_session_is_told_once_and_none_that_asks_not_to_be(application, receiver):
    with LogoutReceiver() as second, LogoutReceiver() as unused:
        others = [other(application, "second", second), other(application, "unused", unused)]
        application.tokens()
        application.tokens()
        others[0].tokens()
        silent = Application(make_client("silent", redirect_uris="https://silent.example/callback"))
        silent.browser = application.browser
        silent.tokens()
        sign_out(application)
        assert [claims["aud"] for claims in receiver.claims("app")] == ["app"]
        assert [claims["aud"] for claims in second.claims("second")] == ["second"]
        assert unused.requests == []


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.3")
def test_only_the_session_that_ended_is_told_of(application, receiver):
    elsewhere = Application(application.client)
    elsewhere.sign_in()
    here, there = (verified(one.tokens()["id_token"], audience="app")["sid"] for one in (application, elsewhere))
    sign_out(elsewhere)
    assert [claims["sid"] for claims in receiver.claims("app")] == [there]
    assert here != there
    assert "error" not in answer_of(application.authorize(prompt="none"))


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.8")
@pytest.mark.parametrize("status", ["200 OK", "204 No Content"])
def test_a_success_is_told_once(person, status):
    with LogoutReceiver(saying(b"", status=status)) as receiver:
        application = Application(make_client(backchannel_logout_uri=receiver.uri))
        application.sign_in()
        application.tokens()
        sign_out(application)
        run_logouts()
        assert len(receiver.tokens) == 1


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_logout_by_one_client_tells_it_and_the_others_and_leads_back(application, receiver):
    """The plan `oidcc-backchannel-rp-initiated-logout`."""
    with LogoutReceiver() as second:
        beside = other(application, "second", second)
        beside.tokens()
        hint = application.tokens()["id_token"]
        asked = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "s"}
        answer = application.browser.get(f"/oauth/end-session?{urlencode(asked)}")
        run_logouts()
        assert answer["Location"] == f"{BYE}?state=s"
        sid = verified(hint, audience="app")["sid"]
        assert [claims["sid"] for claims in receiver.claims("app")] == [sid]
        assert [claims["sid"] for claims in second.claims("second")] == [sid]
    assert answer_of(application.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.spec("OpenID Connect Core 1.0", "8.1")
def test_a_pairwise_client_is_told_by_the_names_that_it_knows(application, receiver):
    with LogoutReceiver() as second:
        pairwise = other(application, "second", second, subject_type="pairwise", post_logout_redirect_uris=BYE)
        application.tokens()
        hint = pairwise.tokens()["id_token"]
        known = verified(hint, audience="second")
        assert known["sid"] != str(Session.objects.get().pk)
        asked = {"id_token_hint": hint, "post_logout_redirect_uri": BYE}
        answer = application.browser.get(f"/oauth/end-session?{urlencode(asked)}")
        assert answer["Location"] == BYE  # nobody is asked: the hint is of this very session
        run_logouts()
        [claims] = second.claims("second")
        assert (claims["sub"], claims["sid"]) == (known["sub"], known["sid"])
        [public] = receiver.claims("app")
        assert {public["sub"], public["sid"]}.isdisjoint({known["sub"], known["sid"]})


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.7")
def test_what_the_client_may_do_offline_it_may_still_do(application, receiver):
    tokens = application.tokens(scope="openid offline_access")
    sign_out(application)
    assert len(receiver.tokens) == 1
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.3")
def test_a_client_hears_of_the_next_session_too(application, receiver):
    for _ in range(2):
        application.tokens()
        sign_out(application)
        application.sign_in(password=PASSWORD)
    first, second = (claims["sid"] for claims in receiver.claims("app"))
    assert first != second
