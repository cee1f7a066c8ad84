"""Attacks by way of back-channel logout: on whom we ask (SSRF), on the worker, and by what we sign."""

import json
import time
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from accounts.models import Session
from accounts.services import sessions
from oauth.jobs.back_channel_logout import tell
from oauth.models import ClientSession
from oauth.protocol.oidc import logout_token as logout_token_rules
from oauth.services import clients
from oauth.services.logout_requests import _LIMITS
from oauth.services.subjects import Told
from tests.bearer import authorization
from tests.clients import SECRET, Application, answer_of, basic, make_client, post_form
from tests.logout_receiver import LogoutReceiver, run_logouts
from tests.loopback import Server, saying
from tests.relying_party import userinfo, verified
from trust.lib import clock
from trust.lib.fetch import Limits

pytestmark = pytest.mark.django_db

BYE = "https://app.example/bye"


@pytest.fixture
def receiver(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with LogoutReceiver() as server:
        yield server


@pytest.fixture
def application(person, receiver):
    program = Application(make_client(backchannel_logout_uri=receiver.uri, post_logout_redirect_uris=BYE))
    program.sign_in()
    return program


@pytest.fixture
def logout_token(application, receiver):
    """A genuine logout token of the session that ended a moment ago; Alice is signed in again."""
    application.tokens()
    application.browser.post("/accounts/logout/")
    run_logouts()
    application.sign_in()
    return receiver.tokens[0]


def outcome_at(person, uri):
    """End a session at a client that names this address; return what came of telling it."""
    application = Application(make_client(backchannel_logout_uri=uri))
    application.sign_in()
    application.tokens()
    sessions.end(session_id=Session.objects.get().pk, reason="test")
    run_logouts()
    row = ClientSession.objects.get()
    assert row.logout == "waiting"
    return row.outcome


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://localhost:{port}/", "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/", "https://2130706433:{port}/", "https://0.0.0.0:{port}/",
        "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://user@127.0.0.1:{port}/",
        "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "https://127.0.0.1:22/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_asked(person, address):
    """SSRF: whatever stands in the row, and whoever put it there."""
    with Server(saying(b"")) as inside:
        outcome = outcome_at(person, address.format(port=inside.port))
        assert outcome.startswith(("refused by us: ", "no answer: "))
        assert inside.connections == 0


def test_a_redirect_is_not_followed(person, settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with Server(saying(b"")) as inside:
        redirect = saying(b"", status="307 Temporary Redirect", location=f"http://127.0.0.1:{inside.port}/")
        with LogoutReceiver(redirect) as receiver:
            assert outcome_at(person, receiver.uri) == "refused by us: a redirect is not followed"
        assert inside.connections == 0


def endless(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def dripping(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [endless, dripping])
def test_an_answer_without_end_is_left_in_time(person, settings, monkeypatch, answer):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    monkeypatch.setattr("oauth.services.logout_requests._LIMITS", Limits(connect=1, total=1))
    with LogoutReceiver(answer) as receiver:
        started = time.monotonic()
        outcome = outcome_at(person, receiver.uri)
        assert time.monotonic() - started < 10
    assert outcome in {"refused by us: the answer is too large", "no answer: SlowOrLarge", "no answer: TimeoutError"}


def test_one_attempt_is_bounded_to_a_few_seconds():
    assert _LIMITS.connect <= _LIMITS.total <= 5


def test_a_client_that_hangs_does_not_hold_a_page_up(application, receiver):
    receiver.answers = dripping
    application.tokens()
    started = time.monotonic()
    assert application.browser.post("/accounts/logout/").status_code == 302
    assert time.monotonic() - started < 2
    assert receiver.connections == 0


def test_a_logout_token_is_no_access_token(logout_token):
    """GHSA-7fpj-9hr8-28vh."""
    assert userinfo(logout_token).status_code == 401
    assert Browser().get("/api/me/", headers=authorization(logout_token)).status_code == 401
    verify = Browser().post("/api/token/verify/", {"token": logout_token}, content_type="application/json")
    assert verify.status_code == 401


def test_a_logout_token_is_inactive_and_revokes_nothing(application, logout_token):
    application.client.introspects = "all"
    application.client.save()
    credentials = {"authorization": basic("app", SECRET)}
    assert post_form("/oauth/introspect", {"token": logout_token}, **credentials).json() == {"active": False}
    assert post_form("/oauth/revoke", {"token": logout_token}, **credentials).status_code == 200
    assert "error" not in answer_of(application.authorize(prompt="none"))


def test_a_logout_token_is_no_code_and_no_refresh_token(application, logout_token):
    for answer in (application.refresh(logout_token), application.exchange(logout_token)):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "4.1")
def test_a_logout_token_of_the_live_session_is_no_hint_that_signs_out(application):
    """It says the right sub, sid and aud under our signature: its kind alone is wrong."""
    session = Session.objects.get()
    client, told = clients.registered(application.client), Told(str(session.user_id), str(session.pk))
    token = logout_token_rules.issue(client, told, issuer="http://testserver", now=clock.now())
    query = urlencode({"id_token_hint": token, "post_logout_redirect_uri": BYE})
    answer = application.browser.get(f"/oauth/end-session?{query}")
    assert b'name="decision"' in answer.content  # the person is asked
    assert Session.objects.get().ended_at is None


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "4.1")
def test_a_logout_token_is_no_hint_at_the_authorization_endpoint(application, logout_token, make_person):
    """As a hint it would name Alice, and Bob would have to sign in."""
    make_person("bob")
    bob = Application(application.client)
    bob.sign_in("bob")
    hint = bob.tokens()["id_token"]
    assert "code" in answer_of(bob.authorize(id_token_hint=logout_token, prompt="none"))
    assert answer_of(application.authorize(id_token_hint=hint, prompt="none"))["error"] == "login_required"


def test_a_logout_token_is_no_request_object(application, logout_token):
    answer = application.authorize(request=logout_token)
    assert "code" not in dict(answer_of(answer))


def test_a_logout_token_is_no_client_assertion(application, logout_token):
    form = {
        "grant_type": "client_credentials",
        "client_id": "app",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": logout_token,
    }
    assert post_form("/oauth/token", form).json()["error"] == "invalid_client"


def test_nobody_can_tell_us_of_a_logout(application, logout_token):
    """We are no client: a logout token that is sent to us ends nothing."""
    for path in ("/oauth/end-session", "/oauth/revoke", "/", "/accounts/logout/"):
        Browser().post(path, {"logout_token": logout_token})
    assert "error" not in answer_of(application.authorize(prompt="none"))


def test_what_another_algorithm_says_of_the_same_claims_is_not_believed(logout_token):
    """alg none, as a client's library must refuse it and as we never make it."""
    _head, body, _signature = logout_token.split(".")
    head = urlsafe_b64encode(json.dumps({"alg": "none", "typ": "at+jwt"}).encode()).rstrip(b"=").decode()
    assert userinfo(f"{head}.{body}.").status_code == 401


def test_tokens_of_one_session_never_tell_of_another(application, receiver, make_person):
    """CVE-2025-12390: two people in one browser, one after the other."""
    make_person("bob")
    alice = verified(application.tokens()["id_token"], audience="app")
    application.browser.post("/accounts/logout/")
    application.sign_in("bob")
    bob = verified(application.tokens()["id_token"], audience="app")
    assert alice["sub"] != bob["sub"]
    assert alice["sid"] != bob["sid"]
    run_logouts()
    assert [(claims["sub"], claims["sid"]) for claims in receiver.claims("app")] == [(alice["sub"], alice["sid"])]
    assert userinfo(application.tokens()["access_token"]).status_code == 200
    application.browser.post("/accounts/logout/")
    run_logouts()
    assert [claims["sub"] for claims in receiver.claims("app")] == [alice["sub"], bob["sub"]]


def test_a_client_learns_nothing_of_sessions_in_which_it_was_not(application, receiver, make_person):
    make_person("bob")
    other = Application(application.client)
    other.sign_in("bob")
    other.browser.post("/accounts/logout/")
    run_logouts()
    assert receiver.connections == 0


def test_a_code_that_was_never_redeemed_tells_nothing(application, receiver):
    application.code()
    application.browser.post("/accounts/logout/")
    run_logouts()
    assert receiver.connections == 0


def test_two_sectors_cannot_compare_what_they_are_told(application, receiver):
    with LogoutReceiver() as second:
        for client_id, server in (("one", receiver), ("two", second)):
            made = make_client(
                client_id,
                subject_type="pairwise",
                redirect_uris=f"https://{client_id}.example/callback",
                backchannel_logout_uri=server.uri,
            )
            program = Application(made)
            program.browser = application.browser
            program.tokens()
        application.browser.post("/accounts/logout/")
        run_logouts()
        [one], [two] = receiver.claims("one"), second.claims("two")
    said = {one["sub"], one["sid"]}, {two["sub"], two["sid"]}
    assert said[0].isdisjoint(said[1])
    person = Session.objects.get()
    assert {str(person.pk), str(person.user_id)}.isdisjoint(said[0] | said[1])


def test_a_job_with_a_strange_number_does_nothing(application, receiver):
    application.tokens()
    for pk, attempt in ((0, 1), (2**62, 1), (ClientSession.objects.get().pk, 1), (ClientSession.objects.get().pk, 12)):
        tell.call(pk, attempt)
    assert receiver.connections == 0
    assert ClientSession.objects.get().logout == ""
