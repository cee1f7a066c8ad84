"""The plan of OpenID Connect RP-Initiated Logout 1.0."""

import base64
import json
import time

import pytest

from tests.conformance.plans.browser import Browser
from tests.conformance.plans.client_keys import ClientKey
from tests.conformance.plans.conftest import NewBrowser, NewClient
from tests.conformance.plans.house import House
from tests.conformance.plans.pages import Landing, Page
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty, SignIn, unsigned

pytestmark = pytest.mark.django_db(transaction=True)

BYE = "https://client.example/signed-out"
BYE_WITH_QUERY = f"{BYE}?from=provider"


@pytest.fixture
def rp(static_client: NewClient) -> RelyingParty:
    return static_client(post_logout_redirect_uris=[BYE, BYE_WITH_QUERY])


@pytest.fixture
def signed_in(rp: RelyingParty, browser: Browser) -> SignIn:
    return rp.sign_in(browser, scope="openid")


def leave(rp: RelyingParty, browser: Browser, **parameters: str) -> Page | Landing:
    return browser.open(rp.provider.endpoint("end_session"), **parameters)


def is_signed_in(rp: RelyingParty, browser: Browser) -> bool:
    answer = rp.ask(browser, prompt="none")
    assert answer.get("error", "login_required") == "login_required"
    return "code" in answer


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize("address", [BYE, BYE_WITH_QUERY])
def test_a_hint_a_registered_address_and_a_state_sign_out_and_lead_back(
    rp: RelyingParty, browser: Browser, signed_in: SignIn, address: str
) -> None:
    asked = {"id_token_hint": signed_in.id_token, "post_logout_redirect_uri": address, "state": "a b&c/é"}
    led_to = leave(rp, browser, **asked)
    assert isinstance(led_to, Landing)
    assert led_to.url.startswith(address)
    assert led_to.fields["state"] == "a b&c/é"
    assert not is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize("origin", ["https://client.example", ""], ids=["another site's form", "our own site"])
def test_a_logout_request_may_come_by_post(rp: RelyingParty, browser: Browser, signed_in: SignIn, origin: str) -> None:
    asked = {"id_token_hint": signed_in.id_token, "post_logout_redirect_uri": BYE, "state": "s"}
    led_to = browser.send(rp.provider.endpoint("end_session"), asked, origin=origin)
    assert isinstance(led_to, Landing)
    assert led_to.url == f"{BYE}?state=s"
    assert not is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "3")
