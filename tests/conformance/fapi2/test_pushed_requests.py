"""FAPI 2.0 security profile: authorization requests come pushed, and a request_uri is used once."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from oauth.models import StoredRequest
from tests.client_keys import ISSUER
from tests.clients import answer_of, post_form
from tests.explained import last_explained
from tests.fapi2 import PAR, FapiApplication, make_fapi_client
from tests.people import PASSWORD
from trust.explain.vocabulary import Found
from trust.lib import clock

pytestmark = pytest.mark.django_db


def is_page(answer):
    return answer.status_code == 400 and "Location" not in answer


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_pushed_request_goes_all_the_way(bank):
    answer = answer_of(bank.allow(bank.pushed()))
    assert (answer["state"], answer["iss"]) == ("the state", ISSUER)
    assert bank.exchange(answer["code"]).status_code == 200


@pytest.mark.spec("RFC 9126", "2.2")
def test_the_answer_names_a_request_uri_that_nobody_guesses_and_its_minute(bank):
    answer = bank.push()
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    said = answer.json()
    assert said.keys() == {"request_uri", "expires_in"}
    assert said["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
    assert len(said["request_uri"].rpartition(":")[2]) >= 43
    assert said["expires_in"] == 60
    assert bank.push().json()["request_uri"] != said["request_uri"]


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_request_that_the_browser_brings_itself_is_refused(bank):
    answer = answer_of(bank.authorize())
    assert (answer["error"], answer["iss"]) == ("invalid_request", ISSUER)
    assert last_explained().finding == Found.NOT_PUSHED


@pytest.mark.spec("RFC 9126", "2.1")
@pytest.mark.parametrize("form", [{}, {"client_id": "bank", "client_secret": "x" * 40}])
def test_who_does_not_prove_who_they_are_pushes_nothing(bank, form):
    answer = bank.push(form=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert not StoredRequest.objects.exists()


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": "https://bank.example/callback?added=1"}, "invalid_request"),
        ({"redirect_uri": "https://bank.example/callback/"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/callback"}, "invalid_request"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"nonce": "n" * 256}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
    ],
)
def test_what_is_wrong_with_a_request_is_told_where_it_is_pushed(bank, changed, error):
    answer = bank.push(**changed)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert not StoredRequest.objects.exists()


@pytest.mark.spec("RFC 9126", "2.1")
def test_a_request_uri_cannot_be_pushed(bank):
    answer = bank.push(request_uri="https://bank.example/object")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    again = bank.push(request_uri=bank.pushed())
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    assert last_explained().finding == Found.REQUEST_URI_PUSHED


@pytest.mark.spec("RFC 9126", "2.3")
@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_other_methods_than_post_are_not_allowed(method):
    answer = getattr(Browser(), method)(PAR)
    assert answer.status_code == 405
    assert answer["Allow"] == "OPTIONS, POST"


@pytest.mark.spec("RFC 9126", "2.3")
@pytest.mark.parametrize("name", ["scope", "redirect_uri", "client_id", "client_assertion", "state"])
def test_a_parameter_that_came_twice_is_refused(bank, name):
    form = bank.assertion() | bank.parameters()
    answer = post_form(PAR, form | {name: [form[name], form[name]]})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_page_on_the_way_can_be_loaded_again(bank):
    request_uri = bank.pushed()
    for _time in range(3):
        assert bank.bring(request_uri).status_code == 200
    assert "code" in answer_of(bank.allow(request_uri))


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_once_it_is_answered_a_request_uri_is_used_up(bank, decision):
    request_uri = bank.pushed()
    assert answer_of(bank.allow(request_uri, decision))
    assert is_page(bank.bring(request_uri))
    assert is_page(bank.browser.post(bank.address(request_uri), {"decision": "allow"}))
    assert last_explained().finding == Found.REQUEST_TOO_OLD


@pytest.mark.spec("RFC 9126", "4")
def test_after_its_minute_a_request_uri_is_of_no_use(bank):
    request_uri = bank.pushed()
    left = StoredRequest.objects.get().expires - clock.now()
    assert timedelta(seconds=50) < left <= timedelta(seconds=61)
    StoredRequest.objects.update(expires=clock.now() - timedelta(seconds=1))
    assert is_page(bank.bring(request_uri))


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_who_takes_longer_than_the_minute_to_sign_in_is_not_late(person):
    bank = FapiApplication(make_fapi_client())
    request_uri = bank.pushed()
    page = bank.bring(request_uri)["Location"]
    left = StoredRequest.objects.get().expires - clock.now()
    assert timedelta(minutes=50) < left <= timedelta(hours=1, seconds=1)
    signed_in = bank.browser.post(page, {"login": "alice", "password": PASSWORD})
    assert signed_in["Location"] == bank.address(request_uri)
    assert "code" in answer_of(bank.allow(request_uri))


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_coming_back_again_and_again_does_not_make_it_live_for_ever(bank):
    request_uri = bank.pushed()
    bank.bring(request_uri)
    StoredRequest.objects.update(expires=clock.now() + timedelta(seconds=5))
    bank.bring(request_uri)
    assert StoredRequest.objects.get().expires < clock.now() + timedelta(seconds=6)


@pytest.mark.spec("RFC 9126", "4")
def test_the_same_parameters_need_not_come_again_and_others_do_not_count(bank):
    request_uri = bank.pushed()
    page = bank.bring(request_uri, state="injected", scope="openid email", redirect_uri="https://evil.example/")
    assert page.status_code == 200
    assert answer_of(bank.allow(request_uri))["state"] == "the state"


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_the_person_can_refuse(bank):
    answer = answer_of(bank.allow(bank.pushed(), "deny"))
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", "the state", ISSUER)


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
@pytest.mark.parametrize("length", [64, 255])
def test_a_nonce_comes_back_exactly(bank, length):
    said = bank.tokens(nonce="n" * length)
    assert bank.claims_of_id_token(said)["nonce"] == "n" * length


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_long_nonce_is_refused_cleanly(bank):
    answer = bank.push(nonce="n" * 384)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
@pytest.mark.parametrize("length", [1, 128, 1000, 4096])
def test_a_long_state_comes_back_exactly(bank, length):
    assert answer_of(bank.allow(bank.pushed(state="s" * length)))["state"] == "s" * length


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_state_beyond_all_measure_is_refused_cleanly(bank):
    answer = bank.push(state="s" * 5000)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_redirects_are_303_and_go_where_the_request_says(bank):
    answer = bank.allow(bank.pushed())
    assert answer.status_code == 303
    assert answer["Location"].startswith("https://bank.example/callback?")
