"""A Security Event Token passes for no other token, and no other token passes for one."""

from base64 import urlsafe_b64encode
from urllib.parse import urlencode

import jwt
import pytest
from django.test import Client as Browser

from accounts.models import Session
from accounts.services import people
from oauth.protocol.oidc import logout_token
from oauth.services import clients
from oauth.services.subjects import Told
from tests.bearer import authorization, first_party
from tests.clients import SECRET, Application, answer_of, basic, make_client, post_form
from tests.relying_party import keys, userinfo
from tests.trust.events.receiving import EventReceiver, make_receiver, run_events
from tests.trust.events.sample import load_sample
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock

pytestmark = pytest.mark.django_db
BYE = "https://app.example/bye"


@pytest.fixture
def application(person):
    program = Application(make_client(post_logout_redirect_uris=BYE))
    program.sign_in()
    return program


@pytest.fixture
def event_token(person, settings):
    """A genuine token, of a receiver whose audience is what our own doors ask for, and a client's."""

    def event_token(audience="http://testserver") -> str:
        settings.OUTBOUND_ALLOW_PRIVATE = True
        with EventReceiver() as server:
            make_receiver(server, audience=audience)
            people.activate(user=person, actor=None)
            run_events()
            return server.texts[-1]

    return event_token


def test_it_is_no_access_token(event_token):
    token = event_token()
    assert userinfo(token).status_code == 401
    assert Browser().get("/api/me/", headers=authorization(token)).status_code == 401
    verify = Browser().post("/api/token/verify/", {"token": token}, content_type="application/json")
    assert verify.status_code == 401


def test_it_is_inactive_and_revokes_nothing(application, event_token):
    application.client.introspects = "all"
    application.client.save()
    credentials = {"authorization": basic("app", SECRET)}
    token = event_token("app")
    assert post_form("/oauth/introspect", {"token": token}, **credentials).json() == {"active": False}
    assert post_form("/oauth/revoke", {"token": token}, **credentials).status_code == 200
    assert Session.objects.get().ended_at is None


def test_it_is_no_code_and_no_refresh_token(application, event_token):
    token = event_token("app")
    for answer in (application.refresh(token), application.exchange(token)):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    refreshed = Browser().post("/api/token/refresh/", {"refresh": token}, content_type="application/json")
    assert refreshed.status_code == 401


def test_it_is_no_hint_no_request_object_and_no_client_assertion(application, event_token):
    token = event_token("app")
    query = urlencode({"id_token_hint": token, "post_logout_redirect_uri": BYE})
    answer = application.browser.get(f"/oauth/end-session?{query}")
    assert b'name="decision"' in answer.content  # the person is asked
    assert Session.objects.get().ended_at is None
    assert "code" not in dict(answer_of(application.authorize(request=token)))
    form = {
        "grant_type": "client_credentials",
        "client_id": "app",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": token,
    }
    assert post_form("/oauth/token", form).json()["error"] == "invalid_client"


@pytest.fixture
def sample(monkeypatch):
    """The documentation's receiver, with the site's published keys."""
    module = load_sample()
    module.ISSUER, module.AUDIENCE = "http://testserver", "app"
    published = keys()

    class Published:
        def get_signing_key_from_jwt(self, token):
            kid = jwt.get_unverified_header(token).get("kid")
            if kid not in published:
                raise jwt.PyJWKClientError("unknown kid")
            return published[kid]

    module.keys = Published()
    return module


def forged(typ="secevent+jwt", algorithm=Algorithm.RS256, **changes):
    """Sign what a token would say, with changes."""
    claims = {"iss": "http://testserver", "aud": "app", "iat": 1, "jti": "j", "events": {"urn:e": {}}} | changes
    return ring.sign(claims, typ=typ, algorithm=algorithm, now=clock.now())


def test_the_sample_takes_a_genuine_token(sample, event_token, person):
    name, claims = sample.by_token(event_token("app"))
    assert name == claims["jti"]
    assert claims["sub_id"]["sub"] == str(person.pk)
    assert sample.by_token(forged())[0] == "j"


def test_no_other_token_of_ours_is_an_event(sample, application, person):
    tokens = application.tokens()
    client, told = clients.registered(application.client), Told(str(person.pk), str(Session.objects.get().pk))
    others = [
        tokens["id_token"],
        tokens["access_token"],
        first_party(person),
        logout_token.issue(client, told, issuer="http://testserver", now=clock.now()),
        forged("logout+jwt"),
        forged("JWT"),
        forged("at+jwt"),
    ]
    for token in others:
        with pytest.raises(sample.Refused):
            sample.by_token(token)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"iss": "http://elsewhere.example"}, "invalid_issuer"),
        ({"aud": "another"}, "invalid_audience"),
        ({"algorithm": Algorithm.ES256}, "invalid_request"),
    ],
)
def test_the_sample_refuses_what_is_not_for_it(sample, changes, error):
    with pytest.raises(sample.Refused, match=error):
        sample.by_token(forged(**changes))


def test_the_sample_refuses_what_nobody_or_another_signed(sample):
    head, body, _signature = forged().split(".")
    unsigned = urlsafe_b64encode(b'{"alg":"none","typ":"secevent+jwt"}').rstrip(b"=").decode()
    for token in (f"{unsigned}.{body}.", f"{head}.{body}.AAAA", "a.b.c", "", "x" * 100_000):
        with pytest.raises(sample.Refused):
            sample.by_token(token)
