"""The settings of the tests, with the view that fails."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.authproject.logs.quoting"
