"""The settings of the tests and of the servers that they start: the site's own, but that a password is quickly hashed.

Thousands of tests sign in, and a hash is dear on purpose. Those that measure have the site's own: `slow` in conftest.py.
"""

from authproject.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.password_hasher.QuickPasswordHasher", *PASSWORD_HASHERS[1:]]  # noqa: F405
