"""OpenID Connect Core 1.0: authentication requests (section 3.1.2) and what they demand of pages and answers."""

import time
from urllib.parse import urlsplit

import pytest

from tests.clients import Application, answer_of, make_client
from tests.people import PASSWORD
from tests.relying_party import verified

pytestmark = pytest.mark.django_db


def prove_again(application, answer):
    """Type the password again on the page that an answer leads to, and follow back to the authorization endpoint."""
    assert answer.status_code == 303
    assert urlsplit(answer["Location"]).path == "/accounts/reauthenticate/"
    time.sleep(1.1)  # auth_time counts whole seconds
    proved = application.browser.post(answer["Location"], {"password": PASSWORD})
    assert proved.status_code == 302
    return application.browser.get(proved["Location"])


def auth_time(application, code):
    return verified(application.exchange(code).json()["id_token"], audience="app")["auth_time"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("display", ["page", "popup", "touch", "wap"])
def test_every_display_shows_the_page(application, display):
    assert application.authorize(display=display).status_code == 200


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize(
    "hint",
    [
        {"ui_locales": "se"},
        {"ui_locales": "fr-CA fr en"},
        {"claims_locales": "se"},
        {"login_hint": "somebody@example.com"},
        {"acr_values": "1 2"},
        {"acr_values": "aal1"},
        {"id_token_hint": "nonsense"},
    ],
    ids=lambda hint: next(iter(hint)),
)
def test_a_hint_never_causes_an_error(app, application, hint):
    assert application.authorize(**hint).status_code == 200
    assert Application(app).authorize(**hint).status_code == 303


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_the_login_hint_is_filled_in(app):
    application = Application(app)
    page = application.browser.get(application.authorize(login_hint="bob@example.com")["Location"])
    assert b'value="bob@example.com"' in page.content


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_the_page_speaks_the_first_of_ui_locales_that_we_have(app, application):
    asked = {"ui_locales": "fr ko en"}
    assert 'lang="ko"' in application.authorize(**asked).content.decode()
    signed_out = Application(app)
    page = signed_out.browser.get(signed_out.authorize(**asked)["Location"])
    assert 'lang="ko"' in page.content.decode()


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_nonce_is_not_demanded_and_comes_back_as_it_was(application):
    without = application.tokens(nonce=None)["id_token"]
    assert "nonce" not in verified(without, audience="app")
    nonce = "N" * 64 + "+/=&%20 é"
    assert verified(application.tokens(nonce=nonce)["id_token"], audience="app")["nonce"] == nonce


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_nonce_that_is_too_long_is_refused_and_not_cut(application):
    assert answer_of(application.authorize(nonce="n" * 384))["error"] == "invalid_request"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_login_asks_again_and_auth_time_moves_on(application):
    first = auth_time(application, application.code())
    answer = prove_again(application, application.authorize(prompt="login"))
    assert auth_time(application, answer_of(answer)["code"]) > first


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_login_asks_at_every_request(application):
    application.code()
    answer_of(prove_again(application, application.authorize(prompt="login")))
    assert urlsplit(application.authorize(prompt="login")["Location"]).path == "/accounts/reauthenticate/"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_login_cannot_be_left_out_on_the_way(application):
    application.code()
    for _ in range(3):  # coming back without the proof asks again
        assert application.authorize(prompt="login").status_code == 303
    assert application.decide(prompt="login").status_code == 303
    assert "code=" not in application.decide(prompt="login")["Location"]


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_sign_in_that_the_request_caused_satisfies_prompt_login(person, app):
    application = Application(app)
    assert application.authorize(prompt="login").status_code == 303
    application.sign_in()
    assert application.authorize(prompt="login").status_code == 200  # the consent page


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_none_signed_out_is_login_required(app):
    assert answer_of(Application(app).authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_none_without_consent_is_consent_required(application):
    assert answer_of(application.authorize(prompt="none"))["error"] == "consent_required"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_none_signed_in_and_consented_succeeds_with_the_same_sub_and_auth_time(application):
    before = verified(application.tokens()["id_token"], audience="app")
    answer = answer_of(application.authorize(prompt="none"))
    after = verified(application.exchange(answer["code"]).json()["id_token"], audience="app")
    assert (before["sub"], before["auth_time"], before["sid"]) == (after["sub"], after["auth_time"], after["sid"])


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("prompt", ["none login", "consent none", "none none2"])
def test_prompt_none_stands_alone(application, prompt):
    assert answer_of(application.authorize(prompt=prompt))["error"] == "invalid_request"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_prompt_consent_shows_the_page_again(application):
    application.tokens()
    assert application.authorize().status_code == 303
    assert application.authorize(prompt="consent").status_code == 200


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_max_age_asks_again_when_the_sign_in_is_older(application):
    first = auth_time(application, application.code(max_age="10000"))
    time.sleep(1.2)
    assert answer_of(application.authorize(max_age="1", prompt="none"))["error"] == "login_required"
    answer = prove_again(application, application.authorize(max_age="1"))
    assert auth_time(application, answer_of(answer)["code"]) > first


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_max_age_does_not_ask_when_the_sign_in_is_younger(application):
    before = auth_time(application, application.code())
    assert auth_time(application, answer_of(application.authorize(max_age="10000"))["code"]) == before


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_max_age_zero_asks_like_prompt_login(application):
    first = auth_time(application, application.code())
    answer = prove_again(application, application.authorize(max_age="0"))
    assert auth_time(application, answer_of(answer)["code"]) > first


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("max_age", ["-1", "soon", "1.5", "1e3", "٣", "9" * 12, "0" * 12 + "9" * 3000])
def test_max_age_is_a_number_of_seconds(application, max_age):
    assert answer_of(application.authorize(max_age=max_age))["error"] == "invalid_request"


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_id_token_hint_of_the_same_person_works_with_prompt_none(application):
    hint = application.tokens()["id_token"]
    assert "code" in answer_of(application.authorize(prompt="none", id_token_hint=hint))


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.2")
@pytest.mark.parametrize("prompt", ["none", None, "consent"])
def test_id_token_hint_of_another_person_is_never_answered_with_a_token(application, make_person, prompt):
    make_person("bob")
    of_bob = Application(application.client)
    of_bob.sign_in("bob")
    hint = of_bob.tokens()["id_token"]
    application.tokens()
    answer = answer_of(application.authorize(prompt=prompt, id_token_hint=hint))
    assert answer["error"] == "login_required"
    assert "code" not in answer


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.6")
def test_request_objects_that_a_client_is_not_registered_for_are_refused_and_never_ignored(application):
    unsigned = "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9."
    assert answer_of(application.authorize(request=unsigned))["error"] == "request_not_supported"
    by_reference = application.authorize(request_uri="https://evil.example/request")
    assert answer_of(by_reference)["error"] == "request_uri_not_supported"
    assert by_reference["Location"].startswith("https://app.example/callback?")


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
@pytest.mark.parametrize("mode", ["fragment", "web_message", "fragment.jwt", "web_message.jwt"])
def test_a_response_mode_that_is_not_supported_is_refused(application, mode):
    assert answer_of(application.authorize(response_mode=mode))["error"] == "invalid_request"
    assert application.authorize(response_mode="query").status_code == 200


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_without_the_scope_openid_it_is_plain_oauth(application):
    assert "id_token" not in application.tokens(scope="profile")


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.4")
def test_nothing_is_released_before_the_person_consents(application):
    page = application.authorize(scope="openid email")
    assert (page.status_code, "Location" in page) == (200, False)
    assert "The App" in page.content.decode()


@pytest.mark.spec("OpenID Connect Core 1.0", "11")
def test_offline_access_is_named_on_the_consent_page(application):
    words = "also while you are not signed in"
    assert words in application.authorize(scope="openid offline_access").content.decode()
    assert words not in application.authorize(scope="openid").content.decode()


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_client_of_ours_may_go_without_the_consent_page(person):
    application = Application(make_client(skip_authorization=True))
    application.sign_in()
    assert "code" in answer_of(application.authorize())
    assert application.authorize(prompt="consent").status_code == 200
