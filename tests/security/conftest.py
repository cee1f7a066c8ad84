"""Whom the attacks on the authorization server meet, and when."""

import time

import pytest

from tests.clients import app as app
from tests.clients import spa as spa
from tests.conformance.conftest import application as application
from tests.conformance.conftest import public_application as public_application
from tests.published_client import agent as agent
from tests.published_client import agents as agents


@pytest.fixture
def early_in_the_minute() -> None:
    """Addresses are counted by the minute: what needs one whole begins early in it."""
    left = 60 - time.time() % 60
    if left < 10:
        time.sleep(left)
