"""The plan of OpenID Connect Back-Channel Logout 1.0, with the job worker that delivers."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from tests.conformance.plans.browser import Browser
from tests.conformance.plans.client_site import ClientSite
from tests.conformance.plans.conftest import NewBrowser, NewClient
from tests.conformance.plans.house import House
from tests.conformance.plans.pages import Landing
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty, SignIn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]

EVENT = "http://schemas.openid.net/event/backchannel-logout"
BYE = "https://client.example/signed-out"


class Told:
    """A client that hears of logouts at an address of its own."""

    def __init__(self, new_client: NewClient, client_site: ClientSite, **metadata: Any) -> None:
        self.path, self.site = f"/logout/{secrets.token_hex(4)}", client_site
        uri = client_site.publish(self.path, b"")
        self.rp: RelyingParty = new_client(backchannel_logout_uri=uri, post_logout_redirect_uris=[BYE], **metadata)

    def logout_token(self, count: int = 1, meanwhile: Callable[[], None] = lambda: None) -> str:
        """Wait for so many requests and return the last one's token, having looked at how it came."""
        came = self.site.wait_for(self.path, count, meanwhile=meanwhile)[-1]
        assert came.method == "POST"
        assert came.headers["content-type"].startswith("application/x-www-form-urlencoded")
        assert list(came.form) == ["logout_token"]
        return came.form["logout_token"]


def leave(rp: RelyingParty, browser: Browser, signed_in: SignIn) -> None:
    asked = {"id_token_hint": signed_in.id_token, "post_logout_redirect_uri": BYE, "state": "s"}
    led_to = browser.open(rp.provider.endpoint("end_session"), **asked)
    assert isinstance(led_to, Landing)
    assert led_to.url == f"{BYE}?state=s"


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.1")
def test_the_metadata_promise_it_with_the_session(provider: Provider) -> None:
    assert provider.metadata["backchannel_logout_supported"] is True
    assert provider.metadata["backchannel_logout_session_supported"] is True


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.4")
def test_a_logout_token_says_what_it_must(
    register: NewClient, client_site: ClientSite, browser: Browser, provider: Provider
) -> None:
    told = Told(register, client_site, backchannel_logout_session_required=True)
    signed_in = told.rp.sign_in(browser)
    assert signed_in.claims["sid"]
    leave(told.rp, browser, signed_in)
    token = told.logout_token()
    assert jwt.get_unverified_header(token)["typ"] == "logout+jwt"
    claims = provider.verified(token, audience=told.rp.client_id, required=("iat", "exp", "jti", "events"))
    assert claims["events"] == {EVENT: {}}
    assert (claims["sub"], claims["sid"]) == (signed_in.claims["sub"], signed_in.claims["sid"])
    assert "nonce" not in claims
    assert claims["exp"] - claims["iat"] <= 120
    assert abs(time.time() - claims["iat"]) < 30


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.3")
def test_every_client_of_the_session_is_told_and_no_other(
    static_client: NewClient, client_site: ClientSite, browser: Browser, open_browser: NewBrowser
) -> None:
    one, other, stranger = (Told(static_client, client_site) for _ in range(3))
    elsewhere = open_browser(browser.person)
    stranger.rp.sign_in(elsewhere)
    signed_in = [told.rp.sign_in(browser) for told in (one, other)]
    leave(one.rp, browser, signed_in[0])
    for told, before in zip((one, other), signed_in, strict=True):
        claims = told.rp.provider.verified(told.logout_token(), audience=told.rp.client_id)
        assert claims["sid"] == before.claims["sid"]
    assert client_site.received(stranger.path) == []
    assert "code" in stranger.rp.ask(elsewhere, prompt="none")


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.5")
def test_signing_out_on_our_own_page_tells_them_too(
    static_client: NewClient, client_site: ClientSite, browser: Browser
) -> None:
    told = Told(static_client, client_site)
    told.rp.sign_in(browser)
    browser.sign_out()
    assert told.rp.provider.verified(told.logout_token(), audience=told.rp.client_id)["sid"]


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.5")
def test_a_client_that_does_not_answer_keeps_nobody_waiting(
    static_client: NewClient, client_site: ClientSite, browser: Browser
) -> None:
    deaf, told = Told(static_client, client_site), Told(static_client, client_site)
    client_site.stall(deaf.path, seconds=3.5)
    signed_in = [one.rp.sign_in(browser) for one in (deaf, told)]
    before = time.monotonic()
    leave(told.rp, browser, signed_in[1])
    assert time.monotonic() - before < 3
    assert told.logout_token()


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.5")
def test_a_client_that_could_not_take_it_is_told_again(
    static_client: NewClient, client_site: ClientSite, browser: Browser, house: House, provider: Provider
) -> None:
    told = Told(static_client, client_site)
    client_site.publish(told.path, b"", status="503 Service Unavailable")
    leave(told.rp, browser, told.rp.sign_in(browser))
    first = told.logout_token()
    client_site.publish(told.path, b"")
    again = told.logout_token(count=2, meanwhile=lambda: house.let_time_pass_for_jobs(minutes=1))
    one, other = (provider.verified(token, audience=told.rp.client_id) for token in (first, again))
    assert one["sid"] == other["sid"]
    house.let_time_pass_for_jobs(minutes=60)
    time.sleep(0.5)
    assert len(client_site.received(told.path)) == 2  # it was taken, and that is the end


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.6")
def test_a_logout_token_is_no_id_token_and_no_access_token(
    static_client: NewClient, client_site: ClientSite, browser: Browser, provider: Provider
) -> None:
    told = Told(static_client, client_site)
    leave(told.rp, browser, told.rp.sign_in(browser))
    token = told.logout_token()
    assert provider.get(provider.endpoint("userinfo"), Authorization=f"Bearer {token}").status_code == 401
    page = browser.open(provider.endpoint("end_session"), id_token_hint=token, post_logout_redirect_uri=BYE)
    assert not isinstance(page, Landing)
