"""An administrator who sees the site as somebody else: how a browser comes there."""

import pytest
from django.test import Client

from accounts.models import Session, User
from tests.people import MakePerson
from tests.staff import sign_in_strongly


@pytest.fixture
def impersonation_on(settings: object) -> None:
    """Let it be allowed on this site."""
    settings.IMPERSONATION = True  # type: ignore[attr-defined]


@pytest.fixture
def root(make_person: MakePerson) -> User:
    """A superuser."""
    return make_person("root", staff=True, superuser=True)


def ask(user: User) -> str:
    """Return the address at which it is asked whether it is meant."""
    return f"/admin/accounts/user/{user.pk}/do/impersonate/"


def impersonating(root: User, person: User, browser: Client | None = None, reason: str = "ticket 7") -> Client:
    """Return a browser in which one sees the site as the other."""
    client = browser or Client()
    sign_in_strongly(client, root)
    answer = client.post(ask(person), {"reason": reason})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/"), answer.content.decode()
    return client


def the_impersonation(person: User) -> Session:
    """Return the session of it."""
    return Session.objects.get(user=person, impersonator__isnull=False)
