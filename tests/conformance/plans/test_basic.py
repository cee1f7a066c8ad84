"""The plans `oidcc-basic` and `oidcc-formpost-basic`: the code flow, its tokens, its codes and its redirect URIs."""

import base64
import hashlib
import time

import jwt
import pytest

from tests.conformance.plans.browser import Browser, Person
from tests.conformance.plans.conftest import NewBrowser, NewClient
from tests.conformance.plans.pages import Landing, Page
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("response_mode", ["query", "form_post"]),
]

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
OTHER_TYPES = ["token", "id_token", "id_token token", "code id_token", "code token", "nonsense"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.3.3")
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_code_flow_works_by_each_way_to_send_the_secret(rp: RelyingParty, browser: Browser, method: str) -> None:
    rp.method = method
    exchanged = rp.exchange(rp.code(browser))
    assert exchanged.status_code == 200
    assert "no-store" in exchanged.headers["Cache-Control"]
    assert exchanged.headers["Content-Type"].startswith("application/json")
    tokens = exchanged.json()
    assert tokens["token_type"].lower() == "bearer"
    assert isinstance(tokens["expires_in"], int)
    assert tokens["expires_in"] > 0
    assert browser.seen == ["sign in", "consent"]


@pytest.mark.spec("OpenID Connect Core 1.0", "2")
def test_the_id_token_says_what_it_must(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    before = int(time.time())
    signed_in = rp.sign_in(browser, nonce="n-0S6_WzA2Mj" * 4)
    claims = signed_in.claims
    assert claims["iss"] == provider.metadata["issuer"]
    assert claims["sub"].isascii()
    assert 0 < len(claims["sub"]) <= 255
    assert claims["aud"] == rp.client_id
    assert before - 5 <= claims["iat"] <= time.time() + 5
    assert claims["exp"] > claims["iat"]
    assert claims["nonce"] == "n-0S6_WzA2Mj" * 4
    assert {"auth_time", "at_hash", "sid"} <= claims.keys()
    assert len(provider.keys()) == 1 or jwt.get_unverified_header(signed_in.id_token)["kid"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_nonce_is_not_demanded(rp: RelyingParty, browser: Browser) -> None:
    assert "nonce" not in rp.sign_in(browser, nonce=None).claims


@pytest.mark.spec("RFC 6749", "4.1.2.1")
def test_a_missing_response_type_is_an_error(rp: RelyingParty, browser: Browser) -> None:
    assert rp.ask(browser, response_type=None)["error"] in {"invalid_request", "unsupported_response_type"}


@pytest.mark.spec("RFC 6749", "4.1.2.1")
@pytest.mark.parametrize("response_type", OTHER_TYPES)
def test_a_response_type_that_is_not_announced_is_an_error(
    rp: RelyingParty, browser: Browser, provider: Provider, response_type: str
) -> None:
    assert response_type not in provider.metadata["response_types_supported"]
    assert rp.ask(browser, response_type=response_type)["error"] == "unsupported_response_type"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_the_order_of_parameters_and_scopes_does_not_matter(rp: RelyingParty, browser: Browser) -> None:
    one = rp.sign_in(browser, scope="openid email profile")
    request = dict(reversed(rp.request(scope="profile email openid").items()))
    answer = rp.answer(browser.go(rp.url(request)), request)
    other = rp.exchange(answer["code"]).json()
    assert rp.userinfo(one) == rp.userinfo(other)
    assert browser.seen.count("consent") == 1


@pytest.mark.spec("RFC 6749", "4.1.2")
@pytest.mark.parametrize(
    "state", ["a", "x" * 1000, '"><script>alert(1)</script>&amp;=%20+é/한'], ids=["short", "long", "odd"]
)
def test_the_state_comes_back_as_it_was(rp: RelyingParty, browser: Browser, state: str) -> None:
    assert rp.ask(browser, state=state)["state"] == state
    assert rp.ask(browser, state=state, prompt="none", scope="openid email")["state"] == state


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_unknown_parameters_are_ignored(rp: RelyingParty, browser: Browser) -> None:
    assert rp.sign_in(browser, extra="foobar", another="").claims["sub"]


@pytest.mark.spec("RFC 7636", "4.6")
def test_pkce_is_accepted_and_then_demanded(rp: RelyingParty, browser: Browser) -> None:
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert rp.exchange(rp.code(browser, **asked), code_verifier=VERIFIER).status_code == 200
    for wrong in ({}, {"code_verifier": "w" * 43}):
        refused = rp.exchange(rp.code(browser, **asked), **wrong)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_an_authentication_request_may_come_by_post(rp: RelyingParty, browser: Browser) -> None:
    """From a form of the client's own page, for who is signed out and for who is signed in."""
    for _ in range(2):
        request = rp.request()
        arrived: Page | Landing = browser.send(rp.provider.endpoint("authorization"), request)
        for _step in range(3):
            arrived = arrived if isinstance(arrived, Landing) else browser.answer(arrived)
        assert rp.exchange(rp.answer(arrived, request)["code"]).status_code == 200


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("added", ["/more", "?foo=bar", "x", "/../callback", "%2e"])
def test_a_redirect_uri_that_is_not_registered_is_told_on_our_own_page(
    rp: RelyingParty, browser: Browser, added: str
) -> None:
    browser.sign_in()
    page = browser.go(rp.url(rp.request(redirect_uri=rp.redirect_uri + added)))
    assert isinstance(page, Page)
    assert page.status == 400


@pytest.mark.spec("RFC 6749", "4.1.2.1")
def test_the_person_may_refuse(rp: RelyingParty, browser: Browser) -> None:
    answer = rp.ask(browser, decision="deny")
    assert answer["error"] == "access_denied"
    assert "code" not in answer


@pytest.fixture(scope="module")
def used() -> dict[str, tuple[RelyingParty, str, str]]:
    """Codes that were used, with the access tokens that they gave: for when half a minute is over."""
    return {}


@pytest.fixture(scope="module", autouse=True)
def started() -> float:
    """When the module began: its tests take a part of the half minute."""
    return time.monotonic()


@pytest.mark.spec("RFC 6749", "4.1.2")
def test_a_code_is_good_once_and_a_second_use_ends_its_access_token(
    rp: RelyingParty, browser: Browser, used: dict[str, tuple[RelyingParty, str, str]], response_mode: str
) -> None:
    code = rp.code(browser)
    access_token = rp.exchange(code).json()["access_token"]
    assert _is_alive(rp, access_token)
    _is_refused(rp, code)
    _dies(rp, access_token)
    later = rp.code(browser)
    used[response_mode] = rp, later, rp.exchange(later).json()["access_token"]


@pytest.mark.spec("OpenID Connect Core 1.0", "12")
def test_a_refresh_token_gives_an_id_token_of_the_same_sign_in(rp: RelyingParty, browser: Browser) -> None:
    before = rp.sign_in(browser, scope="openid offline_access")
    refreshed = rp.refresh(before.tokens["refresh_token"])
    assert refreshed.status_code == 200
    assert "no-store" in refreshed.headers["Cache-Control"]
    after = rp.id_token_claims(refreshed.json())
    for name in ("iss", "sub", "aud", "auth_time"):
        assert after[name] == before.claims[name]
    assert after["iat"] >= before.claims["iat"]
    assert rp.userinfo(refreshed.json())["sub"] == before.claims["sub"]


@pytest.mark.spec("RFC 6749", "6")
def test_a_refresh_token_is_bound_to_its_client(rp: RelyingParty, static_client: NewClient, browser: Browser) -> None:
    tokens = rp.sign_in(browser, scope="openid offline_access").tokens
    refused = static_client().refresh(tokens["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert rp.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.spec("OpenID Connect Core 1.0", "11")
def test_offline_access_outlives_the_sign_out(rp: RelyingParty, browser: Browser) -> None:
    with_it = rp.sign_in(browser, scope="openid offline_access", prompt="consent").tokens
    without = rp.sign_in(browser, scope="openid").tokens
    browser.sign_out()
    assert rp.ask(browser, prompt="none")["error"] == "login_required"
    assert rp.refresh(with_it["refresh_token"]).status_code == 200
    if "refresh_token" in without:
        assert rp.refresh(without["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.3.2")
def test_a_code_of_another_client_is_refused(
    rp: RelyingParty, static_client: NewClient, open_browser: NewBrowser, bob: Person
) -> None:
    code = rp.code(open_browser(bob))
    refused = static_client().exchange(code)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert rp.exchange(code).status_code == 200


@pytest.mark.spec("RFC 6749", "4.1.2")
def test_a_code_used_half_a_minute_ago_is_refused_too_and_its_access_token_dies(
    used: dict[str, tuple[RelyingParty, str, str]], started: float, response_mode: str
) -> None:
    rp, code, access_token = used[response_mode]
    time.sleep(max(0.0, started + 31 - time.monotonic()))
    assert _is_alive(rp, access_token)
    _is_refused(rp, code)
    _dies(rp, access_token)


def _is_refused(rp: RelyingParty, code: str) -> None:
    refused = rp.exchange(code)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def _is_alive(rp: RelyingParty, access_token: str) -> bool:
    answer = rp.provider.get(rp.provider.endpoint("userinfo"), Authorization=f"Bearer {access_token}")
    assert answer.status_code in {200, 401}
    return answer.status_code == 200


def _dies(rp: RelyingParty, access_token: str) -> None:
    """Every process knows within 2 s; the one that ended it at once."""
    assert not _is_alive(rp, access_token)
