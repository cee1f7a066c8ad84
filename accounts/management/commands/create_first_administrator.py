"""`manage.py create_first_administrator`: makes `admin` when there is no administrator yet."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import IntegrityError

from accounts.models import User
from accounts.services import people

_USERNAME: Final = "admin"
_RANDOM_BYTES: Final = 18  # 24 characters of base64url
_BAD_VALUE: Final = 2  # exit status


class Command(BaseCommand):
    """Make the first administrator from ADMIN_EMAIL and ADMIN_PASSWORD, or with a random password printed once."""

    help = "Make the administrator `admin` when there is none (ADMIN_EMAIL, ADMIN_PASSWORD)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the administrator, or do nothing where there is one."""
        if User.objects.active().administrators().exists():
            return
        email = os.environ.get("ADMIN_EMAIL") or "admin@example.com"
        given = os.environ.get("ADMIN_PASSWORD")
        password = given or secrets.token_urlsafe(_RANDOM_BYTES)
        _check(email, password)
        _create(email, password)
        self.stdout.write(f"The first administrator is {_USERNAME}, {email}.")
        if not given:
            self.stdout.write(f"Their password, shown only now: {password}")


def _check(email: str, password: str) -> None:
    """Hold both to the rules that everybody's are held to. Raises CommandError."""
    with _refusal_names("ADMIN_EMAIL"):
        validate_email(email)
    with _refusal_names("ADMIN_PASSWORD"):
        validate_password(password, User(username=_USERNAME, email=email))


@contextmanager
def _refusal_names(variable: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as refused:
        raise CommandError(f"{variable}: {' '.join(refused.messages)}", returncode=_BAD_VALUE) from refused


def _create(email: str, password: str) -> None:
    try:
        people.create_person(
            username=_USERNAME, email=email, password=password, verified=True, staff=True, superuser=True
        )
    except IntegrityError as taken:
        raise CommandError(
            f"There is no administrator, and somebody else is called {_USERNAME} or has the address {email}. "
            "Set ADMIN_EMAIL to another address, or make that person an administrator.",
            returncode=_BAD_VALUE,
        ) from taken
