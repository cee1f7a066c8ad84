from tests.lane import ask_both_ways
from tests.lane import way as way


def pytest_generate_tests(metafunc):
    """Ask the endpoints that the lane answers before Django too."""
    ask_both_ways(metafunc, "test_claim_mapping", "test_flow", "test_personal_access_token")
