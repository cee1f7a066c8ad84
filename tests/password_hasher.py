"""How the tests hash passwords: as the site does, in all but the cost."""

from accounts.passwords import BoundedArgon2PasswordHasher


class QuickPasswordHasher(BoundedArgon2PasswordHasher):
    """Argon2id at the least cost that it knows."""

    time_cost = 1
    memory_cost = 8  # KiB