def test_without_a_state_there_is_none(rp: RelyingParty, browser: Browser, signed_in: SignIn) -> None:
    led_to = leave(rp, browser, id_token_hint=signed_in.id_token, post_logout_redirect_uri=BYE)
    assert isinstance(led_to, Landing)
    assert led_to.url == BYE


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "3")
@pytest.mark.parametrize(
    "address",
    [
        "https://client.example/elsewhere",
        f"{BYE}?foo=bar",
        f"{BYE_WITH_QUERY}&foo=bar",
        f"{BYE}/",
        "https://evil.example/",
    ],
)
def test_an_address_that_is_not_registered_is_never_led_to(
    rp: RelyingParty, browser: Browser, signed_in: SignIn, address: str
) -> None:
    page = leave(rp, browser, id_token_hint=signed_in.id_token, post_logout_redirect_uri=address, state="s")
    _stays_with_us(page, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize("kind", ["altered", "unsigned", "of another", "cut"])
def test_a_hint_that_is_not_ours_leads_nowhere(
    rp: RelyingParty, browser: Browser, signed_in: SignIn, kind: str
) -> None:
    page = leave(rp, browser, id_token_hint=_spoilt(signed_in, kind), post_logout_redirect_uri=BYE, state="s")
    _stays_with_us(page, browser)
    # The person may have confirmed; nobody was led anywhere by what was forged.


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize("kind", ["altered", "unsigned", "of another"])
def test_a_hint_that_is_not_ours_signs_nobody_out_unasked(
    rp: RelyingParty, browser: Browser, signed_in: SignIn, kind: str
) -> None:
    leave(rp, browser, id_token_hint=_spoilt(signed_in, kind), post_logout_redirect_uri=BYE)
    assert is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_without_a_hint_the_person_confirms_and_stays_with_us(
    rp: RelyingParty, browser: Browser, signed_in: SignIn
) -> None:
    page = leave(rp, browser, post_logout_redirect_uri=BYE, state="s")
    assert isinstance(page, Page)
    assert page.kind == "sign out"
    assert is_signed_in(rp, browser)
    _stays_with_us(page, browser)
    assert not is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_without_a_hint_the_client_id_names_the_client_and_the_person_confirms(
    rp: RelyingParty, browser: Browser, signed_in: SignIn
) -> None:
    page = leave(rp, browser, client_id=rp.client_id, post_logout_redirect_uri=BYE, state="s")
    assert isinstance(page, Page)
    assert page.kind == "sign out"
    led_to = browser.answer(page)
    assert isinstance(led_to, Landing)
    assert led_to.url == f"{BYE}?state=s"
    assert not is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize("asked", [{}, {"state": "s"}], ids=["nothing", "only a state"])
def test_a_request_that_says_nothing_ends_on_our_page(
    rp: RelyingParty, browser: Browser, signed_in: SignIn, asked: dict[str, str]
) -> None:
    _stays_with_us(leave(rp, browser, **asked), browser)
    assert not is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_without_an_address_signs_out_on_our_page(rp: RelyingParty, browser: Browser, signed_in: SignIn) -> None:
    page = leave(rp, browser, id_token_hint=signed_in.id_token, state="s")
    assert isinstance(page, Page)
    assert page.kind == ""
    assert not is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_beside_the_id_of_its_client_works_and_beside_anothers_does_not(
    rp: RelyingParty, static_client: NewClient, browser: Browser, signed_in: SignIn
) -> None:
    asked = {"id_token_hint": signed_in.id_token, "post_logout_redirect_uri": BYE}
    other = static_client(post_logout_redirect_uris=[BYE])
    page = leave(rp, browser, client_id=other.client_id, **asked)
    assert isinstance(page, Page)
    assert is_signed_in(rp, browser)
    assert isinstance(leave(rp, browser, client_id=rp.client_id, **asked), Landing)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_who_is_signed_out_already_is_led_back_all_the_same(
    rp: RelyingParty, browser: Browser, signed_in: SignIn, open_browser: NewBrowser
) -> None:
    asked = {"id_token_hint": signed_in.id_token, "post_logout_redirect_uri": BYE, "state": "s"}
    for browser_of_nobody in (open_browser(), browser):
        led_to = leave(rp, browser_of_nobody, **asked)
        assert isinstance(led_to, Landing)
        assert led_to.url == f"{BYE}?state=s"


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_that_is_genuine_is_taken_though_it_expired(
    rp: RelyingParty, browser: Browser, signed_in: SignIn, house: House
) -> None:
    expired = house.old_id_token(signed_in.claims)
    led_to = leave(rp, browser, id_token_hint=expired, post_logout_redirect_uri=BYE, state="s")
    assert isinstance(led_to, Landing)
    assert led_to.url == f"{BYE}?state=s"
    assert not is_signed_in(rp, browser)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2.1")
def test_the_metadata_name_the_endpoint(provider: Provider) -> None:
    assert provider.metadata["end_session_endpoint"].startswith(provider.url)
    for method in ("get", "post"):
        assert provider.http.request(method, provider.endpoint("end_session"), timeout=30).status_code == 200


def _stays_with_us(page: Page | Landing, browser: Browser) -> None:
    """Confirm if we are asked to; nowhere on the way may the browser leave for a client."""
    assert isinstance(page, Page)
    if page.kind == "sign out":
        page = browser.answer(page)
    assert isinstance(page, Page)
    assert page.status < 500
    assert page.kind == ""


def _spoilt(signed_in: SignIn, kind: str) -> str:
    header, payload, signature = signed_in.id_token.split(".")
    claims = dict(signed_in.claims)
    match kind:
        case "altered":
            altered = base64.urlsafe_b64encode(json.dumps(claims | {"iat": int(time.time()) + 1}).encode())
            return f"{header}.{altered.rstrip(b'=').decode()}.{signature}"
        case "unsigned":
            return unsigned(claims)
        case "of another":
            return ClientKey("RS256", new=True).sign(claims)
        case "cut":
            return f"{header}.{payload}.{signature[:-8]}"
    raise AssertionError(kind)
