"""RFC 9101 and OpenID Connect Core section 6: a request in one object, by value and by reference."""

import base64
import hashlib
import json
import time

import pytest

from tests.client_keys import ALGORITHMS, ISSUER, ClientKey, unsigned
from tests.clients import Application, answer_of, make_client
from tests.conformance.plans.client_site import ClientSite
from tests.relying_party import verified
from tests.request_objects import KEY, allow, claims_of, error_of, object_of, send, signing_client

pytestmark = pytest.mark.django_db


def program(person, client=None):
    application = Application(client or signing_client())
    application.sign_in()
    return application


@pytest.fixture
def application(person):
    return program(person)


@pytest.fixture
def site(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with ClientSite() as running:
        yield running


def id_token(application, answer):
    exchanged = application.exchange(answer["code"])
    assert exchanged.status_code == 200, exchanged.content
    return verified(exchanged.json()["id_token"], audience=application.client.client_id)


@pytest.mark.spec("RFC 9101", "5.1")
def test_an_object_alone_is_a_whole_request(application):
    answer = allow(application, request=object_of(application), scope=None, response_type=None)
    assert (answer["state"], answer["iss"]) == ("the state", ISSUER)
    assert id_token(application, answer)["nonce"] == "the nonce"


@pytest.mark.spec("RFC 9101", "6.2")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("registered", ["", "the same"])
def test_it_is_signed_by_any_algorithm_or_by_the_registered_one(person, algorithm, registered):
    key = ClientKey(algorithm, "own")
    alg = algorithm if registered else ""
    application = program(person, signing_client(jwks=key.key_set(), request_object_signing_alg=alg))
    assert "code" in allow(application, request=object_of(application, key=key))


@pytest.mark.spec("OpenID Connect Core", "6.1")
def test_an_unsigned_object_is_taken_from_a_client_that_is_registered_for_such(person):
    application = program(person, make_client(request_object_signing_alg="none"))
    answer = allow(application, request=unsigned(claims_of(application)))
    assert id_token(application, answer)["nonce"] == "the nonce"


@pytest.mark.spec("OpenID Connect Core", "3.1.2.6")
def test_an_unsigned_object_of_another_client_is_not_supported(application):
    assert error_of(application, request=unsigned(claims_of(application))) == "request_not_supported"


@pytest.mark.spec("OpenID Connect Core", "6.1")
def test_numbers_and_the_claims_parameter_need_not_be_text(application):
    asked = {"id_token": {"auth_time": {"essential": True}, "email": None}}
    answer = allow(application, request=object_of(application, max_age=10_000, claims=asked))
    assert id_token(application, answer)["email"] == "alice@example.com"
    assert error_of(application, request=object_of(application, max_age=-1)) == "invalid_request"


@pytest.mark.spec("RFC 9101", "4")
@pytest.mark.parametrize("changed", [{"state": ["s"]}, {"nonce": {}}, {"max_age": 1.5}, {"prompt": True}, {"claims": []},
                                     {"scope": ["openid"]}, {"state": "s" * 5000}])  # fmt: skip
def test_a_parameter_of_another_type_is_refused(application, changed):
    assert error_of(application, request=object_of(application, **changed)) == "invalid_request_object"


@pytest.mark.spec("RFC 9101", "4")
@pytest.mark.parametrize("changed", [{"request": "e30.e30."}, {"request_uri": "https://app.example/object"}])
def test_an_object_has_no_object_in_it(application, changed):
    assert error_of(application, request=object_of(application, **changed)) == "invalid_request_object"


@pytest.mark.spec("RFC 9101", "6.3")
def test_where_both_say_something_the_object_counts(application):
    outside = {"state": "another", "nonce": "another", "redirect_uri": "https://evil.example/", "scope": "openid email"}
    answer = allow(application, request=object_of(application), **outside)
    assert answer["state"] == "the state"
    exchanged = application.exchange(answer["code"]).json()
    assert exchanged["scope"] == "openid profile"


@pytest.mark.spec("RFC 9101", "6.3")
@pytest.mark.parametrize(
    "outside",
    [{"prompt": "login"}, {"max_age": "5"}, {"claims": "{}"}, {"login_hint": "alice"}, {"acr_values": "aal1"},
     {"response_mode": "query"}, {"ui_locales": "ko"}, {"display": "page"}, {"id_token_hint": "x"}]
)  # fmt: skip
def test_what_stands_outside_alone_is_refused(application, outside):
    assert error_of(application, request=object_of(application), **outside) == "invalid_request"


@pytest.mark.spec("RFC 9101", "6.3")
@pytest.mark.parametrize("missing", ["state", "nonce", "code_challenge", "redirect_uri"])
def test_an_object_is_not_completed_from_outside(application, missing):
    outside = {missing: application.parameters()[missing]}
    assert error_of(application, request=object_of(application, **{missing: None}), **outside) == "invalid_request"


def test_a_scope_outside_is_not_granted_where_the_object_asks_for_none(application):
    granted = allow(application, request=object_of(application, scope=None), scope="openid email")
    assert "id_token" not in application.exchange(granted["code"]).json()


@pytest.mark.spec("RFC 6749", "3.1")
def test_unknown_parameters_are_ignored_inside_and_outside(application):
    assert "code" in allow(application, request=object_of(application, unheard_of=["x"], jti="j"), unheard_of="y")


@pytest.mark.spec("OpenID Connect Core", "6.1")
def test_the_response_type_may_stand_outside_alone_and_not_differ(application):
    assert "code" in allow(application, request=object_of(application, response_type=None))
    differs = {"request": object_of(application), "response_type": "id_token"}
    assert error_of(application, **differs) == "invalid_request_object"
    assert error_of(application, request=object_of(application, response_type=None), response_type=None) == (
        "invalid_request"
    )


@pytest.mark.spec("OpenID Connect Core", "6.1")
@pytest.mark.parametrize(
    "changed",
    [{"client_id": "another"}, {"client_id": 7}, {"iss": "another"}, {"sub": "app"}, {"aud": "https://other.example"},
     {"aud": []}, {"aud": [ISSUER, 7]}, {"aud": 7}, {"exp": 1}, {"exp": "soon"}, {"exp": True}, {"exp": 0},
     {"nbf": 10**12}, {"nbf": None, "iat": 10**12}, {"nbf": "x"}, {"iat": 10**400}]
)  # fmt: skip
def test_an_object_of_another_for_another_or_another_time_is_refused(application, changed):
    assert error_of(application, request=object_of(application, **changed)) == "invalid_request_object"


@pytest.mark.spec("RFC 7519", "4.1.4")
def test_clocks_may_differ_a_little(application):
    now = int(time.time())
    assert "code" in allow(application, request=object_of(application, exp=now - 30, nbf=now + 30, iat=now + 30))
    assert error_of(application, request=object_of(application, exp=now - 90)) == "invalid_request_object"


@pytest.mark.spec("OpenID Connect Core", "6.1")
def test_who_it_is_of_and_for_and_when_it_ends_may_be_left_out(application):
    left_out = dict.fromkeys(("iss", "aud", "iat", "exp", "client_id"))
    assert "code" in allow(application, request=object_of(application, **left_out))
    assert "code" in allow(application, request=object_of(application, aud=["https://other.example", ISSUER]))


@pytest.mark.spec("RFC 9101", "10.8")
@pytest.mark.parametrize(("typ", "is_taken"), [
    (None, True), ("JWT", True), ("jwt", True), ("OautH-auThZ-REQ+jWt", True), ("at+jwt", False), ("dpop+jwt", False),
    ("logout+jwt", False), ("client-authentication+jwt", False), ("", True),
])  # fmt: skip
def test_only_kinds_that_a_request_object_may_be_are_taken(application, typ, is_taken):
    value = KEY.sign(claims_of(application), typ=typ)
    if is_taken:
        assert "code" in allow(application, request=value)
    else:
        assert error_of(application, request=value) == "invalid_request_object"


@pytest.mark.spec("RFC 9101", "7")
def test_an_error_comes_with_the_state_that_stood_outside(application):
    answer = send(application, request="nothing", state="outside", redirect_uri=application.redirect_uri)
    assert answer_of(answer) | {"error_description": "", "error_uri": ""} == {
        "error": "invalid_request_object", "state": "outside", "iss": ISSUER, "error_description": "", "error_uri": "",
    }  # fmt: skip


@pytest.mark.spec("OpenID Connect Core", "6.1")
def test_a_long_object_comes_by_a_form(application):
    assert allow(application, request=object_of(application, unheard_of="x" * 9000))["state"] == "the state"
    told = answer_of(send(application, request="x" * 9000, state="outside"))
    assert (told["error"], told["state"]) == ("invalid_request_object", "outside")


@pytest.mark.spec("OpenID Connect Core", "6.2")
@pytest.mark.parametrize("algorithm", ["none", "RS256"])
@pytest.mark.parametrize("fragment", ["", "#" + base64.urlsafe_b64encode(hashlib.sha256(b"?").digest()).decode()[:43]])
def test_an_object_stands_at_a_registered_address(person, site, algorithm, fragment):
    key = ClientKey("RS256", "own")
    uri = f"{site.url}/object{fragment}"
    client = signing_client(jwks=key.key_set(), request_uris=uri, request_object_signing_alg=algorithm)
    application = program(person, client)
    signed = unsigned(claims_of(application)) if algorithm == "none" else object_of(application, key=key)
    site.publish("/object", f"{signed}\n", content_type="application/oauth-authz-req+jwt")
    answer = allow(application, request_uri=uri)
    assert (answer["state"], id_token(application, answer)["nonce"]) == ("the state", "the nonce")
    assert "oauth-authz-req+jwt" in site.received("/object")[0].headers["accept"]


@pytest.mark.spec("OpenID Connect Core", "6.2")
def test_another_fragment_says_that_there_is_another_object(person, site):
    uris = [f"{site.url}/changing#{number}" for number in (1, 2)]
    application = program(person, signing_client(request_uris=" ".join(uris)))
    for number, uri in enumerate(uris):
        site.publish("/changing", object_of(application, state=f"state {number}"), cache_control="max-age=60")
        assert [allow(application, request_uri=uri)["state"] for _ in range(2)] == [f"state {number}"] * 2
    assert len(site.received("/changing")) == 2


@pytest.mark.spec("RFC 9101", "10.4")
def test_an_address_that_is_not_registered_is_never_asked(person, site):
    uri = site.publish("/object", "x")
    application = program(person, signing_client(request_uris=f"{uri}/registered"))
    for other in (uri, f"{uri}/registered?x", f"{uri}/registered#x", f"{uri}/Registered", "urn:x", "x"):
        assert error_of(application, request_uri=other) == "invalid_request_uri"
    none = program(person, signing_client("none", redirect_uris="https://none.example/callback"))
    assert error_of(none, request_uri=uri) == "request_uri_not_supported"
    assert site.received("/object") == []


@pytest.mark.spec("RFC 9101", "7")
@pytest.mark.parametrize(("document", "headers", "error"), [
    (None, {}, "invalid_request_uri"), ("x", {"status": "500 Oh"}, "invalid_request_uri"),
    (b"\xff\xfe", {}, "invalid_request_uri"), ("x" * 17_000, {}, "invalid_request_uri"),
    ("", {}, "invalid_request_object"), ("x", {}, "invalid_request_object"),
    (unsigned({"client_id": "app"}), {}, "invalid_request_object"),
])  # fmt: skip
def test_what_stands_there_must_be_a_request_object(person, site, document, headers, error):
    application = program(person, signing_client(request_uris=f"{site.url}/object"))
    if document is not None:
        site.publish("/object", document, **headers)
    assert error_of(application, request_uri=f"{site.url}/object") == error


@pytest.mark.spec("RFC 9101", "5")
def test_one_request_has_one_object(application):
    both = {"request": object_of(application), "request_uri": "https://app.example/object"}
    assert error_of(application, **both) == "invalid_request"


@pytest.mark.spec("OpenID Connect Discovery", "3")
def test_the_metadata_says_what_is_taken(client):
    said = client.get("/.well-known/openid-configuration").json()
    assert said["request_object_signing_alg_values_supported"] == ["none", *ALGORITHMS]
    for name in ("request_parameter_supported", "request_uri_parameter_supported", "require_request_uri_registration"):
        assert json.dumps(said[name]) == "true", name
