"""A world that all tests of a module ask from, committed, since threads look at it too."""

import pytest
from django.core.management import call_command

from oauth.services import clients
from tests.authproject.lane.world import World
from tests.signing_keys import put_back
from trust.revocation.conf import REFRESH_AFTER_SECONDS
from trust.revocation.feed import feed


@pytest.fixture
def _django_db_helper(django_db_setup, django_db_blocker):
    """Instead of pytest-django's, which empties every table after each test: here they share a world for a module."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Alice, her session and her clients, until the module ends."""
    with django_db_blocker.unblock():
        put_back(django_db_setup)
        clients.memory.forget()
        yield World()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def as_in_production(world):
    """Let memory be good for a second, as it is where nobody tests."""
    feed.refresh_after, clients.memory.fresh_for = REFRESH_AFTER_SECONDS, 1.0
