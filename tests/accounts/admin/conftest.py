from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from tests.people import MakePerson
from tests.staff import sign_in_strongly

EVERYTHING = ("view_user", "add_user", "change_user", "delete_user", "view_session", "change_session")


@pytest.fixture
def root(make_person: MakePerson) -> User:
    """A superuser."""
    return make_person("root", staff=True, superuser=True)


@pytest.fixture
def clerk(make_person: MakePerson) -> User:
    """Staff with every permission on people and sessions, and no superuser."""
    clerk = make_person("clerk", staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=EVERYTHING, content_type__app_label="accounts"))
    return clerk


@pytest.fixture
def browser_of(db: None) -> Callable[[User], Client]:
    """A browser in which the person gave two factors."""

    def signed_in(user: User) -> Client:
        client = Client()
        sign_in_strongly(client, user)
        return client

    return signed_in
