"""The site hashes by argon2id at OWASP's cost; the other tests hash more quickly: tests/settings.py."""

from typing import Any

import pytest

from accounts.models import User
from accounts.passwords import BoundedArgon2PasswordHasher
from authproject import settings as settings_of_the_site
from tests.password_hasher import QuickPasswordHasher
from tests.people import PASSWORD

REAL = "argon2$argon2id$v=19$m=19456,t=2,p=1$"


def test_the_site_hashes_at_the_cost_that_owasp_names() -> None:
    assert settings_of_the_site.PASSWORD_HASHERS[0] == "accounts.passwords.BoundedArgon2PasswordHasher"
    hasher = BoundedArgon2PasswordHasher()
    encoded = hasher.encode(PASSWORD, hasher.salt())
    assert encoded.startswith(REAL)
    assert hasher.verify(PASSWORD, encoded)
    assert not hasher.verify(PASSWORD.upper(), encoded)


@pytest.mark.django_db
def test_a_hash_that_was_cheaper_is_made_anew_at_the_next_sign_in(person: User, settings: Any) -> None:
    assert person.password.startswith("argon2$argon2id$v=19$m=8,t=1,p=1$")
    settings.PASSWORD_HASHERS = settings_of_the_site.PASSWORD_HASHERS
    assert not person.check_password(PASSWORD.upper())
    assert not person.password.startswith(REAL)
    assert person.check_password(PASSWORD)
    assert person.password.startswith(REAL)


def test_the_tests_hash_as_the_site_does_in_all_but_the_cost() -> None:
    changed = {name for name in vars(QuickPasswordHasher) if not name.startswith("__")}
    assert changed == {"time_cost", "memory_cost"}
