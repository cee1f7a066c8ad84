"""A level that a client wants (acr) stays wanted, whatever the address says afterwards."""

import json

import pytest

from oauth.models import AuthorizationCode
from tests.clients import Application, answer_of
from tests.proofs import PASSWORD_PAGE, STEP_UP, next_code, page_of, prove, set_up_authenticator
from tests.relying_party import verified

pytestmark = pytest.mark.django_db

ESSENTIAL = json.dumps({"id_token": {"acr": {"essential": True, "values": ["aal2"]}}})
VOLUNTARY = {"acr_values": "aal2"}


@pytest.fixture
def totp(application):
    """Alice's app, set up in this very session, which is of one factor; she has allowed the client before."""
    application.code()
    AuthorizationCode.objects.all().delete()
    return set_up_authenticator(application.browser)


@pytest.mark.parametrize("asked", [{"claims": ESSENTIAL}, VOLUNTARY], ids=["essential", "voluntary"])
@pytest.mark.parametrize(
    "edited",
    [
        {"claims": None, "acr_values": None},
        {"claims": None, "acr_values": "aal1"},
        {"claims": None, "acr_values": "aal1 aal2"},
        {"claims": ESSENTIAL.replace("aal2", "aal1"), "acr_values": None},
        {"claims": "{}", "acr_values": None, "nonce": None},
    ],
    ids=["left out", "lower", "lower is enough", "lower and essential", "without nonce"],
)
def test_the_second_factor_is_asked_for_whatever_the_address_says(application, totp, asked, edited):
    assert page_of(application.authorize(**asked)) == STEP_UP
    assert page_of(application.authorize(**edited)) == STEP_UP
    assert not AuthorizationCode.objects.exists()


def test_another_proof_than_the_second_factor_does_not_meet_an_essential_level(application, totp):
    answer = application.authorize(claims=ESSENTIAL)
    application.browser.post(PASSWORD_PAGE, {"password": "correct horse battery staple"})
    assert page_of(application.authorize(claims=ESSENTIAL)) == STEP_UP
    code = answer_of(prove(application, answer, code=next_code(totp)))["code"]
    assert verified(application.exchange(code).json()["id_token"], audience="app")["acr"] == "aal2"


def test_a_new_sign_in_does_not_stand_for_the_level(application, totp):
    """Both were asked for: the second factor is asked for first, and proves both."""
    asked = {"claims": ESSENTIAL, "prompt": "login"}
    answer = application.authorize(**asked)
    assert page_of(answer) == STEP_UP
    code = answer_of(prove(application, answer, code=next_code(totp)))["code"]
    assert verified(application.exchange(code).json()["id_token"], audience="app")["acr"] == "aal2"


def test_prompt_none_does_not_lower_it(application, totp):
    application.authorize(claims=ESSENTIAL)
    answer = answer_of(application.authorize(prompt="none"))
    assert answer["error"] == "interaction_required"


def test_a_person_without_a_second_factor_cannot_pass_for_one_who_has(person, app):
    application = Application(app)
    application.sign_in()
    application.code()
    assert answer_of(application.authorize(claims=ESSENTIAL))["error"] == "unmet_authentication_requirements"
