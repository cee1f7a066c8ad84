import pytest

from tests.accounts.api.client import Api
from tests.lane import ask_both_ways
from tests.lane import way as way


def pytest_generate_tests(metafunc):
    """Ask the endpoints that the lane answers before Django too."""
    ask_both_ways(metafunc, "test_token_refresh", "test_token_verify", "test_token_logout", "test_korean")


@pytest.fixture
def api():
    return Api()
