"""The plan `oidcc-dynamic`: clients that register themselves, and what comes of each thing that they register."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

import jwt
import pytest

from tests.conformance.plans.browser import Browser
from tests.conformance.plans.client_keys import ClientKey
from tests.conformance.plans.client_site import ClientSite
from tests.conformance.plans.conftest import ENVIRONMENT, NewClient
from tests.conformance.plans.house import CALLBACK, House
from tests.conformance.plans.pages import Page
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import ASSERTION_TYPE, RelyingParty
from tests.live_site import live_site

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = "https://elsewhere.example/callback"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def refusal(provider: Provider, **metadata: Any) -> str:
    """Return the error that a registration comes to."""
    body = {"redirect_uris": [CALLBACK], **metadata}
    answer = provider.send_json("POST", provider.endpoint("registration"), body)
    assert answer.status_code == 400, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    return str(answer.json()["error"])


@pytest.mark.spec("RFC 7591", "3.2.1")
def test_a_registration_makes_a_client_that_works(register: NewClient, browser: Browser) -> None:
    rp = register(client_name="The Newcomer", contacts=["dev@client.example"])
    said = rp.registered
    assert {"client_id", "client_secret", "registration_access_token", "registration_client_uri"} <= said.keys()
    assert said["client_secret_expires_at"] == 0
    assert rp.method == "client_secret_basic"
    echoed = {"client_name": "The Newcomer", "contacts": ["dev@client.example"], "redirect_uris": [CALLBACK]}
    assert {name: said[name] for name in echoed} == echoed
    assert said["response_types"] == ["code"]
    assert "authorization_code" in said["grant_types"]
    assert rp.userinfo(rp.sign_in(browser, scope="openid email"))["email"] == "alice@example.com"


@pytest.mark.spec("RFC 7591", "2")
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_client_authenticates_as_registered_and_no_other_way(
    register: NewClient, browser: Browser, method: str
) -> None:
    rp = register(token_endpoint_auth_method=method)
    assert rp.method == method
    rp.sign_in(browser)
    rp.method = {"client_secret_basic": "client_secret_post", "client_secret_post": "client_secret_basic"}[method]
    refused = rp.exchange(rp.code(browser))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.spec("RFC 7592", "2.1")
def test_a_client_reads_its_registration_by_its_own_token_alone(register: NewClient, provider: Provider) -> None:
    one, other = register().registered, register().registered
    url = one["registration_client_uri"]
    read = provider.get(url, Authorization=f"Bearer {one['registration_access_token']}")
    assert read.status_code == 200
    assert read.json()["client_id"] == one["client_id"]
    assert read.json()["redirect_uris"] == one["redirect_uris"]
    for headers in ({}, {"Authorization": f"Bearer {other['registration_access_token']}"}):
        assert provider.get(url, **headers).status_code == 401


@pytest.mark.spec("RFC 7591", "3.2.2")
@pytest.mark.parametrize("redirect_uris", [[f"{CALLBACK}#fragment"], [CALLBACK, f"{CALLBACK}#"], [], ["not a uri"]])
def test_a_redirect_uri_that_may_not_be_is_refused(provider: Provider, redirect_uris: list[str]) -> None:
    assert refusal(provider, redirect_uris=redirect_uris) in {"invalid_redirect_uri", "invalid_client_metadata"}
    if any("#" in uri for uri in redirect_uris):
        assert refusal(provider, redirect_uris=redirect_uris) == "invalid_redirect_uri"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_of_several_redirect_uris_one_must_be_named(register: NewClient, browser: Browser) -> None:
    rp = register(redirect_uris=[CALLBACK, f"{CALLBACK}/other"])
    _ends_on_our_page(rp, browser, redirect_uri=None)
    assert rp.sign_in(browser).claims["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_redirect_uri_with_a_query_matches_itself_alone(register: NewClient, browser: Browser) -> None:
    rp = register(redirect_uris=[f"{CALLBACK}?foo=bar"])
    signed_in = rp.sign_in(browser)
    assert signed_in.answer["foo"] == "bar"
    for other in ("?foo=baz", "?foo=bar&more=1", "?more=1&foo=bar", ""):
        _ends_on_our_page(rp, browser, redirect_uri=CALLBACK + other)


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
def test_id_tokens_are_signed_as_registered(register: NewClient, browser: Browser, provider: Provider) -> None:
    for algorithm in provider.metadata["id_token_signing_alg_values_supported"]:
        rp = register(id_token_signed_response_alg=algorithm)
        assert jwt.get_unverified_header(rp.sign_in(browser).id_token)["alg"] == algorithm
    assert refusal(provider, id_token_signed_response_alg="none") == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.3.2")
def test_userinfo_is_signed_as_registered(register: NewClient, browser: Browser, provider: Provider) -> None:
    rp = register(userinfo_signed_response_alg="RS256")
    signed_in = rp.sign_in(browser, scope="openid email")
    told = rp.userinfo(signed_in)
    assert (told["iss"], told["aud"]) == (provider.metadata["issuer"], rp.client_id)
    assert (told["sub"], told["email"]) == (signed_in.claims["sub"], "alice@example.com")


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
def test_what_a_client_says_of_itself_is_shown_to_the_person(
    register: NewClient, browser: Browser, client_site: ClientSite
) -> None:
    links = {"policy_uri": "https://client.example/privacy", "tos_uri": "https://client.example/terms"}
    logo = client_site.publish("/logo.png", PNG, content_type="image/png")
    rp = register(client_name="The Garden Planner", logo_uri=logo, **links)
    request = rp.request()
    page = browser.go(rp.url(request), until="sign in")
    assert isinstance(page, Page)
    assert "The Garden Planner" in page.text
    page = browser.answer(page)
    assert isinstance(page, Page)
    assert page.kind == "consent"
    assert "The Garden Planner" in page.text
    assert set(links.values()) <= set(page.links)
    [image] = [source for source in page.images if "logo" in source]
    shown = browser.session.get(image, timeout=30)
    assert (shown.status_code, shown.headers["Content-Type"], shown.content) == (200, "image/png", PNG)


@pytest.mark.spec("OpenID Connect Core 1.0", "9")
@pytest.mark.parametrize("place", ["jwks", "jwks_uri"])
def test_a_client_authenticates_by_a_key_of_its_own(
    register: NewClient, client_site: ClientSite, browser: Browser, place: str
) -> None:
    key = ClientKey("RS256")
    rp = register(key=key, **{"token_endpoint_auth_method": "private_key_jwt"} | _keys(client_site, key, place))
    assert "client_secret" not in rp.registered
    assert rp.sign_in(browser).claims["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "10.1.1")
def test_keys_are_fetched_again_when_the_client_has_a_new_one(
    register: NewClient, client_site: ClientSite, browser: Browser
) -> None:
    path = f"/keys/{secrets.token_hex(4)}"
    old, new = ClientKey("ES256"), ClientKey("ES256", new=True)
    uri = client_site.publish(path, old.key_set)
    rp = register(key=old, token_endpoint_auth_method="private_key_jwt", jwks_uri=uri)
    rp.sign_in(browser)
    client_site.publish(path, {"keys": [new.public]})
    rp.key = new
    assert rp.sign_in(browser).claims["sub"]
    assert len(client_site.received(path)) >= 2


@pytest.mark.spec("RFC 7523", "3")
def test_an_assertion_is_for_the_issuer_or_for_the_token_endpoint_and_good_once(
    register: NewClient, browser: Browser, provider: Provider
) -> None:
    key = ClientKey("ES256")
    rp = register(key=key, token_endpoint_auth_method="private_key_jwt", jwks=key.key_set)
    for audience in (provider.metadata["issuer"], provider.endpoint("token")):
        assert _exchanged(rp, browser, rp.assertion(aud=audience)) == "", audience
    used = rp.assertion()
    assert [_exchanged(rp, browser, used) for _ in range(2)] == ["", "invalid_client"]


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.parametrize(
    "wrong",
    [{"aud": "https://elsewhere.example"}, {"exp": 1}, {"exp": None}, {"sub": "another"}, {"iss": "another"}],
    ids=str,
)
def test_an_assertion_that_is_not_right_is_refused(
    register: NewClient, browser: Browser, wrong: dict[str, Any]
) -> None:
    key = ClientKey("ES256")
    rp = register(key=key, token_endpoint_auth_method="private_key_jwt", jwks=key.key_set)
    assert _exchanged(rp, browser, rp.assertion(**wrong)) == "invalid_client"
    rp.key = ClientKey("ES256", new=True)
    assert _exchanged(rp, browser, rp.assertion()) == "invalid_client"


@pytest.mark.spec("OpenID Connect Registration 1.0", "5")
def test_every_redirect_uri_must_stand_in_the_sectors_document(
    register: NewClient, client_site: ClientSite, provider: Provider
) -> None:
    asked = {"redirect_uris": [CALLBACK, ELSEWHERE], "subject_type": "pairwise"}
    whole = client_site.publish("/sector/whole", [CALLBACK, ELSEWHERE, "https://third.example/"])
    assert register(**asked, sector_identifier_uri=whole).registered["sector_identifier_uri"] == whole
    part = client_site.publish("/sector/part", [CALLBACK])
    broken = client_site.publish("/sector/broken", "no JSON")
    for uri in (part, broken, f"{client_site.url}/sector/nowhere"):
        assert refusal(provider, **asked, sector_identifier_uri=uri) == "invalid_client_metadata"
    assert refusal(provider, **asked) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Core 1.0", "8.1")
def test_a_pairwise_sub_is_the_same_within_a_sector_and_another_outside(
    register: NewClient, client_site: ClientSite, browser: Browser
) -> None:
    sector = client_site.publish("/sector/pairwise", [CALLBACK, ELSEWHERE])
    within = [register(subject_type="pairwise", redirect_uris=[uri], sector_identifier_uri=sector)
              for uri in (CALLBACK, ELSEWHERE)]  # fmt: skip
    outside = register(subject_type="pairwise", redirect_uris=["https://third.example/callback"])
    public = register()
    signed_in = [rp.sign_in(browser, scope="openid offline_access") for rp in (*within, outside, public)]
    subs = [one.claims["sub"] for one in signed_in]
    assert subs[0] == subs[1]
    assert len(set(subs)) == 3
    for rp, one in zip((*within, outside, public), signed_in, strict=True):
        assert rp.userinfo(one)["sub"] == one.claims["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "10.1.1")
def test_our_keys_rotate_and_tokens_of_either_verify(
    register: NewClient, browser: Browser, provider: Provider, house: House
) -> None:
    rp = register()
    before, old = rp.sign_in(browser), set(provider.keys())
    house.command("rotate_signing_keys", "--now")
    # Another process signs by the new key; this one meets a kid that it does not know, and reads the ring anew.
    elsewhere = house.old_id_token(before.claims)
    assert rp.sign_in(browser, prompt="none", id_token_hint=elsewhere).claims["sub"]
    assert set(provider.keys()) > old
    after = rp.sign_in(browser)
    assert jwt.get_unverified_header(after.id_token)["kid"] not in old
    for token in (before.id_token, after.id_token):
        assert provider.verified(token, audience=rp.client_id)["sub"] == before.claims["sub"]
    assert rp.sign_in(browser, prompt="none", id_token_hint=before.id_token).claims["sub"]


@pytest.mark.spec("RFC 7591", "3")
def test_where_leave_is_needed_an_initial_access_token_gives_it(house: House) -> None:
    with live_site(own_issuer=True, **ENVIRONMENT | {"DCR": "token"}) as closed:
        provider = Provider(closed.url)
        url, body = provider.endpoint("registration"), {"redirect_uris": [CALLBACK]}
        token = house.initial_access_token()
        answers = [
            provider.send_json("POST", url, body, **headers).status_code
            for headers in (
                {}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Bearer {token}"},
                {"Authorization": f"Bearer {token}"},
            )
        ]  # fmt: skip
        provider.http.close()
    assert answers == [401, 401, 201, 401]


def _ends_on_our_page(rp: RelyingParty, browser: Browser, **changed: str | None) -> None:
    page = browser.go(rp.url(rp.request(**changed)))
    assert isinstance(page, Page), page
    assert page.status == 400


def _keys(client_site: ClientSite, key: ClientKey, place: str) -> Mapping[str, Any]:
    if place == "jwks":
        return {"jwks": key.key_set}
    return {"jwks_uri": client_site.publish(f"/keys/{key.kid}", key.key_set)}


def _exchanged(rp: RelyingParty, browser: Browser, assertion: str) -> str:
    """Exchange a new code by an assertion, and return the error that this comes to, if any."""
    form = {"grant_type": "authorization_code", "code": rp.code(browser), "redirect_uri": rp.redirect_uri}
    form |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
    answer = rp.provider.post(rp.provider.endpoint("token"), form)
    assert answer.status_code == (401 if "error" in answer.json() else 200)
    return str(answer.json().get("error", ""))
