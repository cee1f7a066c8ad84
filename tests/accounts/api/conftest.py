import pytest

from tests.accounts.api.client import Api


@pytest.fixture
def api():
    return Api()
