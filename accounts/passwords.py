"""x"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    pass


class LengthValidator:
    def validate(self, password, user=None):
        pass

    def get_help_text(self):
        return ""
