"""Every value that the metadata advertise is exercised; one that no exercise here knows fails.

A new member needs a test marked with @exercises; a new value of a list needs its way in the test of that list.
"""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import jwt
import pytest

from tests.conformance.plans.browser import Browser
from tests.conformance.plans.client_keys import ClientKey
from tests.conformance.plans.client_site import ClientSite
from tests.conformance.plans.conftest import NewBrowser, NewClient
from tests.conformance.plans.house import ALL_SCOPES, House
from tests.conformance.plans.pages import Landing, Page
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty
from tests.dpop import ProofKey

pytestmark = pytest.mark.django_db(transaction=True)

Test = TypeVar("Test", bound=Callable[..., None])
EXERCISED: set[str] = set()


def exercises(*members: str) -> Callable[[Test], Test]:
    """Say that a test goes through every value of these members."""

    def keep(test: Test) -> Test:
        EXERCISED.update(members)
        return test

    return keep


@pytest.mark.spec("RFC 8414", "2")
def test_no_member_is_advertised_that_nothing_here_exercises(provider: Provider) -> None:
    advertised = provider.metadata.keys() | provider.server_metadata.keys()
    assert advertised - EXERCISED == set()


@exercises("issuer", "jwks_uri", "service_documentation", "op_policy_uri", "op_tos_uri")
@pytest.mark.spec("RFC 8414", "2")
def test_every_address_that_is_read_answers(provider: Provider) -> None:
    for name in {"jwks_uri", "service_documentation", "op_policy_uri", "op_tos_uri"} & provider.metadata.keys():
        assert provider.get(provider.metadata[name]).status_code == 200, name
    assert provider.get(f"{provider.metadata['issuer']}/").status_code == 200


# What each endpoint says to a request with nothing in it, by GET and by POST: 405 is that it knows the other alone.
ANSWERS: Final[Mapping[str, tuple[int, int]]] = {
    "authorization_endpoint": (400, 303),
    "token_endpoint": (405, 401),
    "pushed_authorization_request_endpoint": (405, 401),
    "device_authorization_endpoint": (405, 401),
    "global_token_revocation_endpoint": (405, 401),
    "introspection_endpoint": (405, 401),
    "revocation_endpoint": (405, 401),
    "registration_endpoint": (405, 400),
    "userinfo_endpoint": (401, 401),
    "end_session_endpoint": (200, 303),
}


@exercises(*ANSWERS)
@pytest.mark.spec("RFC 8414", "2")
def test_every_endpoint_answers_with_a_slash_and_without(provider: Provider) -> None:
    endpoints = {name: url for name, url in provider.metadata.items() if name.endswith("_endpoint")}
    assert endpoints.keys() == ANSWERS.keys()
    for name, url in endpoints.items():
        for address in (url, f"{url}/"):
            statuses = provider.get(address).status_code, provider.post(address, {}).status_code
            assert statuses == ANSWERS[name], address


@exercises("response_types_supported", "response_modes_supported", "authorization_response_iss_parameter_supported")
@pytest.mark.spec("RFC 8414", "2")
def test_every_response_type_comes_in_every_response_mode(
    rp: RelyingParty, browser: Browser, provider: Provider
) -> None:
    ways = {"query": "GET", "form_post": "POST", "jwt": "GET", "query.jwt": "GET", "form_post.jwt": "POST"}
    for response_type in provider.metadata["response_types_supported"]:
        for mode in provider.metadata["response_modes_supported"]:
            request = rp.request(response_type=response_type, response_mode=mode)
            landed = browser.go(rp.url(request))
            assert isinstance(landed, Landing)
            assert landed.method == ways[mode]
            fields = landed.fields
            if mode.endswith("jwt"):
                assert fields.keys() == {"response"}
                fields = provider.verified(fields["response"], audience=rp.client_id, required=("exp",))
            assert {"code": "code" in fields}[response_type]
            if provider.metadata["authorization_response_iss_parameter_supported"]:
                assert fields["iss"] == provider.metadata["issuer"]


@exercises("authorization_signing_alg_values_supported", "introspection_signing_alg_values_supported")
@pytest.mark.spec("JARM", "4")
@pytest.mark.spec("RFC 9701", "7")
def test_every_algorithm_signs_answers_and_introspection(
    static_client: NewClient, browser: Browser, provider: Provider
) -> None:
    for algorithm in provider.metadata["authorization_signing_alg_values_supported"]:
        rp = static_client(authorization_signed_response_alg=algorithm)
        landed = browser.go(rp.url(rp.request(response_mode="jwt")))
        assert isinstance(landed, Landing)
        assert jwt.get_unverified_header(landed.fields["response"])["alg"] == algorithm
    for algorithm in provider.metadata["introspection_signing_alg_values_supported"]:
        rp = static_client(introspection_signed_response_alg=algorithm)
        form, headers = rp.credentials()
        asked = form | {"token": rp.sign_in(browser).access_token}
        accept = "application/token-introspection+jwt"
        answer = provider.post(provider.endpoint("introspection"), asked, Accept=accept, **headers)
        said = provider.verified(answer.text, audience=rp.client_id, required=("iat",))
        assert jwt.get_unverified_header(answer.text)["alg"] == algorithm
        assert said["token_introspection"]["active"] is True


