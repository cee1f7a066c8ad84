"""RFC 7636: proof key for code exchange, S256 alone."""

import base64
import hashlib

import pytest

from tests.clients import Application, answer_of, make_client

pytestmark = pytest.mark.django_db

PLAIN = "a-verifier-that-is-sent-as-it-is-and-long-enough-for-it"


def challenge_of(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def excused(person):
    """An application of a confidential client that may go without PKCE."""
    application = Application(make_client(pkce="optional"))
    application.sign_in()
    return application


@pytest.mark.spec("RFC 7636", "B")
def test_the_example_of_the_specification_is_accepted(application):
    application.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    code = application.code(code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    assert application.exchange(code).status_code == 200


@pytest.mark.spec("RFC 7636", "4.1")
@pytest.mark.parametrize("length", [43, 128])
def test_a_verifier_of_the_shortest_and_of_the_longest_length_is_accepted(application, length):
    application.verifier = ("aZ9-._~" * 20)[:length]
    assert application.tokens()


@pytest.mark.spec("RFC 7636", "4.1")
@pytest.mark.parametrize("verifier", ["a" * 42, "a" * 129, "a" * 42 + " ", "a" * 42 + "+", "ä" * 43])
def test_a_verifier_that_is_malformed_is_refused_though_it_matches(application, verifier):
    application.verifier = verifier
    answer = application.exchange(application.code())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.spec("RFC 7636", "4.2")
@pytest.mark.parametrize("challenge", ["a" * 42, "a" * 44, "a" * 128, "a" * 129, "a" * 42 + "=", "a" * 42 + "+", " "])
def test_a_challenge_that_is_no_s256_is_an_invalid_request(application, challenge):
    assert answer_of(application.authorize(code_challenge=challenge))["error"] == "invalid_request"


@pytest.mark.spec("RFC 7636", "4.4.1")
@pytest.mark.parametrize("challenge", [None, ""])
def test_a_request_without_a_challenge_is_an_invalid_request(application, public_application, challenge):
    for program in (application, public_application):
        answer = answer_of(program.authorize(code_challenge=challenge, code_challenge_method=None))
        assert answer["error"] == "invalid_request"
        assert "code_challenge" in answer["error_description"]


@pytest.mark.spec("RFC 7636", "4.4.1")
@pytest.mark.parametrize("method", [None, "", "plain", "s256", "S512", "none"])
def test_only_the_method_s256_is_supported(application, method):
    answer = answer_of(application.authorize(code_challenge=PLAIN, code_challenge_method=method))
    assert answer["error"] == "invalid_request"


@pytest.mark.spec("RFC 7636", "4.6")
@pytest.mark.parametrize("verifier", [None, "", "another-verifier-that-is-long-enough-to-be-one-of-them"])
def test_a_code_is_not_exchanged_without_its_verifier(application, public_application, verifier):
    for program in (application, public_application):
        code = program.code()
        answer = program.exchange(code, code_verifier=verifier)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
        assert program.exchange(code).status_code == 200  # whoever guessed did not spend it


@pytest.mark.spec("RFC 7636", "4.6")
def test_the_challenge_itself_is_no_verifier(application):
    code = application.code()
    assert application.exchange(code, code_verifier=challenge_of(application.verifier)).status_code == 400


@pytest.mark.spec("RFC 7636", "5")
def test_a_confidential_client_may_be_excused_from_pkce(excused):
    code = excused.code(code_challenge=None, code_challenge_method=None)
    assert excused.exchange(code, code_verifier=None).status_code == 200


@pytest.mark.spec("RFC 7636", "4.6")
def test_an_excused_client_that_sends_a_challenge_is_held_to_it(excused):
    assert excused.exchange(excused.code(), code_verifier=None).json()["error"] == "invalid_grant"
    assert excused.tokens()


@pytest.mark.spec("RFC 7636", "4.4.1")
@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": ""},
        {"code_challenge": None},
        {"code_challenge": "", "code_challenge_method": None},
        {"code_challenge": PLAIN, "code_challenge_method": "plain"},
    ],
)
def test_an_excused_client_does_not_fall_back_by_half_a_challenge(excused, changed):
    assert answer_of(excused.authorize(**changed))["error"] == "invalid_request"
