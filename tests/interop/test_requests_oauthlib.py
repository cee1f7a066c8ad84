"""PyPI requests-oauthlib: the session of the web, of a public program, and of a program that acts as itself."""

import pytest
from oauthlib.oauth2 import BackendApplicationClient, InvalidGrantError
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from accounts.models import User
from tests.clients import CALLBACK, SECRET, make_client
from tests.interop.person import Person
from tests.live_site import LiveSite

pytestmark = pytest.mark.django_db(transaction=True)

SCOPE = "openid profile email"
LOOPBACK = "http://127.0.0.1:8400/callback"


def test_a_web_application_goes_the_whole_way(site: LiveSite, alice: User, browser_of_alice: Person) -> None:
    make_client("web", introspects="own")
    with OAuth2Session("web", redirect_uri=CALLBACK, scope=SCOPE, pkce="S256") as session:
        led_to = browser_of_alice.visit(session.authorization_url(f"{site.url}/oauth/authorize")[0])
        token = session.fetch_token(f"{site.url}/oauth/token", authorization_response=led_to, client_secret=SECRET)
        assert session.get(f"{site.url}/oauth/userinfo").json()["sub"] == str(alice.pk)

        refreshed = session.refresh_token(f"{site.url}/oauth/token", auth=HTTPBasicAuth("web", SECRET))
        assert refreshed["access_token"] != token["access_token"]
        assert _introspected(site, refreshed["access_token"])["active"] is True

        gone = session.post(
            f"{site.url}/oauth/revoke", {"token": refreshed["refresh_token"]}, auth=HTTPBasicAuth("web", SECRET)
        )
        assert gone.status_code == 200
        assert _introspected(site, refreshed["access_token"]) == {"active": False}


def test_a_public_program_refreshes_by_itself_when_its_token_is_old(
    site: LiveSite, alice: User, browser_of_alice: Person
) -> None:
    make_client("cli", public=True, redirect_uris="http://127.0.0.1/callback")
    kept: list[dict[str, str]] = []
    with OAuth2Session(
        "cli",
        redirect_uri=LOOPBACK,
        scope=SCOPE,
        pkce="S256",
        auto_refresh_url=f"{site.url}/oauth/token",
        auto_refresh_kwargs={"client_id": "cli"},
        token_updater=kept.append,
    ) as session:
        led_to = browser_of_alice.visit(session.authorization_url(f"{site.url}/oauth/authorize")[0])
        code = led_to.partition("code=")[2].partition("&")[0]
        token = session.fetch_token(f"{site.url}/oauth/token", code=code, include_client_id=True)
        session.token = token | {"expires_at": 1}
        assert session.get(f"{site.url}/api/user_info/").json()["sub"] == str(alice.pk)
    assert led_to.startswith(LOOPBACK)
    assert [one["access_token"] != token["access_token"] for one in kept] == [True]


def test_a_program_acts_as_itself(site: LiveSite) -> None:
    make_client("job", scopes="read", introspects="own")
    with OAuth2Session(client=BackendApplicationClient("job", scope="read")) as session:
        token = session.fetch_token(f"{site.url}/oauth/token", client_secret=SECRET)
    assert "refresh_token" not in token
    assert _introspected(site, token["access_token"], client_id="job")["sub"] == "job"


def test_a_code_is_good_once(site: LiveSite, alice: User, browser_of_alice: Person) -> None:
    make_client("web")
    with OAuth2Session("web", redirect_uri=CALLBACK, scope=SCOPE, pkce="S256") as session:
        led_to = browser_of_alice.visit(session.authorization_url(f"{site.url}/oauth/authorize")[0])
        session.fetch_token(f"{site.url}/oauth/token", authorization_response=led_to, client_secret=SECRET)
        with pytest.raises(InvalidGrantError):
            session.fetch_token(f"{site.url}/oauth/token", authorization_response=led_to, client_secret=SECRET)
        assert session.get(f"{site.url}/oauth/userinfo").status_code == 401


def _introspected(site: LiveSite, token: str, client_id: str = "web") -> dict[str, object]:
    with OAuth2Session() as session:
        answer = session.post(
            f"{site.url}/oauth/introspect",
            {"token": token},
            auth=HTTPBasicAuth(client_id, SECRET),
            withhold_token=True,
        )
    return answer.json()