@exercises("require_pushed_authorization_requests")
@pytest.mark.spec("RFC 9126", "5")
def test_a_request_may_be_pushed_or_brought(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    assert provider.metadata["require_pushed_authorization_requests"] is False
    request = rp.request()
    pushed = rp.call("pushed_authorization_request", request)
    assert pushed.status_code == 201, pushed.text
    brought = {"client_id": rp.client_id, "request_uri": pushed.json()["request_uri"]}
    assert "code" in rp.answer(browser.go(rp.url(brought)), request)
    assert "code" in rp.ask(browser)


@exercises("dpop_signing_alg_values_supported")
@pytest.mark.spec("RFC 9449", "5.1")
def test_every_algorithm_binds_tokens_to_its_key(static_client: NewClient, provider: Provider) -> None:
    rp = static_client(grant_types=["client_credentials"])
    url = provider.endpoint("token")
    for algorithm in provider.metadata["dpop_signing_alg_values_supported"]:
        form, headers = rp.credentials()
        proof = ProofKey(algorithm).proof("POST", url)
        answer = provider.post(url, form | {"grant_type": "client_credentials"}, DPoP=proof, **headers)
        assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP"), algorithm


@exercises("global_token_revocation_endpoint_auth_methods_supported")
@pytest.mark.spec("Global Token Revocation", "3")
def test_every_way_to_authenticate_ends_what_a_person_has(
    static_client: NewClient, house: House, provider: Provider
) -> None:
    for method in provider.metadata["global_token_revocation_endpoint_auth_methods_supported"]:
        key = ClientKey("ES256") if method == "private_key_jwt" else None
        named = {"token_endpoint_auth_method": method, **({"jwks": key.key_set} if key else {})}
        rp = static_client(grant_types=["client_credentials"], x_global_token_revocation=True, **named)
        rp.method, rp.key = method, key
        headers = {"Authorization": f"Bearer {rp.assertion()}"} if key else rp.credentials()[1]
        url, nobody = provider.endpoint("global_token_revocation"), {"format": "opaque", "id": str(uuid.uuid4())}
        answer = provider.send_json("POST", url, {"sub_id": nobody}, **headers)
        assert answer.status_code == 404, (method, answer.text)


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode 1.0", "2")
def test_a_form_posted_answer_is_a_page_that_sends_itself_and_is_kept_nowhere(
    rp: RelyingParty, browser: Browser
) -> None:
    landed = browser.go(rp.url(rp.request(response_mode="form_post")))
    assert isinstance(landed, Landing)
    assert landed.page
    assert "no-store" in landed.page.headers["Cache-Control"]
    assert [browser.session.get(script, timeout=30).status_code for script in landed.page.scripts] == [200]
    assert set(landed.fields) == {"code", "state", "iss"}


# Grant types for which it takes more than a client and a browser, each with the exercises of its own.
OF_MACHINES: Final[Mapping[str, str]] = {
    "urn:ietf:params:oauth:grant-type:device_code": "test_rfc8628_token.py",
    "urn:ietf:params:oauth:grant-type:token-exchange": "test_rfc8693.py",
    "urn:ietf:params:oauth:grant-type:jwt-bearer": "test_rfc7523_jwt_bearer.py",
}


@exercises("grant_types_supported")
@pytest.mark.spec("RFC 8414", "2")
def test_every_grant_type_gives_a_token(static_client: NewClient, browser: Browser, provider: Provider) -> None:
    granted = [name for name in provider.metadata["grant_types_supported"] if name not in OF_MACHINES]
    assert set(provider.metadata["grant_types_supported"]) == {*granted, *OF_MACHINES}
    assert all((Path(__file__).parents[1] / name).exists() for name in OF_MACHINES.values())
    rp = static_client(grant_types=granted)
    signed_in = rp.sign_in(browser, scope="openid offline_access")
    ways: dict[str, Callable[[], Any]] = {
        "authorization_code": lambda: rp.exchange(rp.code(browser)),
        "refresh_token": lambda: rp.refresh(signed_in.tokens["refresh_token"]),
        "client_credentials": lambda: rp.token(grant_type="client_credentials"),
    }
    for grant_type in granted:
        answer = ways[grant_type]()
        assert answer.status_code == 200, grant_type
        assert answer.json()["access_token"]


@exercises(
    *(f"{endpoint}_endpoint_auth_methods_supported" for endpoint in ("token", "introspection", "revocation")),
    *(
        f"{endpoint}_endpoint_auth_signing_alg_values_supported"
        for endpoint in ("token", "introspection", "revocation")
    ),
)
@pytest.mark.spec("RFC 8414", "2")
@pytest.mark.parametrize("endpoint", ["token", "introspection", "revocation"])
def test_every_way_to_authenticate_works_at_each_endpoint_with_every_algorithm(
    static_client: NewClient, browser: Browser, provider: Provider, endpoint: str
) -> None:
    algorithms = provider.metadata.get(f"{endpoint}_endpoint_auth_signing_alg_values_supported", [])
    methods = provider.metadata[f"{endpoint}_endpoint_auth_methods_supported"]
    assert ("private_key_jwt" in methods) == bool(algorithms)
    for method in methods:
        for algorithm in algorithms if method == "private_key_jwt" else [""]:
            rp = _authenticating(static_client, method, algorithm)
            answer = _called(rp, browser, endpoint)
            assert answer.status_code == 200, (method, algorithm, answer.text)
            assert endpoint != "introspection" or answer.json()["active"] is True


VERIFIER: Final = "v" * 43


def _challenge() -> dict[str, str]:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {"code_challenge": challenge, "code_challenge_method": "S256"}


def _authenticating(static_client: NewClient, method: str, algorithm: str) -> RelyingParty:
    key = ClientKey(algorithm) if algorithm else None
    keys = {"jwks": key.key_set, "token_endpoint_auth_signing_alg": algorithm} if key else {}
    rp = static_client(token_endpoint_auth_method=method, **keys)
    rp.method, rp.key = method, key
    return rp


def _called(rp: RelyingParty, browser: Browser, endpoint: str) -> Any:
    exchanged = rp.exchange(rp.code(browser, **_challenge()), code_verifier=VERIFIER)
    if endpoint == "token":
        return exchanged
    return rp.call(endpoint, {"token": exchanged.json()["access_token"]})


@exercises("code_challenge_methods_supported")
@pytest.mark.spec("RFC 7636", "4.3")
def test_every_code_challenge_method_binds_the_code(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    challenges = {"S256": _challenge()}
    for method in provider.metadata["code_challenge_methods_supported"]:
        code = rp.code(browser, **challenges[method])
        assert rp.exchange(code, code_verifier="w" * 43).json()["error"] == "invalid_grant"
        assert rp.exchange(code, code_verifier=VERIFIER).status_code == 200


@exercises("scopes_supported")
@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_every_scope_is_granted(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    for scope in provider.metadata["scopes_supported"]:
        asked = "openid" if scope == "openid" else f"openid {scope}"
        assert rp.sign_in(browser, scope=asked).tokens.get("scope", asked).split() == asked.split()


@exercises("claims_supported", "claim_types_supported", "claims_parameter_supported", "claims_locales_supported")
@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_every_claim_is_told_to_who_may_know_it(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    by_scope = rp.sign_in(browser, scope=ALL_SCOPES)
    told = by_scope.claims.keys() | rp.userinfo(by_scope).keys()
    assert set(provider.metadata["claims_supported"]) - told == set()
    assert provider.metadata["claim_types_supported"] == ["normal"]
    if provider.metadata["claims_parameter_supported"]:
        asked = dict.fromkeys(provider.metadata["claims_supported"])
        by_name = rp.sign_in(browser, claims=json.dumps({"userinfo": asked, "id_token": asked}))
        assert set(provider.metadata["claims_supported"]) - by_name.claims.keys() == set()


@exercises("prompt_values_supported")
@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_every_prompt_shows_its_page(
    rp: RelyingParty, browser: Browser, open_browser: NewBrowser, provider: Provider
) -> None:
    rp.sign_in(browser)
    pages = {"login": "prove", "consent": "consent", "select_account": "account"}
    for prompt in provider.metadata["prompt_values_supported"]:
        if prompt == "none":
            assert "code" in rp.ask(browser, prompt=prompt)
        elif prompt == "create":
            page = open_browser().go(rp.url(rp.request(prompt=prompt)))
            assert isinstance(page, Page)
            assert page.form
            assert {"email", "username"} <= set(page.form.asks)
        else:
            assert rp.page(browser, until=pages[prompt], prompt=prompt).status == 200


@exercises("acr_values_supported")
@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
def test_every_acr_can_be_reached(rp: RelyingParty, open_browser: NewBrowser, house: House, provider: Provider) -> None:
    careful = house.person("careful")
    house.give_passkey(careful, site=provider.metadata["issuer"])
    browser = open_browser(careful)
    browser.sign_in_by_passkey()
    for level in provider.metadata["acr_values_supported"]:
        essential = json.dumps({"id_token": {"acr": {"essential": True, "value": level}}})
        assert rp.sign_in(browser, claims=essential).claims["acr"] == level
    with_code = house.person("with-code")
    house.give_second_factor(with_code)
    essential = json.dumps({"id_token": {"acr": {"essential": True, "value": "aal2"}}})
    assert rp.sign_in(open_browser(with_code), claims=essential).claims["acr"] == "aal2"


@exercises("display_values_supported", "ui_locales_supported")
@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_every_display_and_every_language_shows_its_pages(
    rp: RelyingParty, browser: Browser, provider: Provider
) -> None:
    for display in provider.metadata["display_values_supported"]:
        assert rp.page(browser, until="sign in", display=display).status == 200
    for language in provider.metadata["ui_locales_supported"]:
        assert rp.page(browser, until="sign in", ui_locales=language).language == language


@exercises("subject_types_supported")
@pytest.mark.spec("OpenID Connect Core 1.0", "8")
def test_every_subject_type_gives_a_sub(static_client: NewClient, browser: Browser, provider: Provider) -> None:
    subs = {
        kind: static_client(subject_type=kind).sign_in(browser).claims["sub"]
        for kind in provider.metadata["subject_types_supported"]
    }
    assert len(set(subs.values())) == len(subs)
    assert {kind: static_client(subject_type=kind).sign_in(browser).claims["sub"] for kind in subs} == subs


@exercises("id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported")
@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_every_algorithm_signs_id_tokens_and_userinfo(
    static_client: NewClient, browser: Browser, provider: Provider
) -> None:
    for algorithm in provider.metadata["id_token_signing_alg_values_supported"]:
        rp = static_client(id_token_signed_response_alg=algorithm)
        assert jwt.get_unverified_header(rp.sign_in(browser).id_token)["alg"] == algorithm
    for algorithm in provider.metadata["userinfo_signing_alg_values_supported"]:
        rp = static_client(**{} if algorithm == "none" else {"userinfo_signed_response_alg": algorithm})
        assert rp.userinfo(rp.sign_in(browser))["sub"]


@exercises(
    *("request_parameter_supported", "request_uri_parameter_supported", "require_request_uri_registration"),
    *("request_object_signing_alg_values_supported", "require_signed_request_object"),
)
@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_request_objects_are_taken_as_the_metadata_say(
    static_client: NewClient, client_site: ClientSite, browser: Browser, provider: Provider
) -> None:
    said = provider.metadata
    algorithms = said.get("request_object_signing_alg_values_supported", [])
    assert bool(algorithms) == (said["request_parameter_supported"] or said["request_uri_parameter_supported"])
    assert not said.get("require_signed_request_object", False)
    for algorithm in algorithms:
        path = f"/object/{algorithm}"
        rp = _sending_objects(static_client, algorithm, request_uris=[client_site.url + path])
        request = rp.request()
        value = rp.request_object(request, signed=algorithm != "none")
        outside = {name: request[name] for name in ("client_id", "response_type", "scope")}
        ways = {"request": value} if said["request_parameter_supported"] else {}
        if said["request_uri_parameter_supported"]:
            ways["request_uri"] = client_site.publish(path, value)
        for name, carried in ways.items():
            landed = browser.go(rp.url(outside | {name: carried}))
            assert "code" in rp.answer(landed, request), (algorithm, name, landed)


def _sending_objects(static_client: NewClient, algorithm: str, **metadata: Any) -> RelyingParty:
    key = None if algorithm == "none" else ClientKey(algorithm)
    rp = static_client(request_object_signing_alg=algorithm, **metadata, **({"jwks": key.key_set} if key else {}))
    rp.key = key
    return rp


@exercises("backchannel_logout_supported", "backchannel_logout_session_supported")
@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.1")
def test_back_channel_logout_is_done_as_the_metadata_say(
    static_client: NewClient, client_site: ClientSite, browser: Browser, provider: Provider, worker: None
) -> None:
    assert provider.metadata["backchannel_logout_supported"] is True
    rp = static_client(backchannel_logout_uri=client_site.publish("/logout", b""))
    sid = rp.sign_in(browser).claims["sid"]
    browser.sign_out()
    [came] = client_site.wait_for("/logout")
    claims = provider.verified(came.form["logout_token"], audience=rp.client_id)
    assert (claims["sid"] == sid) is provider.metadata["backchannel_logout_session_supported"]
