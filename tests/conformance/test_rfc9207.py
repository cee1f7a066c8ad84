"""RFC 9207: who answers stands in every authorization response."""

import pytest
from django.test import Client as Browser

from tests.clients import Application, answer_of, make_client

pytestmark = pytest.mark.django_db

ISSUER = "http://testserver"


@pytest.mark.spec("RFC 9207", "2")
def test_a_code_comes_with_the_issuer(application):
    assert answer_of(application.decide())["iss"] == ISSUER


@pytest.mark.spec("RFC 9207", "2")
@pytest.mark.parametrize(
    "changed",
    [
        {"response_type": None},
        {"response_type": "token"},
        {"scope": "admin"},
        {"code_challenge": None},
        {"prompt": "none"},
        {"prompt": "none login"},
        {"max_age": "soon"},
        {"request": "e30.e30."},
        {"request_uri": "https://app.example/request"},
        {"response_mode": "fragment"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_error_comes_with_the_issuer_and_the_state(application, changed):
    answer = answer_of(application.authorize(**changed))
    assert "error" in answer
    assert (answer["iss"], answer["state"]) == (ISSUER, "the state")


@pytest.mark.spec("RFC 9207", "2")
def test_a_refusal_comes_with_the_issuer(application):
    answer = answer_of(application.decide("deny"))
    assert (answer["error"], answer["iss"]) == ("access_denied", ISSUER)


@pytest.mark.spec("RFC 9207", "2")
def test_a_registered_query_cannot_stand_in_for_the_issuer(person):
    application = Application(make_client(redirect_uris="https://app.example/callback?iss=https://evil.example"))
    application.sign_in()
    location = application.decide()["Location"]
    assert location.endswith("iss=http%3A%2F%2Ftestserver")


@pytest.mark.spec("RFC 9207", "3")
def test_the_metadata_promises_it():
    for name in ("oauth-authorization-server", "openid-configuration"):
        said = Browser().get(f"/.well-known/{name}").json()
        assert said["authorization_response_iss_parameter_supported"] is True
        assert said["issuer"] == ISSUER
