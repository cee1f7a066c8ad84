"""RFC 9700, best current practice: the table of threats, each shown by what is sent and what comes back."""

import pytest
from django.test import Client as Browser

from tests.clients import Application, answer_of, make_client, post_form
from tests.relying_party import userinfo

pytestmark = pytest.mark.django_db


@pytest.mark.spec("RFC 9700", "2.1")
def test_redirect_uris_are_compared_character_by_character(application):
    for altered in (
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://APP.example/callback",
    ):
        answer = application.authorize(redirect_uri=altered)
        assert (answer.status_code, "Location" in answer) == (400, False)


@pytest.mark.spec("RFC 9700", "2.1.1")
def test_every_kind_of_client_sends_a_challenge(application, public_application):
    for program in (application, public_application):
        answer = program.authorize(code_challenge=None, code_challenge_method=None)
        assert answer_of(answer)["error"] == "invalid_request"


@pytest.mark.spec("RFC 9700", "2.1.2")
@pytest.mark.parametrize("response_type", ["token", "id_token token", "code token"])
def test_no_access_token_is_issued_in_a_redirect(application, response_type):
    location = application.authorize(response_type=response_type)["Location"]
    assert "access_token" not in location
    assert "error=unsupported_response_type" in location


@pytest.mark.spec("RFC 9700", "2.4")
def test_there_is_no_password_grant(application, person):
    answer = application.token(grant_type="password", username="alice", password="correct horse battery staple")
    assert answer.json()["error"] == "unsupported_grant_type"


@pytest.mark.spec("RFC 9700", "4.2.4")
def test_pages_on_the_way_leak_no_address_and_are_not_stored(application):
    page = application.authorize()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    redirect = application.decide()
    assert (redirect["Cache-Control"], redirect["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.spec("RFC 9700", "4.3.2")
def test_tokens_are_not_taken_from_the_query(application):
    token = application.tokens()["access_token"]
    assert Browser().get(f"/oauth/userinfo?access_token={token}").status_code == 401
    assert Browser().get(f"/api/user_info/?access_token={token}").status_code == 401


@pytest.mark.spec("RFC 9700", "4.4.2.1")
def test_every_answer_names_the_issuer_that_the_metadata_names(application):
    issuer = Browser().get("/.well-known/oauth-authorization-server").json()["issuer"]
    assert answer_of(application.authorize(scope="unknown"))["iss"] == issuer
    assert answer_of(application.decide())["iss"] == issuer


@pytest.mark.spec("RFC 9700", "4.5.3")
def test_an_injected_code_fails_for_want_of_the_verifier(application):
    code = application.code()
    attacker = Application(application.client)  # the same client, another flow
    assert attacker.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.spec("RFC 9700", "4.7.1")
@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"referer": "https://evil.example/"}])
def test_consent_cannot_be_given_by_another_sites_form(application, headers):
    browser = Browser(enforce_csrf_checks=True)
    browser.cookies = application.browser.cookies
    application.browser = browser
    path = application.authorize().wsgi_request.get_full_path()
    answer = browser.post(path, {"decision": "allow"}, headers=headers)
    assert answer.status_code == 403
    assert "Location" not in answer


@pytest.mark.spec("RFC 9700", "4.8.2")
def test_a_verifier_for_a_code_without_a_challenge_is_refused(person):
    application = Application(make_client(pkce="optional"))
    application.sign_in()
    code = application.code(code_challenge=None, code_challenge_method=None)
    assert application.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.spec("RFC 9700", "4.10.1")
def test_the_person_is_sent_on_only_after_the_address_was_checked(app):
    """An open redirector: neither before sign-in nor by prompt=none is an unchecked address gone to."""
    application = Application(app)
    for changed in ({}, {"prompt": "none"}, {"scope": "unknown"}, {"response_type": "token"}):
        answer = application.authorize(redirect_uri="https://evil.example/", **changed)
        assert (answer.status_code, "Location" in answer) == (400, False)


@pytest.mark.spec("RFC 9700", "4.12")
def test_redirects_after_a_post_are_never_307_or_308(application):
    assert application.decide().status_code == 303
    posted = post_form("/oauth/authorize", application.parameters())
    assert posted.status_code == 303
    assert application.browser.post("/accounts/logout/").status_code == 302


@pytest.mark.spec("RFC 9700", "4.14.2")
def test_a_replayed_refresh_token_ends_its_grant_and_its_access_tokens(application):
    tokens = application.tokens()
    second = application.refresh(tokens["refresh_token"]).json()
    third = application.refresh(second["refresh_token"]).json()
    assert userinfo(third["access_token"]).status_code == 200
    assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert application.refresh(third["refresh_token"]).json()["error"] == "invalid_grant"
    assert userinfo(third["access_token"]).status_code == 401


@pytest.mark.spec("RFC 9700", "4.14.2")
def test_an_answer_that_was_lost_may_be_fetched_again(application):
    first = application.tokens()["refresh_token"]
    once, again = application.refresh(first).json(), application.refresh(first).json()
    assert once["refresh_token"] == again["refresh_token"]
    assert application.refresh(again["refresh_token"]).status_code == 200


@pytest.mark.spec("RFC 9700", "4.16.2")
def test_no_page_on_the_way_can_be_framed(application):
    pages = [
        application.authorize(),
        application.authorize(client_id="nobody"),
        application.browser.get("/oauth/end-session"),
    ]
    for page in pages:
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"
