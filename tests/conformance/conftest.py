"""The parties: an application whose person is signed in, by secret or public."""

import pytest

from tests.clients import Application
from tests.clients import app as app
from tests.clients import spa as spa
from tests.lane import ask_both_ways
from tests.lane import way as way
from tests.published_client import agent as agent
from tests.published_client import agents as agents


def pytest_generate_tests(metafunc):
    """Ask the machine endpoints before Django too, where the lane answers them."""
    ask_both_ways(
        metafunc,
        *("test_cors", "test_discovery", "test_openid_core_claims", "test_openid_core_tokens", "test_rfc6749_token"),
        *("test_rfc6750", "test_rfc7009", "test_rfc7523", "test_rfc7636", "test_rfc7662", "test_rfc8414"),
        *(
            "test_rfc8628_token",
            "test_rfc9701",
            "test_rfc8707",
            "test_rfc9068",
            "test_rfc9449",
            "test_rfc9396",
            "test_rfc9700",
            "test_rfc9728",
        ),
    )


@pytest.fixture
def application(person, app):
    """A confidential client's program, and a browser in which Alice is signed in."""
    program = Application(app)
    program.sign_in()
    return program


@pytest.fixture
def public_application(person, spa):
    """A public client's program, and a browser in which Alice is signed in."""
    program = Application(spa)
    program.sign_in()
    return program
