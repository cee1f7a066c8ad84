"""The plans `oidcc-basic` and `oidcc-dynamic`: request objects, by value and by reference, signed and unsigned."""

import secrets
from collections.abc import Mapping

import pytest

from tests.conformance.plans.browser import Browser
from tests.conformance.plans.client_keys import ClientKey
from tests.conformance.plans.client_site import ClientSite
from tests.conformance.plans.conftest import NewClient
from tests.conformance.plans.house import CALLBACK
from tests.conformance.plans.pages import Landing, Page
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty, SignIn

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_CALLBACK = "https://client.example/other"


def by_value(rp: RelyingParty, request: Mapping[str, str], *, signed: bool) -> dict[str, str]:
    """Return the parameters that carry a request as one object; those that Core demands stand outside, too."""
    outside = {name: request[name] for name in ("client_id", "response_type", "scope", "redirect_uri")}
    return outside | {"request": rp.request_object(request, signed=signed)}


def by_reference(rp: RelyingParty, request: Mapping[str, str], uri: str) -> dict[str, str]:
    outside = {name: request[name] for name in ("client_id", "response_type", "scope")}
    return outside | {"request_uri": uri}


def signed_in(
    rp: RelyingParty, browser: Browser, sent: Mapping[str, str], request: Mapping[str, str], **exchanging: str
) -> SignIn:
    """Go the whole way with what was sent, for the request that it means."""
    answer = rp.answer(browser.go(rp.url(sent)), request)
    assert "error" not in answer, answer
    tokens = rp.exchange(answer["code"], **exchanging).json()
    return SignIn(answer, tokens, rp.id_token_claims(tokens, nonce=request["nonce"]))


@pytest.mark.spec("OpenID Connect Core 1.0", "6.1")
def test_an_unsigned_object_is_taken_from_who_registered_for_it(static_client: NewClient, browser: Browser) -> None:
    rp = static_client(request_object_signing_alg="none")
    request = rp.request(scope="openid email")
    assert signed_in(rp, browser, by_value(rp, request, signed=False), request).claims["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.6")
def test_an_unsigned_object_of_another_client_is_refused_and_not_ignored(rp: RelyingParty, browser: Browser) -> None:
    request = rp.request()
    sent = by_value(rp, request, signed=False) | {"state": request["state"]}
    answer = browser.go(rp.url(sent))
    assert isinstance(answer, Landing)
    assert answer.fields["error"] in {"request_not_supported", "invalid_request_object"}


@pytest.mark.spec("OpenID Connect Core 1.0", "6.1")
def test_every_announced_algorithm_signs_an_object(
    static_client: NewClient, browser: Browser, provider: Provider
) -> None:
    for algorithm in set(provider.metadata["request_object_signing_alg_values_supported"]) - {"none"}:
        key = ClientKey(algorithm)
        rp = static_client(jwks=key.key_set, request_object_signing_alg=algorithm)
        rp.key = key
        request = rp.request()
        assert signed_in(rp, browser, by_value(rp, request, signed=True), request).claims["sub"], algorithm


@pytest.mark.spec("OpenID Connect Core 1.0", "6.1")
def test_the_redirect_uri_of_the_object_counts_and_never_a_mixture(static_client: NewClient, browser: Browser) -> None:
    rp = static_client(request_object_signing_alg="none", redirect_uris=[CALLBACK, OTHER_CALLBACK])
    inside = rp.request(redirect_uri=OTHER_CALLBACK)
    sent = by_value(rp, inside, signed=False) | {"redirect_uri": CALLBACK}
    signed_in(rp, browser, sent, inside, redirect_uri=OTHER_CALLBACK)
    for uri in ("https://evil.example/callback", CALLBACK + "/more"):
        page = browser.go(
            rp.url(by_value(rp, inside | {"redirect_uri": uri}, signed=False) | {"redirect_uri": CALLBACK})
        )
        assert isinstance(page, Page)
        assert page.status == 400


@pytest.mark.spec("OpenID Connect Core 1.0", "6.3.2")
def test_an_object_that_another_signed_is_refused(static_client: NewClient, browser: Browser) -> None:
    rp = static_client(jwks=ClientKey("ES256").key_set)
    rp.key = ClientKey("ES256", new=True)
    request = rp.request()
    answer = browser.go(rp.url(by_value(rp, request, signed=True)))
    assert isinstance(answer, Landing)
    assert answer.fields["error"] == "invalid_request_object"


@pytest.mark.spec("OpenID Connect Core 1.0", "6.2")
@pytest.mark.parametrize("algorithm", ["none", "RS256"])
def test_an_object_is_fetched_from_a_registered_request_uri(
    register: NewClient, client_site: ClientSite, browser: Browser, algorithm: str
) -> None:
    path = f"/request/{secrets.token_hex(4)}"
    key = ClientKey("RS256")
    keys = {} if algorithm == "none" else {"jwks": key.key_set}
    rp = register(key=key, request_uris=[client_site.url + path], request_object_signing_alg=algorithm, **keys)
    request = rp.request(scope="openid email")
    value = rp.request_object(request, signed=algorithm != "none")
    uri = client_site.publish(path, value, content_type="application/oauth-authz-req+jwt")
    assert signed_in(rp, browser, by_reference(rp, request, uri), request).claims["sub"]
    assert client_site.received(path)[0].method == "GET"


@pytest.mark.spec("OpenID Connect Core 1.0", "6.2")
def test_a_request_uri_that_is_not_registered_is_never_fetched(
    register: NewClient, client_site: ClientSite, browser: Browser, provider: Provider
) -> None:
    assert provider.metadata["require_request_uri_registration"] is True
    registered, other = (f"/request/{secrets.token_hex(4)}" for _ in range(2))
    rp = register(request_uris=[client_site.url + registered], request_object_signing_alg="none")
    request = rp.request()
    uri = client_site.publish(other, rp.request_object(request, signed=False))
    arrived = browser.go(rp.url(by_reference(rp, request, uri)))
    error = arrived.fields["error"] if isinstance(arrived, Landing) else arrived.status
    assert error in {"invalid_request_uri", 400}
    assert client_site.received(other) == []
