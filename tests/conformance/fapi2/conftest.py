"""A client of the profile, and a browser in which its person is signed in."""

import pytest

from tests.fapi2 import FapiApplication, make_fapi_client


@pytest.fixture
def bank(person):
    """The program of a client of the profile; Alice is signed in."""
    application = FapiApplication(make_fapi_client())
    application.sign_in()
    return application
