"""OAuth 2.0 Form Post Response Mode: the answer comes to the client by a form that its person's browser sends."""

import pytest
from django.contrib.auth.models import Group

from tests.clients import Application, answer_of, make_client
from tests.form_post import posted
from tests.relying_party import verified

pytestmark = pytest.mark.django_db

BY_FORM = {"response_mode": "form_post"}


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_the_answer_is_posted_to_the_redirect_uri(application):
    application.code()
    page = application.authorize(**BY_FORM)
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    where, fields = posted(page)
    assert where == "https://app.example/callback"
    assert set(fields) == {"code", "state", "iss"}
    tokens = application.exchange(fields["code"]).json()
    assert verified(tokens["id_token"], audience="app")["nonce"] == "the nonce"


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_the_answer_is_posted_after_consent_and_nothing_of_it_is_in_an_address(application):
    assert b'name="decision"' in application.authorize(**BY_FORM).content
    page = application.decide(**BY_FORM)
    assert (page.status_code, "Location" in page) == (200, False)
    assert "code" in posted(page)[1]


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_every_value_is_text_on_the_page(application):
    application.code()
    state = "\"><script>alert(1)</script>&amp; é 한 '{{ 7 }}"
    page = application.authorize(**BY_FORM, state=state)
    assert posted(page)[1]["state"] == state
    assert "<script>alert" not in page.content.decode()


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_a_redirect_uri_with_a_query_stays_as_it_is(person):
    uri = "https://app.example/callback?tenant=1&b=%20"
    application = Application(make_client(redirect_uris=uri, skip_authorization=True))
    application.sign_in()
    assert posted(application.authorize(**BY_FORM))[0] == uri


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "4")
def test_the_page_is_not_kept_and_tells_no_more_than_where_it_comes_from(application):
    application.code()
    page = application.authorize(**BY_FORM)
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "strict-origin"


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_the_form_is_sent_without_a_script_on_the_page_itself(application):
    application.code()
    page = application.authorize(**BY_FORM)
    policy = page["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "form-action 'self' https://app.example https:" in policy
    text = page.content.decode()
    assert "js/form-post.js" in text
    assert "<button" in text
    assert not [part for part in text.split("<script")[1:] if not part.startswith(" src=")]


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"prompt": "none"}, "consent_required"),
        ({"prompt": "none", "max_age": "0"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "unknown"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"claims": "[]"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.example/"}, "request_uri_not_supported"),
    ],
    ids=str,
)
def test_errors_are_posted_too(application, asked, error):
    where, fields = posted(application.authorize(**BY_FORM | asked))
    assert where == "https://app.example/callback"
    assert fields["error"] == error
    assert (fields["state"], fields["iss"], "code" in fields) == ("the state", "http://testserver", False)


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_nobody_signed_in_is_posted_with_prompt_none(app):
    assert posted(Application(app).authorize(**BY_FORM, prompt="none"))[1]["error"] == "login_required"


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_who_denies_posts_access_denied(application):
    assert posted(application.decide("deny", **BY_FORM))[1]["error"] == "access_denied"


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_who_may_not_use_the_client_brings_that_by_a_form(application):
    application.client.groups.add(Group.objects.create(name="few"))
    page = application.authorize(**BY_FORM)
    assert (page.status_code, page["Referrer-Policy"]) == (403, "strict-origin")
    where, fields = posted(page)
    assert (where, fields["error"], fields["state"]) == ("https://app.example/callback", "access_denied", "the state")
    assert b"form-post.js" not in page.content  # they read it first


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_an_error_that_is_for_no_client_to_know_is_a_page(application):
    page = application.authorize(**BY_FORM, redirect_uri="https://evil.example/")
    assert page.status_code == 400
    assert b"https://evil.example" not in page.content


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_a_form_cannot_be_posted_to_a_private_scheme(person):
    native = Application(make_client("native", public=True, redirect_uris="com.example.app:/callback"))
    native.sign_in()
    assert answer_of(native.authorize(**BY_FORM))["error"] == "invalid_request"


@pytest.mark.spec("OAuth 2.0 Form Post Response Mode", "2")
def test_a_program_on_the_device_gets_it_on_its_port(person):
    native = Application(make_client("native", public=True, redirect_uris="http://127.0.0.1/callback"))
    native.sign_in()
    native.redirect_uri = "http://127.0.0.1:4711/callback"
    where, fields = posted(native.decide(**BY_FORM))
    assert where == "http://127.0.0.1:4711/callback"
    assert native.exchange(fields["code"]).status_code == 200


@pytest.mark.spec("OAuth 2.0 Multiple Response Type Encoding Practices", "2.1")
def test_the_query_is_the_default_for_codes(application):
    application.code()
    for asked in ({}, {"response_mode": "query"}, {"response_mode": ""}):
        assert "code" in answer_of(application.authorize(**asked))
