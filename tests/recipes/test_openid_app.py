"""The sample application ends a session for a logout token of its own alone. That it signs out is tested by its page."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
import requests

from tests.architecture.house import HOUSE
from tests.live_site import LiveSite, live_site
from tests.recipes.programs import free_port, serving
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


class App:
    """The sample, and the provider that it believes."""

    def __init__(self, site: LiveSite, port: int) -> None:
        self._site, self._port = site, port

    def hears(self, logout_token: str) -> int:
        """Return how it answers a logout token."""
        url = f"http://127.0.0.1:{self._port}/back-channel-logout"
        answer = requests.post(url, data={"logout_token": logout_token}, timeout=30)
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status_code

    def token(self, *, typ: str = "logout+jwt", algorithm: Algorithm = Algorithm.RS256, **changes: Any) -> str:
        """Sign what the site would, with changes; None takes a claim away."""
        now = clock.now()
        said = {"iss": self._site.url, "aud": "app", "sub": "alice", "sid": "s", "jti": "j", "events": {EVENT: {}}}
        said |= {"iat": int(now.timestamp()), "exp": int((now + timedelta(minutes=2)).timestamp())} | changes
        claims = {name: value for name, value in said.items() if value is not None}
        return ring.sign(claims, typ=typ, algorithm=algorithm, now=now)


@pytest.fixture
def app() -> Iterator[App]:
    port = free_port()
    with live_site(own_issuer=True) as site:
        environment = {"CLIENT_ID": "app", "CLIENT_SECRET": "s", "ISSUER": site.url, "APP_PORT": str(port)}
        command = [sys.executable, "docs/samples/flask-openid/openid_app.py"]
        with serving(command, port=port, folder=HOUSE, environment=environment):
            yield App(site, port)


def test_it_believes_a_logout_token_that_is_its_own_and_no_other(app: App) -> None:
    assert app.hears(app.token()) == 200
    good = app.token()
    refused = {
        "nothing": "",
        "no token at all": "not.a.token",
        "an id token": app.token(typ="JWT", events=None),
        "an id token with the event": app.token(typ="JWT"),
        "an access token": app.token(typ="at+jwt", algorithm=Algorithm.ES256),
        "another client's": app.token(aud="other"),
        "another issuer's": app.token(iss="https://other.example"),
        "of no event": app.token(events=None),
        "of another event": app.token(events={"https://other.example/event": {}}),
        "with a nonce": app.token(nonce="n"),
        "of no session": app.token(sid=None),
        "that never expires": app.token(exp=None),
        "expired": app.token(exp=1_700_000_000),
        "of another algorithm": app.token(algorithm=Algorithm.ES256),
        "with somebody else's signature": f"{good.rpartition('.')[0]}.{app.token(sid='x').rpartition('.')[2]}",
    }
    assert {reason: app.hears(token) for reason, token in refused.items()} == dict.fromkeys(refused, 400)
