"""The parties: an application whose person is signed in, by secret or public."""

import pytest

from tests.clients import Application
from tests.clients import app as app
from tests.clients import spa as spa


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
