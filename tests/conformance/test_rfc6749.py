"""RFC 6749: the authorization endpoint and its requests (sections 3.1, 3.3, 4.1.1, 4.1.2)."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from tests.clients import Application, answer_of, make_client

pytestmark = pytest.mark.django_db


def is_refused_by_a_page(answer):
    return answer.status_code == 400 and "Location" not in answer and b"<h1>" in answer.content


def sent(application, pairs):
    """Send pairs as they are, so that a name may come twice."""
    return application.browser.get(f"/oauth/authorize?{urlencode(pairs)}")


@pytest.mark.spec("RFC 6749", "3.1")
def test_the_authorization_endpoint_takes_a_post_as_a_get(application):
    form = urlencode(application.parameters())
    posted = application.browser.post("/oauth/authorize", form, content_type="application/x-www-form-urlencoded")
    assert posted.status_code == 303
    assert urlsplit(posted["Location"]).path == "/oauth/authorize"
    assert dict(parse_qsl(urlsplit(posted["Location"]).query)) == application.parameters()
    assert application.browser.get(posted["Location"]).status_code == 200


@pytest.mark.spec("RFC 6749", "3.1")
@pytest.mark.parametrize("name", ["scope", "state", "response_type", "nonce", "code_challenge", "prompt"])
def test_a_parameter_that_comes_twice_is_an_invalid_request(application, name):
    pairs = [*application.parameters(prompt="consent").items(), (name, "again")]
    answer = answer_of(sent(application, pairs))
    assert answer["error"] == "invalid_request"
    assert answer.get("state") == (None if name == "state" else "the state")


@pytest.mark.spec("RFC 6749", "3.1")
@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_client_or_redirect_uri_that_comes_twice_is_told_by_a_page(application, name):
    parameters = application.parameters()
    assert is_refused_by_a_page(sent(application, [*parameters.items(), (name, parameters[name])]))


@pytest.mark.spec("RFC 6749", "3.1")
def test_a_parameter_without_a_value_is_as_if_it_were_not_sent(application):
    empty = dict.fromkeys(
        ["request", "request_uri", "response_mode", "max_age", "prompt", "id_token_hint", "nonce"], ""
    )
    assert application.authorize(**empty).status_code == 200
    assert answer_of(application.authorize(response_type=""))["error"] == "invalid_request"


@pytest.mark.spec("RFC 6749", "3.1")
def test_unknown_parameters_are_ignored(application):
    assert application.authorize(colour="blue", acr="?", audience="elsewhere", display="hologram").status_code == 200


@pytest.mark.spec("RFC 6749", "3.1")
def test_parameters_may_come_in_any_order(application):
    assert sent(application, list(reversed(application.parameters().items()))).status_code == 200


@pytest.mark.spec("RFC 6749", "3.1.1")
def test_a_missing_response_type_is_an_invalid_request(application):
    assert answer_of(application.authorize(response_type=None))["error"] == "invalid_request"


@pytest.mark.spec("RFC 6749", "3.1.1")
@pytest.mark.parametrize(
    "response_type", ["token", "id_token", "id_token token", "code token", "code id_token", "none", "CODE", "code code"]
)
def test_only_the_response_type_code_is_supported(application, response_type):
    answer = application.authorize(response_type=response_type)
    assert answer_of(answer)["error"] == "unsupported_response_type"
    assert "#" not in answer["Location"]


@pytest.mark.spec("RFC 6749", "3.1.2")
def test_the_query_of_a_registered_redirect_uri_is_retained(person):
    application = Application(make_client(redirect_uris="https://app.example/callback?tenant=a%20b&x"))
    application.sign_in()
    location = application.decide()["Location"]
    assert location.startswith("https://app.example/callback?tenant=a%20b&x&code=")


@pytest.mark.spec("RFC 6749", "3.1.2.3")
def test_the_only_registered_redirect_uri_need_not_be_sent(application):
    answer = application.decide(redirect_uri=None)
    assert answer["Location"].startswith("https://app.example/callback?")
    assert application.exchange(answer_of(answer)["code"], redirect_uri=None).status_code == 200


@pytest.mark.spec("RFC 6749", "3.1.2.3")
def test_of_several_registered_redirect_uris_one_must_be_sent(person):
    application = Application(make_client(redirect_uris="https://app.example/a https://app.example/b"))
    application.sign_in()
    assert is_refused_by_a_page(application.authorize(redirect_uri=None))
    assert application.authorize(redirect_uri="https://app.example/b").status_code == 200


@pytest.mark.spec("RFC 6749", "3.1.2.4")
def test_an_unregistered_redirect_uri_is_never_redirected_to(application):
    assert is_refused_by_a_page(application.authorize(redirect_uri="https://evil.example/callback"))
    assert is_refused_by_a_page(application.decide(redirect_uri="https://evil.example/callback"))


@pytest.mark.spec("RFC 6749", "3.3")
def test_a_scope_beyond_the_registered_ones_is_invalid(application):
    assert answer_of(application.authorize(scope="openid admin"))["error"] == "invalid_scope"


@pytest.mark.spec("RFC 6749", "3.3")
@pytest.mark.parametrize("scope", ['openid "', "openid\\", "openid  profile", " openid", "openid\tprofile", "öpenid"])
def test_a_malformed_scope_is_invalid(application, scope):
    assert answer_of(application.authorize(scope=scope))["error"] == "invalid_scope"


@pytest.mark.spec("RFC 6749", "3.3")
def test_the_order_of_scopes_does_not_matter(application):
    assert application.tokens(scope="profile openid")["scope"] == "profile openid"
    assert "id_token" in application.tokens(scope="email profile openid")


@pytest.mark.spec("RFC 6749", "3.3")
def test_without_a_scope_the_clients_default_is_granted(person):
    application = Application(make_client(default_scopes="profile read"))
    application.sign_in()
    assert application.tokens(scope=None)["scope"] == "profile read"


@pytest.mark.spec("RFC 6749", "4.1.1")
@pytest.mark.parametrize("client_id", [None, "", "nobody", "app ", "APP"])
def test_an_unknown_client_is_told_by_a_page(application, client_id):
    assert is_refused_by_a_page(application.authorize(client_id=client_id))


@pytest.mark.spec("RFC 6749", "4.1.2")
@pytest.mark.parametrize("state", ["x", "a b+c&d=e%20/?#", "한국어", '"<script>', "", "s" * 2000])
def test_the_state_is_returned_exactly_as_it_came(application, state):
    query = urlsplit(application.decide(state=state)["Location"]).query
    assert dict(parse_qsl(query, keep_blank_values=True))["state"] == state


@pytest.mark.spec("RFC 6749", "4.1.2")
def test_without_a_state_none_is_returned(application):
    assert "state" not in answer_of(application.decide(state=None))


@pytest.mark.spec("RFC 6749", "4.1.2")
def test_the_answer_has_a_code_that_cannot_be_guessed(application):
    codes = {application.code() for _ in range(5)}
    assert len(codes) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", code) for code in codes)  # 256 random bits


@pytest.mark.spec("RFC 6749", "4.1.2.1")
def test_a_person_who_refuses_is_told_as_access_denied(application):
    answer = answer_of(application.decide("deny"))
    assert answer["error"] == "access_denied"
    assert answer["state"] == "the state"
    assert "code" not in answer


@pytest.mark.spec("RFC 6749", "4.1.2.1")
def test_a_client_that_is_not_registered_for_codes_is_unauthorized(person):
    application = Application(make_client(grant_types="client_credentials"))
    application.sign_in()
    assert answer_of(application.authorize())["error"] == "unauthorized_client"


@pytest.mark.spec("RFC 6749", "4.1.2.1")
def test_errors_are_told_before_anybody_signs_in(app):
    application = Application(app)
    assert answer_of(application.authorize(scope="admin"))["error"] == "invalid_scope"


@pytest.mark.spec("RFC 6749", "3.1")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_the_authorization_endpoint_takes_no_other_method(app, method):
    answer = Browser().generic(method, "/oauth/authorize")
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
